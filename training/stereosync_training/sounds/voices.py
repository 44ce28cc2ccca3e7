"""The sound of one character's feet: a few recordings that are alike, and the small differences from step to step."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.fft

from stereosync.scene import Float32Array
from stereosync_scenes.walk import Contact
from stereosync_training.sounds.recording import StepRecording, band_levels_db
from stereosync_training.sounds.space import air_gain, occlusion_gain
from stereosync_training.sounds.trim import SAMPLE_RATE_HZ

RECORDINGS_PER_CHARACTER = 3
CHARACTER_PITCH = 0.04  # together with the foot's and the step's own, +-6 %
FOOT_PITCH = 0.01
STEP_PITCH = 0.01
CHARACTER_TILT_DB = 1.0  # per octave
STEP_TILT_DB = 0.3
FORCE_TILT_DB = 0.5  # a harder step is brighter
FOOT_GAIN_DB = 0.5
STEP_GAIN_DB = 1.5
SOFTEST, HARDEST = 0.3, 3.0  # force: beyond these a step is as loud as at them


@dataclass(frozen=True, eq=False)
class Voice:
    """One character's sound on one ground during one walk; the right foot differs a little from the left one."""

    recordings: tuple[StepRecording, ...]
    pitch: float
    tilt_db: float  # per octave
    right_pitch: float
    right_gain_db: float


@dataclass(frozen=True)
class Touch:
    """Numbers of one step: pitch as a factor, spectral tilt per octave about 1 kHz, amplitude."""

    pitch: float
    tilt_db: float
    gain: float


def draw_voice(recordings: tuple[StepRecording, ...], rng: np.random.Generator) -> Voice:
    """One of `recordings` and those of its package that sound most like it: one pair of shoes on one floor."""
    first = recordings[rng.integers(len(recordings))]
    same = [recording for recording in recordings if recording.package == first.package]
    tone_db = band_levels_db(first.samples)
    same.sort(key=lambda other: float(np.abs(band_levels_db(other.samples) - tone_db).mean()))
    return Voice(
        recordings=tuple(same[:RECORDINGS_PER_CHARACTER]),
        pitch=1 + CHARACTER_PITCH * rng.uniform(-1, 1),
        tilt_db=CHARACTER_TILT_DB * rng.uniform(-1, 1),
        right_pitch=1 + FOOT_PITCH * rng.uniform(-1, 1),
        right_gain_db=FOOT_GAIN_DB * rng.uniform(-1, 1),
    )


def draw_touch(voice: Voice, contact: Contact, rng: np.random.Generator) -> Touch:
    """One step of `voice`: 6 dB louder per doubling of force, and nearly like the step before."""
    force = min(max(contact.force, SOFTEST), HARDEST)
    right = contact.foot == "right"
    gain_db = STEP_GAIN_DB * rng.uniform(-1, 1) + (voice.right_gain_db if right else 0.0)
    return Touch(
        pitch=voice.pitch * (voice.right_pitch if right else 1.0) * (1 + STEP_PITCH * rng.uniform(-1, 1)),
        tilt_db=voice.tilt_db + STEP_TILT_DB * rng.uniform(-1, 1) + FORCE_TILT_DB * math.log2(force),
        gain=force * 10 ** (gain_db / 20),
    )


def shape_step(recording: StepRecording, touch: Touch, distance_m: float, occlusion: float) -> Float32Array:
    """The step (n,) as `touch` has it, through `distance_m` of air and what hides it; its attack keeps its place."""
    shaped_samples = scipy.fft.next_fast_len(round(recording.padded_samples / touch.pitch), real=True)
    stretch = shaped_samples / recording.padded_samples
    frequencies_hz = np.linspace(0, SAMPLE_RATE_HZ / 2 / stretch, len(recording.spectrum), dtype=np.float32)
    tilt = (np.clip(frequencies_hz, 100, 10_000) / 1000) ** np.float32(touch.tilt_db / 6.02)
    heard = tilt * air_gain(frequencies_hz, distance_m) * occlusion_gain(frequencies_hz, occlusion)
    shape = heard * np.float32(stretch * touch.gain)
    return np.asarray(scipy.fft.irfft(recording.spectrum * shape, shaped_samples), dtype=np.float32)
