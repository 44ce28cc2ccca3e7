"""Rows of a report: the model's sound of a walk, and the controls that a good figure has to beat."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import torch

from stereosync.clock import Clock
from stereosync.scene import Float32Array, SceneFrame
from stereosync_model.attack import NONE
from stereosync_model.checkpoint import load_checkpoint
from stereosync_model.model import Model
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate.walks import WARM_UP_S
from stereosync_training.measures.onsets import FloatArray
from stereosync_training.measures.panning import pan_track

RATE_HZ = Clock().sample_rate_hz
SEEDS_APART = 10_000_000  # so that no two walks of two seeds share their noise


# Frames in order from time 0 on, seconds of sound wanted, seed -> sound (n, 2)
Play = Callable[[Iterable[SceneFrame], float, int], Float32Array]


def model_sound(play: Play, truth: WalkTruth, frames: Iterable[SceneFrame], seed: int) -> tuple[Float32Array, float]:
    """The model's sound (n, 2) of a walk, and the seconds it took for a second of sound.

    Frames are asked for as the sound goes on; the time that they take counts.
    """
    shifted = (frame.stamped(frame.capture_time_s + WARM_UP_S) for frame in frames)
    duration_s = truth.duration_s + WARM_UP_S
    began_s = time.perf_counter()
    sound = play(shifted, duration_s, seed * SEEDS_APART + truth.seed)
    took_s = time.perf_counter() - began_s
    return sound[round(WARM_UP_S * RATE_HZ) :], took_s / duration_s


def to_mono(stereo: Float32Array) -> Float32Array:
    """Both channels of (n, 2) replaced by their mean."""
    return np.repeat(stereo.mean(axis=1, keepdims=True), 2, axis=1)


def panned_by_box(stereo: Float32Array, times_s: FloatArray, azimuths_rad: FloatArray) -> Float32Array:
    """The mono sum of (n, 2), where the nearest character's box is. The power of both channels together stays."""
    return pan_track(stereo.mean(axis=1) * np.float32(np.sqrt(2)), times_s, azimuths_rad)


def shuffled(sounds: Sequence[Float32Array]) -> list[Float32Array]:
    """Each walk gets what the model made of the next walk's cues, cut or filled with silence to its length."""
    dealt = [sounds[(index + 1) % len(sounds)] for index in range(len(sounds))]
    return [_fitted(sound, len(own)) for sound, own in zip(dealt, sounds, strict=True)]


def _fitted(sound: Float32Array, samples: int) -> Float32Array:
    return np.pad(sound[:samples], ((0, max(samples - len(sound), 0)), (0, 0)))


def codec_sounds(
    checkpoint: Path, sounds: Sequence[Float32Array], truths: Sequence[WalkTruth], draw: int = 0
) -> list[Float32Array]:
    """Every sound through the encoder and decoder of a training checkpoint: the best that any generator can reach. The
    decoder knows the contacts of the walk, as it does of a plan.

    `draw` is the seed of the decoder's noise.
    """
    model, _ = load_checkpoint(checkpoint)
    return [_through_codec(model, sound, truth, draw) for sound, truth in zip(sounds, truths, strict=True)]


def _through_codec(model: Model, sound: Float32Array, truth: WalkTruth, draw: int) -> Float32Array:
    latent_samples = Clock().samples_per_latent
    padded = np.pad(sound, ((0, -len(sound) % latent_samples), (0, 0)))
    random = torch.Generator().manual_seed(draw)
    contacts = torch.tensor([[NONE, *(round(contact.time_s * RATE_HZ) for contact in truth.contacts)]])
    with torch.no_grad():
        components = model.patches(torch.from_numpy(padded)[None])
        noise = torch.randn(1, *model.decoder.noise_shape(components.shape[1]), generator=random)
        heard = model.decoder.decode(components, noise, contacts)  # (1, 2, samples)
    return np.asarray(heard[0].T[: len(sound)], dtype=np.float32)
