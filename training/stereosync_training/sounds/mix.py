"""The sound of a walk whose truth is known: every step at its sample, its side and its distance, in its room."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.fft
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from stereosync.scene import Float32Array
from stereosync.stereo import pan_gains
from stereosync_scenes.walk import Contact, Room, WalkTruth
from stereosync_training.sounds.library import SoundLibrary, StepRecording
from stereosync_training.sounds.space import air_gain, distance_gain, room_response, wet_gain
from stereosync_training.sounds.trim import PRE_ROLL_SAMPLES, SAMPLE_RATE_HZ

RECORDINGS_PER_CHARACTER = 4
CHARACTER_PITCH = 0.04  # together with the step's own, +-6 %
STEP_PITCH = 0.02
CHARACTER_TILT_DB = 1.0  # per octave
STEP_TILT_DB = 0.5
FORCE_TILT_DB = 0.5  # a harder step is brighter
STEP_GAIN_DB = 2.0
ROOM_VARIANTS = 8  # echoes of one room; few, so that they stay cached
AMBIENCE_LEVEL_DBFS = (-58.0, -36.0)
AMBIENCE_ABSENT = 0.15
AMBIENCE_SIDE_GAIN = 0.35
CEILING = 0.89
LIMITER_SAMPLES = 241  # 5 ms


@dataclass(frozen=True)
class Voice:
    """How one character sounds on one ground during one walk. A foot keeps to its own recordings."""

    left: tuple[StepRecording, ...]
    right: tuple[StepRecording, ...]
    pitch: float
    tilt_db: float  # per octave


def mix_walk(truth: WalkTruth, library: SoundLibrary, seed: int, ambience: bool = True) -> Float32Array:
    """Stereo sound (duration_s * 48000, 2) of `truth` in [-1, 1]. Equal arguments give equal samples.

    The attack of a step lies at the sample nearest to its contact's time. Raises LookupError for a ground that
    `library` has no recording of; a place without recordings has no ambience.
    """
    samples = round(truth.duration_s * SAMPLE_RATE_HZ)
    rng = np.random.default_rng((truth.seed, seed))
    dry = np.zeros((2, samples), dtype=np.float32)
    send = np.zeros(samples, dtype=np.float32)
    voices: dict[tuple[int, str], Voice] = {}
    for contact in truth.contacts:
        key = (contact.character_id, contact.ground)
        if key not in voices:
            voices[key] = draw_voice(library.steps(contact.ground), rng)
        _add_contact(dry, send, contact, voices[key], truth.room, rng)
    mixed = dry + _echo(send, truth.room, int(rng.integers(ROOM_VARIANTS)))
    if ambience and rng.random() >= AMBIENCE_ABSENT:
        mixed += ambience_bed(library, truth.place, samples, rng)
    return np.ascontiguousarray(limit_peaks(mixed).T)


def draw_voice(recordings: tuple[StepRecording, ...], rng: np.random.Generator) -> Voice:
    """A character's recordings, all of one package so that they sound like one pair of shoes."""
    package = recordings[rng.integers(len(recordings))].package
    same = [recording for recording in recordings if recording.package == package]
    order = rng.permutation(len(same))[:RECORDINGS_PER_CHARACTER]
    chosen = [same[index] for index in order]
    return Voice(
        left=tuple(chosen[0::2]),
        right=tuple(chosen[1::2] or chosen),
        pitch=1 + CHARACTER_PITCH * rng.uniform(-1, 1),
        tilt_db=CHARACTER_TILT_DB * rng.uniform(-1, 1),
    )


def shape_step(recording: StepRecording, pitch: float, tilt_db: float, distance_m: float) -> Float32Array:
    """The step (n,) re-pitched, tilted by `tilt_db` per octave about 1 kHz, and heard through `distance_m` of air."""
    shaped_samples = scipy.fft.next_fast_len(round(recording.padded_samples / pitch), real=True)
    stretch = shaped_samples / recording.padded_samples
    frequencies_hz = np.linspace(0, SAMPLE_RATE_HZ / 2 / stretch, len(recording.spectrum), dtype=np.float32)
    tilt = (np.clip(frequencies_hz, 100, 10_000) / 1000) ** np.float32(tilt_db / 6.02)
    shape = tilt * air_gain(frequencies_hz, distance_m) * np.float32(stretch)
    return np.asarray(scipy.fft.irfft(recording.spectrum * shape, shaped_samples), dtype=np.float32)


