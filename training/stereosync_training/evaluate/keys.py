"""The rows and keys of a report, and why a key may be absent."""

from __future__ import annotations

ROWS = (
    "model", "told", "told_contacts", "told_feet", "truth", "training_recordings", "codec", "mono", "pan_by_box",
    "shuffled",
)  # fmt: skip
KEYS = (
    "onset_f1", "onset_f1_100_ms", "onset_precision", "onset_recall", "av_offset_median_ms", "av_offset_mad_ms", "e_l1",
    "ild_mae_db", "ild_corr", "ild_sign", "distance_slope_db", "band_error_db", "rise_ms", "biasskill", "biasskill_p",
    "av_align", "av_align_chance", "surface_accuracy", "fd", "fd_side", "fd_embedding", "correlated_share", "drift_db",
    "silence_dbfs", "seam_ratio", "rtf",
)  # fmt: skip
UNDEFINED = {
    "onset_f1": "no onset was heard and no contact was near",
    "onset_f1_100_ms": "no onset was heard and no contact was near",
    "onset_precision": "no onset was heard",
    "onset_recall": "no contact was nearer than 8 m",
    "av_offset_median_ms": "no onset matched a contact",
    "av_offset_mad_ms": "no onset matched a contact",
    "ild_mae_db": "no contact nearer than 8 m stood alone",
    "ild_corr": "too few contacts, or the level difference does not vary",
    "ild_sign": "no contact beyond 10 degrees",
    "distance_slope_db": "too few contacts at different distances",
    "band_error_db": "no contact nearer than 8 m had its 105 ms to itself",
    "rise_ms": "no such contact rose out of what sounded before it, here and in the truth",
    "biasskill": "needs two clips and truth that leans to both sides",
    "biasskill_p": "needs two clips and truth that leans to both sides",
    "av_align": "no boxes were given, or no onset was heard",
    "av_align_chance": "no boxes were given, or no onset was heard",
    "surface_accuracy": "no ground classifier was given, or no step stood clear",
    "fd": "no embedding was asked for",
    "fd_side": "no embedding was asked for",
    "fd_embedding": "no embedding was asked for",
    "drift_db": "needs two minutes or more of one stream (--minutes)",
    "silence_dbfs": "somebody walks all the time, or this row was not made of still scenes (--still)",
    "seam_ratio": "silent, or clips shorter than three chunks",
    "rtf": "nothing is computed live for this row",
}
