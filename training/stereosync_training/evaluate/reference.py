"""References for a report's figures: chance levels, and what the judges say of known sounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stereosync.scene import Float32Array
from stereosync_scenes.walk import WalkTruth
from stereosync_training.measures.onsets import TOLERANCE_S, count_onsets, detect_onsets, onset_scores

DEALS = 8
SPOILT_CLIPS = 16
HALVES_NEED = 4  # clips


def onset_chance(true: Sequence[Float32Array], truths: Sequence[WalkTruth], tolerance_s: float = TOLERANCE_S) -> float:
    """Onset F1 of true sounds that were dealt to the wrong walks."""
    onsets = [detect_onsets(sound) for sound in true]
    deals = range(1, min(DEALS, len(truths) - 1) + 1)
    counts = [
        count_onsets(onsets[(index + deal) % len(truths)], truth.contacts, tolerance_s)
        for deal in deals
        for index, truth in enumerate(truths)
    ]
    return onset_scores(counts)["onset_f1"]


def distance_reference(true: Sequence[Float32Array], spoil: bool) -> dict[str, Any]:
    """Frechet distance between halves of the truth, and (`spoil`) of spoilt truth, which must rise in order."""
    from stereosync_training.embeddings.sounds import distance_of_halves, distances_of_spoils, in_order

    reference: dict[str, Any] = {}
    if len(true) >= HALVES_NEED:
        reference["fd_halves"] = distance_of_halves(true)
    if spoil:
        reference["fd_spoilt"] = distances_of_spoils(true[:SPOILT_CLIPS])
        reference["fd_spoilt_in_order"] = in_order(reference["fd_spoilt"])
    return reference
