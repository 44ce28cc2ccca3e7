"""Rendered walks for the generator: cue arrays, contacts and sound, made once in shards that can be resumed.

A shard is a folder of arrays that a machine without a renderer can read:
pictures (N, P, 7, H, W) and crops (N, F, C, 5, S, S) uint8, numbers, tracks, present, times_s (N, F), contacts as
density per character and latent, truth azimuths, sound (N, samples, 2) int16, and truth.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from stereosync.cues import Cues, CueSpec, CueState, encode
from stereosync.scene import Box, SceneFrame
from stereosync_scenes.plan import Plan
from stereosync_scenes.walk import Contact, Room, WalkTruth
from stereosync_training.sound_clips import to_pcm
from stereosync_training.sounds import SoundLibrary, mix_walk

CHARACTERS = 3  # slots kept per clip; scenes have no more
PICTURE_EVERY = 3  # frames: the place changes slowly, and its tokens carry their own age
SLOWEST_HZ, FASTEST_HZ = 18.0, 32.0
LOOSE_SHARE, NO_POSITION_SHARE = 0.3, 0.5
LOOSEST_PADDING = 0.2


@dataclass(frozen=True)
class ClipOptions:
    """What is rendered. Seeds from 900000 up are kept for evaluation."""

    clips: int = 600
    seed: int = 1000
    duration_s: float = 6.0
    width_px: int = 256
    height_px: int = 144
    clips_per_shard: int = 20


@dataclass(frozen=True)
class BoxManner:
    """How one clip's engine gives boxes: loosened by a fixed padding, rounded, with or without positions."""

    padding: float
    rounded: bool
    position: bool

    @classmethod
    def draw(cls, rng: np.random.Generator) -> BoxManner:
        loose = rng.random() < LOOSE_SHARE
        padding = float(rng.uniform(0.05, LOOSEST_PADDING)) if loose else 0.0
        return cls(padding, bool(loose and rng.random() < 0.5), bool(rng.random() >= NO_POSITION_SHARE))

    def apply(self, frame: SceneFrame) -> SceneFrame:
        """The frame with boxes as this engine would give them."""
        return replace(frame, boxes=tuple(self._box(box) for box in frame.boxes))

    def _box(self, box: Box) -> Box:
        dx, dy = self.padding * (box.x1 - box.x0), self.padding * (box.y1 - box.y0)
        corners = (box.x0 - dx, box.y0 - dy / 2, box.x1 + dx, box.y1 + dy / 2)
        x0, y0, x1, y1 = (float(round(corner)) if self.rounded else corner for corner in corners)
        position_m = box.position_m if self.position else None
        return replace(box, x0=x0, y0=y0, x1=x1, y1=y1, tight=self.padding == 0, position_m=position_m)


