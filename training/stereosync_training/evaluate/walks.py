"""Unseen walks: drawn once, kept in a folder, read back as the frames the service would get.

Which seeds are whose is in `evaluate.sets`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from stereosync.errors import NotThereError, UserError
from stereosync.scene import Box, Camera, Foot, SceneFrame, azimuth_rad
from stereosync.writing import whole_file
from stereosync_scenes.contact import DEFINITIONS, TRUTH
from stereosync_scenes.walk import Contact, WalkKinds, WalkTruth
from stereosync_training.data.sources import Bounds, walk_source
from stereosync_training.data.walk_clips import LOOSE, contact_from_json, truth_from_json, truth_to_json
from stereosync_training.evaluate.told import lacks_feet
from stereosync_training.measures.onsets import FloatArray

CLIP_S = 6.0
FRAME_RATE_HZ = 30
WIDTH_PX, HEIGHT_PX = 256, 144
WARM_UP_S = 1.2  # frames before the clip: a live session has a past too. A whole number of chunks of any size.


@dataclass(frozen=True)
class About:
    """The kinds that figures of a walk are told apart by, and its contacts by definitions other than the truth's."""

    kinds: WalkKinds
    others: Mapping[str, tuple[Contact, ...]]


@dataclass(frozen=True, eq=False)
class Walk:
    """A walk as evaluated: what is known of it, and its frames from `WARM_UP_S` before its beginning on. Boxes have the
    feet that an engine would tell; a row of the report decides whether the model is told."""

    truth: WalkTruth
    frames: tuple[SceneFrame, ...]
    about: About | None = None


# What gives a walk when it is its turn, with boxes of the bounds that it is asked for if it has them
Draw = Callable[[Bounds], Walk]


def frame_times_s(duration_s: float) -> FloatArray:
    """Capture times from the warm-up to the clip's end."""
    first, last = -round(WARM_UP_S * FRAME_RATE_HZ), round(duration_s * FRAME_RATE_HZ)
    return np.arange(first, last) / FRAME_RATE_HZ


def drawn_walk(source: str, seed: int, cache: Path, bounds: Bounds = "tight") -> Walk:
    """The walk of `seed` from a source of walks, drawn when it is new and then kept in `cache`.

    Needs the scenes extra.
    """
    drawing = walk_source(source)
    plan = drawing.plan(seed, CLIP_S)
    truth = drawing.truth(plan)
    known = json.dumps(truth_to_json(truth)).encode()
    path = cache / f"walk-{source}-{bounds}-{seed}-{hashlib.sha256(known).hexdigest()[:12]}@{TRUTH}.npz"
    about = About(drawing.kinds(plan), {one: drawing.truth(plan, one).contacts for one in DEFINITIONS[1:]})
    if not path.exists():
        frames = drawing.frames(plan, frame_times_s(CLIP_S), (WIDTH_PX, HEIGHT_PX), bounds)
        save_walk(Walk(truth, tuple(frames), about), path)
    walk = replace(load_walk(path), about=about)
    return with_feet(walk, partial(drawing.feet, plan)) if lacks_feet(walk.frames) else walk


def with_feet(walk: Walk, feet: Callable[[float], Mapping[int, tuple[Foot, ...]]]) -> Walk:
    """The walk with the feet that `feet` gives of each moment, by character."""
    told = [(frame, feet(frame.capture_time_s)) for frame in walk.frames]
    frames = tuple(
        replace(frame, boxes=tuple(replace(box, feet=own.get(box.id, ())) for box in frame.boxes))
        for frame, own in told
    )
    return replace(walk, frames=frames)


def walks_in(folder: Path) -> list[Path]:
    """Files of the walks in `folder`.

    Raises:
        FileNotFoundError: there is none.
    """
    files = sorted(folder.glob("walk-*.npz"))
    if not files:
        raise NotThereError(f"no walk-*.npz in {folder}; give a folder made by --cache, or a set's name, as --set test")
    return files


