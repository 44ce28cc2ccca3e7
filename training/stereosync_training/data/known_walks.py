"""Walks as they are known and heard, without pictures: what the generator learns from.

All that reaches the sound passes through a few arrays that are known exactly of a plan, so nothing has to be drawn: a
clip takes as long as its sound takes to mix. A shard is a folder of times_s (N, F), ids (N, F, C), placement
(N, F, C, 4), present (N, F, C), sound (N, samples, 2) int16, and truth.json; where a clip is made without its ambience,
its truth names no place. In some clips nobody walks: what is to be heard then, if anything, must be learned too.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync.scene import Camera
from stereosync_scenes.walk import Whereabouts
from stereosync_training.data.sound_clips import to_pcm
from stereosync_training.data.sources import WalkSource, walk_source
from stereosync_training.data.walk_clips import (
    CHARACTERS,
    ClipOptions,
    build_shards,
    frame_slots,
    frame_times,
    truth_to_json,
)
from stereosync_training.sounds import SoundLibrary, mix_walk

WITHOUT_AMBIENCE, DESERTED = 0.25, 0.08  # of the clips: no ambience, nobody there
RATES_OVER_S = 0.1  # as in `stereosync.tracks`
NEAREST_M = 0.1
DISTANCE_SPREAD, AZIMUTH_SPREAD_RAD = 0.05, 0.01  # of a clip: boxes and depth say it a little differently
ASPECT = 16 / 9
HALF_WIDTH = 0.2  # of a body's height


def build_known_walks(folder: Path, options: ClipOptions, library: SoundLibrary, quiet: bool = False) -> None:
    """Make the shards that are missing; safe to run several times side by side."""
    source = walk_source(options.source)

    def clip(seed: int) -> dict[str, Any]:
        return known_clip(seed, options, library, source)

    build_shards(folder, options, clip, quiet=quiet)


def known_clip(seed: int, options: ClipOptions, library: SoundLibrary, source: WalkSource) -> dict[str, Any]:
    """One clip's arrays, as a shard has them."""
    rng = np.random.default_rng([seed, 11])
    plan = source.plan(seed, options.duration_s)
    truth = source.truth(plan)
    times_s = frame_times(options.duration_s, rng)
    people = [source.whereabouts(plan, float(time_s)) for time_s in times_s]
    if rng.random() < DESERTED:
        people, truth = [()] * len(times_s), replace(truth, contacts=())
    arrays = placements(times_s, people, plan.shot.camera(ASPECT), rng, frame_slots(options.duration_s))
    sound = mix_walk(truth, library, seed, ambience := bool(rng.random() >= WITHOUT_AMBIENCE))
    told = truth if ambience else replace(truth, place="", amount=0.0)
    return {**arrays, "sound": to_pcm(sound), "truth": truth_to_json(told)}


def placements(
    times_s: npt.NDArray[np.float64],
    people: list[tuple[Whereabouts, ...]],
    camera: Camera,
    rng: np.random.Generator,
    slots: int,
) -> dict[str, npt.NDArray[Any]]:
    """Arrays of `slots` frames; "placement" (slots, C, 4): azimuth and log distance, after each its rate."""
    out: dict[str, npt.NDArray[Any]] = {
        "times_s": np.full(slots, np.inf, np.float32),
        "ids": np.full((slots, CHARACTERS), -1, np.int16),
        "placement": np.zeros((slots, CHARACTERS, 4), np.float32),
        "present": np.zeros((slots, CHARACTERS), np.float32),
    }
    count = len(times_s)
    out["times_s"][:count] = times_s
    before = np.maximum(np.searchsorted(times_s, times_s - RATES_OVER_S, side="right") - 1, 0)
    elapsed_s = np.maximum(times_s - times_s[before], 1e-3)
    for slot in range(min(len(people[0]), CHARACTERS)):
        course = [frame[slot] for frame in people]
        off = rng.normal(0, (AZIMUTH_SPREAD_RAD, DISTANCE_SPREAD))
        polar = np.array([_polar(one) for one in course]) + off  # (F, 2)
        rates = (polar - polar[before]) / elapsed_s[:, None]
        seen = np.array([is_seen(one, camera) for one in course])
        out["placement"][:count, slot] = np.stack([polar[:, 0], rates[:, 0], polar[:, 1], rates[:, 1]], axis=-1)
        out["placement"][:count, slot] *= seen[:, None]
        out["present"][:count, slot] = seen
        out["ids"][:count, slot] = np.where(seen, course[0].character_id, -1)
    return out


def _polar(one: Whereabouts) -> tuple[float, float]:
    """Azimuth in radians and log distance in metres, of the middle of the body, as `tracks.track_point` has them."""
    depth_m = max(one.floor_m[2], NEAREST_M)
    x, y = one.floor_m[0] / depth_m, (one.floor_m[1] + one.head_m[1]) / 2 / depth_m
    return math.atan(x), math.log(depth_m * math.sqrt(1 + x**2 + y**2))


def is_seen(one: Whereabouts, camera: Camera) -> bool:
    """True if some of the body is in the picture."""
    depth_m = one.floor_m[2]
    if depth_m < NEAREST_M:
        return False
    half_m = HALF_WIDTH * math.dist(one.floor_m, one.head_m)
    beside = abs(one.floor_m[0]) - half_m > depth_m * camera.tan_half_horizontal
    top, bottom = one.head_m[1] / depth_m, one.floor_m[1] / depth_m
    return not (beside or bottom > camera.tan_half_vertical or top < -camera.tan_half_vertical)
