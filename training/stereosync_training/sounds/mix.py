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
from stereosync_training.sounds.ambience import ambience_bed
from stereosync_training.sounds.library import SoundLibrary
from stereosync_training.sounds.recording import StepRecording
from stereosync_training.sounds.room import reflections, room_response, wet_gain
from stereosync_training.sounds.space import HIDDEN_LOSS_DB, distance_gain
from stereosync_training.sounds.trim import PRE_ROLL_SAMPLES, SAMPLE_RATE_HZ
from stereosync_training.sounds.voices import Voice, draw_touch, draw_voice, shape_step

SYNTHETIC_SHARE = 0.25  # of the characters, where the library has synthesised steps
ROOM_VARIANTS = 8  # decays of one room; few, so that they stay cached
CEILING = 0.89
LIMITER_SAMPLES = 241  # 5 ms


@dataclass(frozen=True, eq=False)
class Buses:
    """The sum of all steps: `direct` (2, n) with the first reflections, `send` (n,) for the room's decay."""

    direct: Float32Array
    send: Float32Array


def mix_walk(truth: WalkTruth, library: SoundLibrary, seed: int, ambience: bool = True) -> Float32Array:
    """Stereo sound (duration_s * 48000, 2) of `truth` in [-1, 1]. Equal arguments give equal samples.

    The attack of a step lies at the sample nearest to its contact's time. Raises LookupError for a ground that
    `library` has no recording of. A place without a name or without recordings has no ambience.
    """
    samples = round(truth.duration_s * SAMPLE_RATE_HZ)
    rng = np.random.default_rng((truth.seed, seed))
    buses = Buses(np.zeros((2, samples), dtype=np.float32), np.zeros(samples, dtype=np.float32))
    voices: dict[tuple[int, str], Voice] = {}
    for contact in truth.contacts:
        key = (contact.character_id, contact.ground)
        if key not in voices:
            voices[key] = draw_voice(_choose_steps(library, contact.ground, rng), rng)
        _add_contact(buses, contact, voices[key], truth.room, rng)
    mixed = buses.direct + _decay(buses.send, truth.room, int(rng.integers(ROOM_VARIANTS)))
    files = library.ambiences(truth.place)
    if ambience and files:
        mixed += ambience_bed(library.ambience(files[rng.integers(len(files))]), truth.amount, samples, rng)
    return np.ascontiguousarray(limit_peaks(mixed).T)


def _choose_steps(library: SoundLibrary, ground: str, rng: np.random.Generator) -> tuple[StepRecording, ...]:
    recorded, synthetic = library.steps(ground), library.synthetic(ground)
    return synthetic if synthetic and rng.random() < SYNTHETIC_SHARE else recorded


def _add_contact(buses: Buses, contact: Contact, voice: Voice, room: Room, rng: np.random.Generator) -> None:
    recording = voice.recordings[rng.integers(len(voice.recordings))]
    touch = draw_touch(voice, contact, rng)
    distance_m = math.hypot(*contact.position_m)
    step = shape_step(recording, touch, distance_m, contact.occlusion)
    start = round(contact.time_s * SAMPLE_RATE_HZ) - PRE_ROLL_SAMPLES
    azimuth_rad = math.atan2(contact.position_m[0], contact.position_m[2])
    _place(buses.direct, step, start, pan_gains(azimuth_rad)[:, None] * np.float32(distance_gain(distance_m)))
    for reflection in reflections(contact.position_m, room):
        later = start + round(reflection.delay_s * SAMPLE_RATE_HZ)
        _place(buses.direct, step, later, pan_gains(reflection.azimuth_rad)[:, None] * np.float32(reflection.gain))
    # What hides a foot takes less from what reaches the ear by way of the whole room.
    around_db = 0.5 * HIDDEN_LOSS_DB * contact.occlusion
    _place(buses.send, step, start, np.float32(wet_gain(distance_m, room) * 10 ** (around_db / 20)))


def _place(bus: Float32Array, step: Float32Array, start: int, gain: Float32Array | np.float32) -> None:
    """Add `step` (n,) to `bus` (..., samples) from sample `start` on; what lies outside is cut."""
    first, last = max(start, 0), min(start + len(step), bus.shape[-1])
    if first < last and np.any(gain):
        bus[..., first:last] += gain * step[first - start : last - start]


def _decay(send: Float32Array, room: Room, seed: int) -> Float32Array:
    """The room's decay (2, n) after `send` (n,)."""
    if not send.any():
        return np.zeros((2, len(send)), dtype=np.float32)
    response = room_response(room, seed).T
    padded = scipy.fft.next_fast_len(len(send) + response.shape[1] - 1, real=True)
    spectrum = scipy.fft.rfft(send, padded) * scipy.fft.rfft(response, padded)
    return np.asarray(scipy.fft.irfft(spectrum, padded)[:, : len(send)], dtype=np.float32)


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