def frame_times(duration_s: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Capture times of one clip: a rate of its own, a little jitter, never more frames than `frame_slots`."""
    rate_hz = rng.uniform(SLOWEST_HZ, FASTEST_HZ)
    times = np.arange(0, duration_s, 1 / rate_hz)
    jitter = rng.uniform(-0.1, 0.1, len(times)) / rate_hz
    return np.clip(times + jitter, 0, None)[: frame_slots(duration_s)]


def frame_slots(duration_s: float) -> int:
    """Frames kept per clip; a whole number of pictures."""
    return int(np.ceil(duration_s * FASTEST_HZ / PICTURE_EVERY)) * PICTURE_EVERY


def build_walk_clips(folder: Path, options: ClipOptions, library: SoundLibrary, spec: CueSpec, part: int = 0) -> None:
    """Render the shards that are missing, beginning with shard `part`; safe to run several times side by side."""
    shards = -(-options.clips // options.clips_per_shard)
    order = [(part + index) % shards for index in range(shards)] if part >= 0 else list(range(shards))[::-1]
    folder.mkdir(parents=True, exist_ok=True)
    for shard in tqdm(order, desc=folder.name, unit="shard"):
        path = folder / f"shard-{shard:04d}"
        claim = folder / f"shard-{shard:04d}.claim"
        if path.is_dir() or not _claim(claim):
            continue
        try:
            seeds = range(
                options.seed + shard * options.clips_per_shard, options.seed + (shard + 1) * options.clips_per_shard
            )
            _write_shard(path, [_clip(seed, options, library, spec) for seed in seeds])
        finally:
            claim.unlink(missing_ok=True)


def _claim(path: Path) -> bool:
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _write_shard(path: Path, clips: list[dict[str, Any]]) -> None:
    fresh = path.with_suffix(".part")
    fresh.mkdir(exist_ok=True)
    for name in clips[0]:
        if name != "truth":
            np.save(fresh / f"{name}.npy", np.stack([clip[name] for clip in clips]))
    (fresh / "truth.json").write_text(json.dumps([clip["truth"] for clip in clips]), encoding="utf-8")
    fresh.rename(path)


def render_frames(plan: Plan, times_s: npt.NDArray[np.float64], width_px: int, height_px: int) -> Iterator[SceneFrame]:
    """The plan's frames at the given times."""
    from stereosync_scenes.engine import Engine

    with Engine(plan, width_px, height_px) as engine:
        for index, time_s in enumerate(times_s):
            yield engine.frame(float(time_s), index)


def _clip(seed: int, options: ClipOptions, library: SoundLibrary, spec: CueSpec) -> dict[str, Any]:
    from stereosync_scenes.plan import make_plan
    from stereosync_scenes.truth import walk_truth

    rng = np.random.default_rng([seed, 7])
    plan = make_plan(seed, options.duration_s)
    truth = walk_truth(plan)
    manner = BoxManner.draw(rng)
    times_s = frame_times(options.duration_s, rng)
    state, cues = CueState(), []
    for frame in render_frames(plan, times_s, options.width_px, options.height_px):
        state, cue = encode(spec, state, manner.apply(frame))
        cues.append(cue)
    arrays = _cue_arrays(cues, spec, frame_slots(options.duration_s))
    sound = to_pcm(mix_walk(truth, library, seed))
    return {**arrays, "sound": sound, "truth": truth_to_json(truth)}


def _cue_arrays(cues: list[Cues], spec: CueSpec, slots: int) -> dict[str, npt.NDArray[Any]]:
    """Cue arrays of one clip, padded to `slots` frames by time +inf; ids tell which slot is whom."""
    used = min(CHARACTERS, spec.max_characters)
    out: dict[str, npt.NDArray[Any]] = {
        "pictures": np.zeros((slots // PICTURE_EVERY, *spec.picture_shape), np.uint8),
        "crops": np.zeros((slots, used, *spec.crops_shape[1:]), np.uint8),
        "numbers": np.zeros((slots, used, spec.numbers_shape[1]), np.float32),
        "tracks": np.zeros((slots, used, *spec.tracks_shape[1:]), np.float16),
        "present": np.zeros((slots, used), np.float32),
        "ids": np.full((slots, used), -1, np.int16),
        "times_s": np.full(slots, np.inf, np.float32),
    }
    for index, cue in enumerate(cues[:slots]):
        if index % PICTURE_EVERY == 0:
            out["pictures"][index // PICTURE_EVERY] = cue.picture
        out["crops"][index], out["numbers"][index] = cue.crops[:used], cue.numbers[:used]
        out["tracks"][index], out["present"][index] = cue.tracks[:used], cue.present[:used]
        out["ids"][index, : len(cue.ids[:used])] = cue.ids[:used]
        out["times_s"][index] = cue.capture_time_s
    return out


def truth_to_json(truth: WalkTruth) -> dict[str, Any]:
    """Truth as plain data."""
    return asdict(truth)


def truth_from_json(data: dict[str, Any]) -> WalkTruth:
    """The inverse of `truth_to_json`."""
    contacts = tuple(Contact(**{**contact, "position_m": tuple(contact["position_m"])}) for contact in data["contacts"])
    return WalkTruth(data["seed"], data["duration_s"], contacts, Room(**data["room"]), data["place"])
