"""The codec alone: how near its reconstruction comes to what went in, beside what its own noise makes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stereosync.clock import Clock
from stereosync.scene import Float32Array
from stereosync.stereo import level_db, level_difference_db
from stereosync_training.measures.onsets import FloatArray
from stereosync_training.measures.panning import BOUND_DB, correlation

RATE_HZ = Clock().sample_rate_hz
WINDOW_SAMPLES = round(0.08 * RATE_HZ)
LOUD_DBFS = -45.0
CHANNELS = ("left", "right", "mid", "side")


def codec_report(
    true: Sequence[Float32Array], made: Sequence[Float32Array], again: Sequence[Float32Array]
) -> dict[str, Any]:
    """Figures of the codec's sounds `made` (n, 2) against `true`; `again` is another draw of the decoder's noise."""
    by_channel = log_mel_l1(made, true)
    by_noise = log_mel_l1(made, again)
    return {
        "log_mel_l1": float(np.mean([*by_channel.values()])),
        "log_mel_l1_by_channel": by_channel,
        "log_mel_l1_of_two_draws": float(np.mean([*by_noise.values()])),
        **loud_level_differences(made, true),
    }


def log_mel_l1(made: Sequence[Float32Array], true: Sequence[Float32Array]) -> dict[str, float]:
    """Mean absolute difference of natural log-mel amplitudes at four resolutions, by channel."""
    import torch

    from stereosync_training.stages.codec_losses import WINDOWS, MultiResolutionMel, with_mid_side

    spectra = MultiResolutionMel(RATE_HZ)
    errors = []
    with torch.inference_mode():
        for pair in zip(made, true, strict=True):
            one, two = (with_mid_side(torch.from_numpy(np.ascontiguousarray(sound.T))[None]) for sound in pair)
            apart = [(spectra.log_mel(one, window) - spectra.log_mel(two, window)).abs() for window in WINDOWS]
            errors.append(torch.stack([each.mean(dim=(0, 2, 3)) for each in apart]).mean(0).numpy())  # (4,)
    return dict(zip(CHANNELS, np.mean(errors, axis=0).tolist(), strict=True))


def loud_level_differences(made: Sequence[Float32Array], true: Sequence[Float32Array]) -> dict[str, float]:
    """Error and correlation of the level difference in 80 ms windows in which the true sound is above -45 dBFS."""
    pairs = np.concatenate([_differences(*sounds) for sounds in zip(made, true, strict=True)])
    if not len(pairs):
        return {"loud_windows": 0}
    heard_db, wanted_db = pairs.T
    figures = {
        "loud_windows": len(pairs),
        "ild_mae_db": float(np.abs(heard_db - wanted_db).mean()),
        "ild_corr": correlation(heard_db, wanted_db),
    }
    return {key: value for key, value in figures.items() if not math.isnan(value)}


def _differences(made: Float32Array, true: Float32Array) -> FloatArray:
    """Level difference of both sounds (k, 2) in dB in each loud window."""
    starts = range(0, len(true) - WINDOW_SAMPLES + 1, WINDOW_SAMPLES)
    windows = [(made[start : start + WINDOW_SAMPLES], true[start : start + WINDOW_SAMPLES]) for start in starts]
    differences = [
        (level_difference_db(heard), level_difference_db(wanted))
        for heard, wanted in windows
        if level_db(wanted) > LOUD_DBFS
    ]
    return np.clip(np.array(differences, dtype=np.float64).reshape(-1, 2), -BOUND_DB, BOUND_DB)


def codec_distances(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """The codec's own distances to the truth, as they stand in the table."""
    return {key: rows["codec"][key] for key in ("fd", "fd_side") if key in rows.get("codec", {})}
