"""The parts of a training run, in the order in which they are done."""

STAGES = ("sounds", "codec", "walks", "forecast", "feet", "known", "generator", "checkpoint")
