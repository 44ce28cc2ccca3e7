"""Rendered walks for the generator: cue arrays, contacts and sound, made once in shards that can be resumed.

A shard is a folder of arrays that a machine without a renderer can read:
pictures (N, P, 7, H, W) and crops (N, F, C, 5, S, S) uint8, numbers, tracks, present, ids (N, F, C), times_s (N, F),
sound (N, samples, 2) int16, and truth.json with contacts, room and place.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from stereosync.cues import Cues, CueSpec, CueState, encode
from stereosync.scene import Box, SceneFrame
from stereosync.writing import whole_file
from stereosync_scenes.walk import Contact, Room, WalkTruth
from stereosync_training.data.sound_clips import to_pcm
from stereosync_training.data.sources import Bounds, WalkSource, walk_source
from stereosync_training.sounds import SoundLibrary, mix_walk

CHARACTERS = 4  # slots kept per clip; scenes have no more
PICTURE_EVERY = 6  # frames: the place changes slowly, and its tokens carry their own age
SLOWEST_HZ, FASTEST_HZ = 18.0, 32.0
STATIC_SHARE, PADDED_SHARE, NO_POSITION_SHARE = 0.25, 0.2, 0.5
LOOSEST_PADDING = 0.2
CLAIM_S = 1800.0  # a shard takes a minute
DROPPING_SHARE, DROPPED_FRAMES = 0.15, 0.08  # of the clips, of their frames


@dataclass(frozen=True)
class ClipOptions:
    """Options of rendering. `source` is one of `data.sources.SOURCES`. Seeds from 800000 up are kept for evaluation."""

    clips: int = 600
    seed: int = 1000
    duration_s: float = 6.0
    width_px: int = 256
    height_px: int = 144
    clips_per_shard: int = 20
    source: str = "own"

    @property
    def shards(self) -> int:
        return -(-self.clips // self.clips_per_shard)

    def seeds(self, shard: int) -> range:
        """Seeds of the clips of one shard; the last one holds what is left."""
        first = self.seed + shard * self.clips_per_shard
        return range(first, min(first + self.clips_per_shard, self.seed + self.clips))


@dataclass(frozen=True)
class BoxManner:
    """Boxes as an engine gives them: the bounds it knows, padded, rounded, at times dropped, with a position or not."""

    bounds: Bounds = "tight"
    padding: float = 0.0
    rounded: bool = False
    position: bool = True
    dropped: float = 0.0  # share of the frames in which a box is missing

    @classmethod
    def draw(cls, rng: np.random.Generator) -> BoxManner:
        """One clip's manner."""
        kind = rng.random()
        static, padded = kind < STATIC_SHARE, kind < STATIC_SHARE + PADDED_SHARE
        padding = float(rng.uniform(0.0 if static else 0.05, LOOSEST_PADDING)) if padded else 0.0
        return cls(
            bounds="static" if static else "tight",
            padding=padding,
            rounded=bool(padded and rng.random() < 0.5),
            position=bool(rng.random() >= NO_POSITION_SHARE),
            dropped=DROPPED_FRAMES if rng.random() < DROPPING_SHARE else 0.0,
        )

    def apply(self, frame: SceneFrame, rng: np.random.Generator) -> SceneFrame:
        """The frame with boxes as this engine would give them."""
        kept = [box for box in frame.boxes if rng.random() >= self.dropped]
        return replace(frame, boxes=tuple(map(self._box, kept)))

    def _box(self, box: Box) -> Box:
        dx, dy = self.padding * (box.x1 - box.x0), self.padding * (box.y1 - box.y0)
        corners = (box.x0 - dx, box.y0 - dy / 2, box.x1 + dx, box.y1 + dy / 2)
        x0, y0, x1, y1 = (float(round(corner)) if self.rounded else corner for corner in corners)
        tight = self.bounds == "tight" and self.padding == 0
        return replace(
            box, x0=x0, y0=y0, x1=x1, y1=y1, tight=tight, position_m=box.position_m if self.position else None
        )


