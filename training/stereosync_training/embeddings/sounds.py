"""Stereo sounds as sets of embeddings, and whether their distance tells a spoilt sound from a good one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfiltfilt

from stereosync.clock import Clock
from stereosync.scene import Float32Array
from stereosync_training.embeddings.distance import frechet_distance
from stereosync_training.embeddings.yamnet import Yamnet, to_rate

RATE_HZ = Clock().sample_rate_hz
Spoil = Callable[[Float32Array, float], Float32Array]


def embed_mid(sounds: Sequence[Float32Array]) -> Float32Array:
    """Embeddings (windows, 1024) of the mean of both channels of sounds (n, 2) at 48 kHz."""
    return _embed([(sound[:, 0] + sound[:, 1]) / 2 for sound in sounds])


def embed_side(sounds: Sequence[Float32Array]) -> Float32Array:
    """Embeddings (windows, 1024) of half the difference of left and right of sounds (n, 2) at 48 kHz."""
    return _embed([(sound[:, 0] - sound[:, 1]) / 2 for sound in sounds])


def _embed(signals: Sequence[npt.NDArray[np.floating]]) -> Float32Array:
    network = Yamnet.load()
    return np.concatenate([network.embed(to_rate(signal)) for signal in signals])


def distance_of_halves(sounds: Sequence[Float32Array]) -> float:
    """Frechet distance between the even and the odd ones of `sounds`: what two samples of the same kind differ by."""
    return frechet_distance(embed_mid(sounds[0::2]), embed_mid(sounds[1::2]))


def low_pass(stereo: Float32Array, cutoff_hz: float) -> Float32Array:
    """(n, 2) without what lies above `cutoff_hz`."""
    sections = butter(6, cutoff_hz, fs=RATE_HZ, output="sos")
    return np.asarray(sosfiltfilt(sections, stereo, axis=0), dtype=np.float32)


def add_noise(stereo: Float32Array, noise_db: float) -> Float32Array:
    """(n, 2) with white noise at `noise_db` relative to its RMS."""
    noise = np.random.default_rng(len(stereo)).standard_normal(stereo.shape, dtype=np.float32)
    return stereo + noise * np.float32(np.sqrt(np.mean(np.square(stereo))) * 10 ** (noise_db / 20))


def clip_peaks(stereo: Float32Array, drive_db: float) -> Float32Array:
    """(n, 2) with everything cut off that is higher than its peak less `drive_db`."""
    ceiling = np.float32(np.abs(stereo).max(initial=0.0) * 10 ** (-drive_db / 20))
    return np.clip(stereo, -ceiling, ceiling)


def reverse(stereo: Float32Array, share: float) -> Float32Array:
    """(n, 2) of which the first `share` runs backwards."""
    turned = stereo.copy()
    until = round(share * len(stereo))
    turned[:until] = stereo[:until][::-1]
    return turned


SPOILS: Mapping[str, tuple[Spoil, tuple[float, ...]]] = {
    "low_pass_hz": (low_pass, (4000.0, 2000.0, 1000.0, 500.0)),
    "noise_db": (add_noise, (-30.0, -20.0, -10.0, 0.0)),
    "clipping_db": (clip_peaks, (12.0, 24.0, 36.0)),
    "reversed_share": (reverse, (0.5, 1.0)),
}  # each from mild to harsh


def distances_of_spoils(sounds: Sequence[Float32Array]) -> dict[str, dict[str, float]]:
    """Frechet distance to `sounds` (n, 2) of what each way of spoiling makes of them, from mild to harsh."""
    good = embed_mid(sounds)
    return {
        name: {
            f"{amount:g}": frechet_distance(embed_mid([spoil(sound, amount) for sound in sounds]), good)
            for amount in amounts
        }
        for name, (spoil, amounts) in SPOILS.items()
    }


def in_order(distances: Mapping[str, Mapping[str, float]]) -> bool:
    """True if each way of spoiling raises the distance more the harsher it is."""
    ladders = [[0.0, *ladder.values()] for ladder in distances.values()]
    return all(low < high for ladder in ladders for low, high in pairwise(ladder))
