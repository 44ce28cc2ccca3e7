"""Levels: loudness over time, seams between chunks, silence, and drift over minutes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.signal import resample_poly

from stereosync.scene import Float32Array
from stereosync.stereo import level_db
from stereosync_scenes.walk import Contact
from stereosync_training.measures.onsets import SAMPLE_RATE_HZ, FloatArray

FRAME_SAMPLES, HOP_SAMPLES = 512, 128  # at 44.1 kHz, as librosa's RMS
SETTLE_S = 0.8  # after a contact: the step and most of the room have died away
BEFORE_NEXT_S = 0.05
SHORTEST_REST_S = 0.2
MINUTE_SAMPLES = 60 * SAMPLE_RATE_HZ
ENVELOPE_RATE_HZ = 100


def rms_track(stereo: Float32Array) -> FloatArray:
    """RMS (frames,) of the mono sum at 44.1 kHz, frames of 512 every 128 samples, centred, reflected at the ends."""
    mono = resample_poly(np.asarray(stereo, dtype=np.float64).mean(axis=1), 147, 160)
    padded = np.pad(mono, FRAME_SAMPLES // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(np.square(padded), FRAME_SAMPLES)[::HOP_SAMPLES]
    return np.asarray(np.sqrt(frames.mean(axis=1)))


def e_l1(stereo: Float32Array, truth: Float32Array) -> float:
    """Mean absolute difference of the two loudness tracks, of (n, 2) samples each."""
    return float(np.abs(rms_track(stereo) - rms_track(truth)).mean())


def seam_profile(stereo: Float32Array, chunk_samples: int) -> FloatArray:
    """Largest second difference (chunk_samples,) at each place in the chunks; places 0 and -1 touch a joint."""
    second = np.abs(np.diff(np.asarray(stereo, dtype=np.float64), n=2, axis=0)).max(axis=1)
    at_sample: FloatArray = np.pad(second, (1, 1))  # value k is centred on sample k
    chunks = len(at_sample) // chunk_samples
    # The stream's own beginning is no joint.
    return np.asarray(at_sample[: chunks * chunk_samples].reshape(chunks, chunk_samples)[1:-1].max(axis=0, initial=0.0))


def seam_ratio(profile: FloatArray) -> float:
    """Largest second difference next to joints over what two other neighbours have in the median; NaN for silence."""
    pairs = np.maximum(profile, np.roll(profile, 1))  # pair k: samples k - 1 and k
    elsewhere = float(np.median(pairs[1:]))
    return float(pairs[0]) / elsewhere if elsewhere > 0 else math.nan


def rests(contacts: tuple[Contact, ...], duration_s: float) -> list[tuple[float, float]]:
    """Spans (start_s, end_s) in which nobody walks and nothing rings on."""
    times_s = [contact.time_s for contact in contacts]
    spans = zip([0.0, *times_s], [*times_s, duration_s], strict=True)
    moved = [(start_s + SETTLE_S, end_s - BEFORE_NEXT_S) for start_s, end_s in spans]
    return [(start_s, end_s) for start_s, end_s in moved if end_s - start_s >= SHORTEST_REST_S]


def rest_levels_dbfs(stereo: Float32Array, contacts: tuple[Contact, ...]) -> list[float]:
    """Level of each rest in dBFS."""
    spans = rests(contacts, len(stereo) / SAMPLE_RATE_HZ)
    return [level_db(stereo[round(start * SAMPLE_RATE_HZ) : round(end * SAMPLE_RATE_HZ)]) for start, end in spans]


@dataclass(frozen=True)
class Drift:
    """Minutes of one stream: RMS of each, share of samples over full scale, energy share of 4-16 Hz pulses."""

    minutes_dbfs: tuple[float, ...]
    over_full_scale: float
    pulses: float

    @property
    def change_db(self) -> float:
        """Last whole minute against the first; NaN for fewer than two."""
        return self.minutes_dbfs[-1] - self.minutes_dbfs[0] if len(self.minutes_dbfs) > 1 else math.nan


def drift(stereo: Float32Array) -> Drift:
    """The drift of samples (n, 2) over whole minutes."""
    whole = len(stereo) // MINUTE_SAMPLES
    minutes = tuple(level_db(stereo[k * MINUTE_SAMPLES : (k + 1) * MINUTE_SAMPLES]) for k in range(whole))
    return Drift(minutes, float(np.mean(np.abs(stereo) > 1.0)), pulse_share(stereo))


def pulse_share(stereo: Float32Array) -> float:
    """Share of the loudness envelope's varying energy that lies at 4-16 Hz; 0 for a steady sound."""
    block = SAMPLE_RATE_HZ // ENVELOPE_RATE_HZ
    blocks = stereo[: len(stereo) // block * block].reshape(-1, block * 2)
    envelope = np.sqrt(np.einsum("bn,bn->b", blocks, blocks) / (block * 2)).astype(np.float64)
    power = np.square(np.abs(np.fft.rfft(envelope - envelope.mean())))
    rate_hz = np.fft.rfftfreq(len(envelope), 1 / ENVELOPE_RATE_HZ)
    total = float(power.sum())
    return float(power[(rate_hz >= 4) & (rate_hz <= 16)].sum()) / total if total > 1e-12 else 0.0
