"""Onset figures by person, gait and the camera's manner, where it is known which walk has which.

One sound has the steps of everybody in a walk. An onset that no contact explains is held against whose contact is
nearest in time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from stereosync_scenes.walk import Contact, WalkKinds, WalkTruth
from stereosync_training.evaluate.agreement import TOLERANCES_S, Onsets
from stereosync_training.evaluate.walks import About
from stereosync_training.measures.onsets import FloatArray, OnsetCounts, count_by_character, onset_scores

KINDS = ("person", "gait", "camera")


def kinds_report(
    onsets_s: Onsets, truths: Sequence[WalkTruth], abouts: Sequence[About | None]
) -> dict[str, dict[str, dict[str, Any]]]:
    """By kind and name, such as "gait" and "run": how many near `contacts` there were, and under `rows` the onset F1 of
    each row at both tolerances. Empty where the kinds of some walk are not known."""
    kinds = [about.kinds for about in abouts if about is not None]
    if len(kinds) < len(truths):
        return {}
    contacts = [truth.contacts for truth in truths]
    report: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
    for row, heard in onsets_s.items():
        for key, tolerance_s in TOLERANCES_S.items():
            for (kind, name), counts in _counts(heard, contacts, kinds, tolerance_s).items():
                near = sum(count.hit + count.missed for count in counts)
                entry = report[kind].setdefault(name, {"contacts": near, "rows": {}})
                entry["rows"].setdefault(row, {})[key] = onset_scores(counts)["onset_f1"]
    return {kind: dict(sorted(names.items())) for kind, names in report.items()}


def _counts(
    onsets_s: Sequence[FloatArray],
    contacts: Sequence[tuple[Contact, ...]],
    kinds: Sequence[WalkKinds],
    tolerance_s: float,
) -> dict[tuple[str, str], list[OnsetCounts]]:
    """The counts of everybody in every walk, by kind and name."""
    found: dict[tuple[str, str], list[OnsetCounts]] = defaultdict(list)
    for heard, own, of in zip(onsets_s, contacts, kinds, strict=True):
        for character, count in count_by_character(heard, own, tolerance_s).items():
            found["camera", of.camera].append(count)
            if character in of.people:
                found["person", of.people[character]].append(count)
                found["gait", of.gaits[character]].append(count)
    return found
