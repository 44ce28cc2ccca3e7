"""Measures: small pure functions of waveforms (n, 2) at 48 kHz and known truth, the same for every row of a report."""

from stereosync_training.measures.bias_skill import bias_skill
from stereosync_training.measures.levels import drift, e_l1, seam_ratio
from stereosync_training.measures.onsets import count_onsets, detect_onsets, match, onset_scores
from stereosync_training.measures.panning import measure_steps, panning_scores, same_on_both_sides

__all__ = [
    "bias_skill", "count_onsets", "detect_onsets", "drift", "e_l1", "match", "measure_steps", "onset_scores",
    "panning_scores", "same_on_both_sides", "seam_ratio",
]  # fmt: skip