def save_walk(walk: Walk, path: Path) -> None:
    """Write a walk; a file is there only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    camera = walk.frames[0].camera
    boxes = [(index, box) for index, frame in enumerate(walk.frames) for box in frame.boxes]
    with whole_file(path) as part, part.open("wb") as file:
        np.savez(  # compressing takes longer than drawing
            file,
            truth=json.dumps(truth_to_json(walk.truth)),
            about=json.dumps(walk.about and asdict(walk.about)),
            camera=np.array([camera.vertical_fov_rad, camera.aspect, camera.near_m, camera.far_m]),
            times_s=np.array([frame.capture_time_s for frame in walk.frames]),
            pictures=np.stack([frame.picture for frame in walk.frames]),  # (F, H, W, 3)
            depths_m=np.stack([frame.depth_m for frame in walk.frames]).astype(np.float16),  # as on the wire
            box_of=np.array([(index, box.id) for index, box in boxes], dtype=np.int64).reshape(-1, 2),
            boxes=np.array([_numbers(box) for _, box in boxes], dtype=np.float64).reshape(-1, 7),
            feet=json.dumps([[asdict(foot) for foot in box.feet] for _, box in boxes]),
        )


def _numbers(box: Box) -> tuple[float, ...]:
    return (box.x0, box.y0, box.x1, box.y1, *(box.position_m or (np.nan,) * 3))


def load_walk(path: Path) -> Walk:
    """Read a walk.

    Raises:
        ValueError: the file is damaged.
    """
    try:
        with np.load(path) as data:
            arrays = {name: data[name] for name in data.files}
        about = json.loads(str(arrays["about"])) if "about" in arrays else None
        return Walk(
            truth_from_json(json.loads(str(arrays["truth"]))), tuple(_frames(arrays)), about and _about_from_json(about)
        )
    except (OSError, KeyError, ValueError) as error:
        raise UserError(f"cannot read {path} ({error}); delete it and it is drawn again") from error


def _about_from_json(data: dict[str, Any]) -> About:
    people, gaits = ({int(one): name for one, name in data["kinds"][of].items()} for of in ("people", "gaits"))
    others = {one: tuple(map(contact_from_json, contacts)) for one, contacts in data["others"].items()}
    return About(WalkKinds(data["kinds"]["camera"], people, gaits), others)


def _frames(arrays: dict[str, np.ndarray[Any, Any]]) -> Iterator[SceneFrame]:
    camera = Camera(*map(float, arrays["camera"]))
    boxes: list[list[Box]] = [[] for _ in arrays["times_s"]]
    feet = json.loads(str(arrays["feet"])) if "feet" in arrays else [()] * len(arrays["box_of"])
    for (index, number), values, own in zip(arrays["box_of"].tolist(), arrays["boxes"].tolist(), feet, strict=True):
        x0, y0, x1, y1, *position = values
        at = None if np.isnan(position[0]) else tuple(position)
        told = tuple(Foot(**{**foot, "world_m": tuple(foot["world_m"])}) for foot in own)
        boxes[index].append(Box(number, "person", x0, y0, x1, y1, True, at, told))
    depths_m = arrays["depths_m"].astype(np.float32)
    for index, time_s in enumerate(arrays["times_s"].tolist()):
        yield SceneFrame(index, time_s, camera, arrays["pictures"][index], depths_m[index], tuple(boxes[index]))


def with_loose_boxes(frames: Iterable[SceneFrame]) -> Iterator[SceneFrame]:
    """The frames with boxes as the loosest engine gives them: wider, higher, in whole pixels."""
    rng = np.random.default_rng(0)
    return (LOOSE.apply(frame, rng) for frame in frames)


def nearest_azimuths(frames: tuple[SceneFrame, ...]) -> tuple[FloatArray, FloatArray]:
    """Times in seconds and azimuths in radians (k,) of the nearest character's box, of every frame that has one.

    Where nobody is in any picture, one point straight ahead.
    """
    track = [(frame.capture_time_s, _nearest_azimuth(frame)) for frame in frames if frame.boxes] or [(0.0, 0.0)]
    times_s, azimuths_rad = np.array(track).T
    return times_s, azimuths_rad


def _nearest_azimuth(frame: SceneFrame) -> float:
    box = min(frame.boxes, key=_nearness)
    return azimuth_rad(frame.camera, (box.x0 + box.x1) / 2, frame.width_px)


def _nearness(box: Box) -> float:
    """Distance in metres where it is known, else what falls as a box grows."""
    return 1000.0 / max(box.y1 - box.y0, 1.0) if box.position_m is None else float(np.linalg.norm(box.position_m))
