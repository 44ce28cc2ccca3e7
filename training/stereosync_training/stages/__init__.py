"""Stages of training: a module for each, with the losses that only it has. `STAGES` names all parts of a run.

Importing this package alone imports no torch, so that the command line can offer the names.
"""

STAGES = (
    "sounds",
    "codec",
    "walks",
    "forecast",
    "ahead",
    "feet",
    "known",
    "generator",
    "checkpoint",
)  # in the order done