LOOSE = BoxManner(bounds="static", padding=LOOSEST_PADDING, rounded=True)  # the worst that evaluation asks about


def frame_times(duration_s: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Capture times of one clip: a rate of its own, a little jitter, never more frames than `frame_slots`."""
    rate_hz = rng.uniform(SLOWEST_HZ, FASTEST_HZ)
    times = np.arange(0, duration_s, 1 / rate_hz)
    jitter = rng.uniform(-0.1, 0.1, len(times)) / rate_hz
    return np.clip(times + jitter, 0, None)[: frame_slots(duration_s)]


def frame_slots(duration_s: float) -> int:
    """Frames kept per clip; a whole number of pictures."""
    return int(np.ceil(duration_s * FASTEST_HZ / PICTURE_EVERY)) * PICTURE_EVERY


def build_walk_clips(
    folder: Path, options: ClipOptions, library: SoundLibrary, spec: CueSpec, part: int = 0, quiet: bool = False
) -> None:
    """Render the shards that are missing, beginning with shard `part`; safe to run several times side by side."""
    source = walk_source(options.source)

    def clip(seed: int) -> dict[str, Any]:
        return _clip(seed, options, library, spec, source)

    build_shards(folder, options, clip, part, quiet)


def build_shards(
    folder: Path, options: ClipOptions, clip: Callable[[int], dict[str, Any]], part: int = 0, quiet: bool = False
) -> None:
    """Make the shards that are missing of what `clip` makes of each seed: arrays of one shape, and "truth".

    A claim left by a process that was killed is no longer heeded after `CLAIM_S`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    order = [(part + index) % options.shards for index in range(options.shards)]
    for shard in tqdm(order, desc=folder.name, unit="shard", disable=quiet):
        path = folder / f"shard-{shard:04d}"
        claim = folder / f"shard-{shard:04d}.claim"
        if path.is_dir() or not _claim(claim):
            continue
        try:
            _write_shard(path, [clip(seed) for seed in options.seeds(shard)])
        finally:
            claim.unlink(missing_ok=True)


def _claim(path: Path) -> bool:
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        if time.time() - path.stat().st_mtime < CLAIM_S:
            return False
        path.touch()
    return True


def _write_shard(path: Path, clips: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, ignore_cleanup_errors=True) as folder:
        fresh = Path(folder, path.name)
        fresh.mkdir()
        for name in clips[0]:
            if name != "truth":
                np.save(fresh / f"{name}.npy", np.stack([clip[name] for clip in clips]))
        (fresh / "truth.json").write_text(json.dumps([clip["truth"] for clip in clips]), encoding="utf-8")
        fresh.rename(path)


def mix_again(folder: Path, library: SoundLibrary) -> None:
    """Make the sound of rendered walks anew from their truth, after recordings or the mixing have changed."""
    for shard in tqdm(sorted(folder.glob("shard-????")), desc=f"{folder.name} sound", unit="shard"):
        truths = [truth_from_json(truth) for truth in json.loads((shard / "truth.json").read_text(encoding="utf-8"))]
        with whole_file(shard / "sound.npy") as part:
            np.save(part, np.stack([to_pcm(mix_walk(truth, library, truth.seed)) for truth in truths]))


def _clip(seed: int, options: ClipOptions, library: SoundLibrary, spec: CueSpec, source: WalkSource) -> dict[str, Any]:
    rng = np.random.default_rng([seed, 7])
    plan = source.plan(seed, options.duration_s)
    truth = source.truth(plan)
    manner = BoxManner.draw(rng)
    times_s = frame_times(options.duration_s, rng)
    state, cues = CueState(), []
    for frame in source.frames(plan, times_s, (options.width_px, options.height_px), manner.bounds):
        state, cue = encode(spec, state, manner.apply(frame, rng))
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
    contacts = tuple(map(contact_from_json, data["contacts"]))
    return WalkTruth(**{**data, "contacts": contacts, "room": Room(**data["room"])})


def contact_from_json(data: dict[str, Any]) -> Contact:
    """A contact from plain data."""
    return Contact(**{**data, "position_m": tuple(data["position_m"])})
