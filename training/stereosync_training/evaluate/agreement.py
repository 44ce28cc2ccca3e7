"""Agreement of definitions of a contact: the others against the truth's, and the rows of a report against each.

Who hears one of the other contacts perfectly reaches the figures of `agreement_report` and no more: where a body leaves
open what a contact is, they are the ceiling of what can be asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stereosync_scenes.contact import DEFINITIONS
from stereosync_scenes.walk import Contact, WalkTruth
from stereosync_training.evaluate.walks import About
from stereosync_training.measures.onsets import (
    NEAR_M,
    TOLERANCE_S,
    WIDE_TOLERANCE_S,
    FloatArray,
    count_onsets,
    distance_m,
    onset_scores,
)

TOLERANCES_S = {"onset_f1": TOLERANCE_S, "onset_f1_100_ms": WIDE_TOLERANCE_S}
Onsets = Mapping[str, Sequence[FloatArray]]  # by row, of each clip
Contacts = Sequence[tuple[Contact, ...]]


def agreement_report(
    onsets_s: Onsets, truths: Sequence[WalkTruth], abouts: Sequence[About | None]
) -> dict[str, dict[str, Any]]:
    """By definition: how far its contacts agree with the truth's, and under `rows` the onset F1 of each row as if it
    were the truth. Empty where other contacts of some walk are not known."""
    known = [about.others for about in abouts if about is not None]
    if len(known) < len(truths):
        return {}
    true = [truth.contacts for truth in truths]
    report: dict[str, dict[str, Any]] = {}
    for definition in DEFINITIONS:
        contacts = [one.get(definition, own) for one, own in zip(known, true, strict=True)]
        near_s = [[one.time_s for one in clip if distance_m(one) < NEAR_M] for clip in contacts]
        rows = {row: onset_f1s(heard, contacts) for row, heard in onsets_s.items()}
        report[definition] = {**onset_f1s(near_s, true), "rows": rows}
    return report


def onset_f1s(onsets_s: Sequence[Any], contacts: Contacts) -> dict[str, float]:
    """Onset F1 of onsets (k,) in seconds of each clip, at both tolerances."""
    scores = {}
    for key, tolerance_s in TOLERANCES_S.items():
        counts = [count_onsets(*clip, tolerance_s) for clip in zip(onsets_s, contacts, strict=True)]
        scores[key] = onset_scores(counts)["onset_f1"]
    return scores
