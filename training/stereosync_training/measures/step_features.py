"""Features of one step, whatever its loudness and side: its spectrum over time, and YAMNet's embedding."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from stereosync.scene import Float32Array
from stereosync_training.embeddings.yamnet import Yamnet, log_mel, patches, to_rate
from stereosync_training.measures.onsets import SAMPLE_RATE_HZ, FloatArray, OnsetOptions, log_mel_db

LEAD_S = 0.01
AFTER_S = 0.35
SECTIONS_S = (0.0, 0.02, 0.05, 0.1, 0.2, AFTER_S)  # after the contact
RANGE_DB = 50.0  # below the loudest band: what is softer is the place, not the step
LOUDNESS = 0.1  # RMS that YAMNet hears every step at
OPTIONS = OnsetOptions(bands=40, lowest_hz=60.0, window_samples=1024, hop_samples=240, floor_dbfs=-120.0)


def step_features(stereo: Float32Array, times_s: Sequence[float]) -> Float32Array:
    """Features (k, f) of the steps at `times_s` of (n, 2) samples at 48 kHz."""
    windows = [_window(stereo, time_s) for time_s in times_s]
    spectra = np.stack([_spectrum(window) for window in windows])
    heard = np.concatenate([patches(log_mel(_levelled(window)))[:1] for window in windows])
    return np.concatenate([spectra, Yamnet.load().embed_patches(heard)], axis=1).astype(np.float32)


def _window(stereo: Float32Array, time_s: float) -> Float32Array:
    """The samples from shortly before a step to 0.35 s after it, filled with silence where the sound is over."""
    start, stop = (round((time_s + offset_s) * SAMPLE_RATE_HZ) for offset_s in (-LEAD_S, AFTER_S))
    missing = (max(-start, 0), max(stop - len(stereo), 0))
    return np.pad(stereo[max(start, 0) : stop], (missing, (0, 0)))


def _spectrum(window: Float32Array) -> FloatArray:
    """Mean level of each band in each section, relative to the mean of all; (sections * bands,)."""
    level_db = log_mel_db(window, OPTIONS)
    level_db = np.maximum(level_db, level_db.max() - RANGE_DB)
    edges = [round((edge_s + LEAD_S) * SAMPLE_RATE_HZ / OPTIONS.hop_samples) for edge_s in SECTIONS_S]
    means = np.stack([level_db[a:b].mean(axis=0) for a, b in pairwise(edges)])
    return np.asarray((means - means.mean()).ravel())


def _levelled(window: Float32Array) -> Float32Array:
    mono = to_rate(window.mean(axis=1))
    return mono * np.float32(LOUDNESS / max(float(np.sqrt(np.mean(np.square(mono)))), 1e-6))
