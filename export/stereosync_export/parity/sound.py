"""Differences of two sounds to an ear, roughly: log-mel spectra, and the level difference between the ears."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from stereosync_model.spectrum import mel_filters

FloatArray = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]

WINDOW_S, BANDS = 0.02, 64
FLOOR_DB, LOUD_DB = -80.0, -50.0  # of full scale: below the floor all is silence; only loud windows have a side


def log_mel_db(sound: Sound, sample_rate_hz: int) -> FloatArray:
    """Log-mel power (F, BANDS) of both channels' mean, dB, never below the floor; windows half overlapped."""
    window = round(WINDOW_S * sample_rate_hz)
    taper = torch.hann_window(window)
    spectra = torch.stft(torch.from_numpy(sound.T.copy()), window, window // 2, window=taper, return_complex=True)
    power = spectra.abs().square().mean(0).T / taper.sum().square() * 4  # (F, bins); a full-scale sine has 1
    mel = power @ mel_filters(power.shape[1], BANDS, sample_rate_hz)
    return np.asarray(10 * np.log10(np.maximum(mel.numpy(), 10 ** (FLOOR_DB / 10))), dtype=np.float64)


def log_mel_distance_db(true: Sound, made: Sound, sample_rate_hz: int) -> float:
    """Mean absolute difference of log-mel power where either is above the floor, dB; 0 where both are silent."""
    one, other = (log_mel_db(sound, sample_rate_hz) for sound in (true, made))
    heard = (one > FLOOR_DB) | (other > FLOOR_DB)
    return float(np.abs(one - other)[heard].mean()) if heard.any() else 0.0


def level_difference_db(true: Sound, made: Sound, sample_rate_hz: int) -> float:
    """Mean absolute change of the level difference between right and left in windows that are loud in both, dB."""
    window = round(0.05 * sample_rate_hz)
    one, other = (_levels_db(sound, window) for sound in (true, made))
    loud = (one.max(1) > LOUD_DB) & (other.max(1) > LOUD_DB)
    change = (one[:, 1] - one[:, 0]) - (other[:, 1] - other[:, 0])
    return float(np.abs(change[loud]).mean()) if loud.any() else 0.0


def _levels_db(sound: Sound, window: int) -> FloatArray:
    """RMS level of each channel (W, 2) in dB."""
    whole = sound[: len(sound) // window * window].reshape(-1, window, 2).astype(np.float64)
    return np.asarray(10 * np.log10(np.maximum(np.square(whole).mean(1), 10 ** (FLOOR_DB / 10))))
