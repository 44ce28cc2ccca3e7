"""Stereo: where a sound is put and where it is measured to be."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stereosync.scene import Float32Array

FULL_PAN_AZIMUTH_RAD = float(np.pi / 3)  # a source at or beyond this azimuth is in one loudspeaker only
FLOOR = 1e-6


def pan_gains(azimuth_rad: npt.ArrayLike) -> Float32Array:
    """Constant-power gains (..., 2) left and right for sources at `azimuth_rad` (...), positive to the right.

    Source: the sine-cosine law, V. Pulkki, "Compensating displacement of amplitude-panned virtual sources",
    AES 22nd conference (2002).
    """
    turn = np.clip(np.asarray(azimuth_rad, dtype=np.float64) / FULL_PAN_AZIMUTH_RAD, -1.0, 1.0)
    angle = (turn + 1.0) * np.pi / 4
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1).astype(np.float32)


def level_db(samples: npt.ArrayLike) -> float:
    """RMS level in dB relative to full scale; -120 for silence."""
    return float(20 * np.log10(np.sqrt(np.mean(np.square(samples, dtype=np.float64)) + FLOOR**2)))


def level_difference_db(stereo: npt.NDArray[np.floating]) -> float:
    """Interaural level difference right minus left in dB of (n, 2) samples; positive: louder on the right."""
    return level_db(stereo[:, 1]) - level_db(stereo[:, 0])


def expected_level_difference_db(azimuth_rad: float) -> float:
    """Level difference right minus left in dB that `pan_gains` gives, bounded to +-40 dB at the full pan."""
    left, right = (max(float(gain), 1e-2) for gain in pan_gains(azimuth_rad))
    return float(20 * np.log10(right / left))