def _add_contact(
    dry: Float32Array, send: Float32Array, contact: Contact, voice: Voice, room: Room, rng: np.random.Generator
) -> None:
    foot = voice.left if contact.foot == "left" else voice.right
    recording = foot[rng.integers(len(foot))]
    pitch = voice.pitch * (1 + STEP_PITCH * rng.uniform(-1, 1))
    tilt_db = voice.tilt_db + STEP_TILT_DB * rng.uniform(-1, 1) + FORCE_TILT_DB * math.log2(max(contact.force, 0.1))
    gain = contact.force * 10 ** (STEP_GAIN_DB * rng.uniform(-1, 1) / 20)
    distance_m = math.hypot(*contact.position_m)
    step = shape_step(recording, pitch, tilt_db, distance_m) * np.float32(gain)
    pan = pan_gains(math.atan2(contact.position_m[0], contact.position_m[2])) * distance_gain(distance_m)
    start = round(contact.time_s * SAMPLE_RATE_HZ) - PRE_ROLL_SAMPLES
    first, last = max(start, 0), min(start + len(step), len(send))
    if first >= last:
        return
    heard = step[first - start : last - start]
    dry[:, first:last] += pan[:, None] * heard
    send[first:last] += np.float32(wet_gain(distance_m, room)) * heard


def _echo(send: Float32Array, room: Room, seed: int) -> Float32Array:
    """The room's answer (2, n) to `send` (n,)."""
    if not send.any():
        return np.zeros((2, len(send)), dtype=np.float32)
    response = room_response(room, seed).T
    padded = scipy.fft.next_fast_len(len(send) + response.shape[1] - 1, real=True)
    spectrum = scipy.fft.rfft(send, padded) * scipy.fft.rfft(response, padded)
    return np.asarray(scipy.fft.irfft(spectrum, padded)[:, : len(send)], dtype=np.float32)


def ambience_bed(library: SoundLibrary, place: str, samples: int, rng: np.random.Generator) -> Float32Array:
    """Background (2, samples) of `place` with an RMS drawn from -58..-36 dBFS; silence when there is no recording."""
    files = library.ambiences(place)
    if not files:
        return np.zeros((2, samples), dtype=np.float32)
    loop = library.ambience(files[rng.integers(len(files))]).T
    level_db = rng.uniform(*AMBIENCE_LEVEL_DBFS)
    bed = _repeat(loop, int(rng.integers(loop.shape[1])), samples)
    if len(loop) == 1:
        # Another moment of the same recording as side signal: wide, and still mono when summed.
        side = AMBIENCE_SIDE_GAIN * _repeat(loop, int(rng.integers(loop.shape[1])), samples)
        bed = np.concatenate([bed + side, bed - side])
    rms = float(np.sqrt(np.mean(np.square(bed))))
    return bed * np.float32(10 ** (level_db / 20) / max(rms, 1e-4))


def _repeat(loop: Float32Array, start: int, samples: int) -> Float32Array:
    """`samples` of `loop` (channels, n) from `start` on, round and round."""
    turns = -(-(start + samples) // loop.shape[1])
    return np.tile(loop, (1, turns))[:, start : start + samples]


def limit_peaks(mixed: Float32Array) -> Float32Array:
    """Turn (2, n) down around peaks over the ceiling, both channels alike so that the panning stays.

    The mean over a window of the smallest gain in a window never exceeds the gain that any of its samples needs.
    """
    peak = np.abs(mixed).max(axis=0)
    if float(peak.max(initial=0.0)) <= CEILING:
        return mixed
    needed = CEILING / np.maximum(peak, CEILING)
    gain = uniform_filter1d(minimum_filter1d(needed, LIMITER_SAMPLES), LIMITER_SAMPLES)
    return np.asarray(np.clip(mixed * gain, -1.0, 1.0), dtype=np.float32)
