"""People of OpenArena: legs, torso and head put together through their tags, with the gait that their legs have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stereosync.scene import UInt8Array
from stereosync_scenes.arena.archives import Archive, open_archive
from stereosync_scenes.arena.bsp import BadFile
from stereosync_scenes.arena.md3 import Model, Surface, Tag, read_md3
from stereosync_scenes.arena.shaders import shaders
from stereosync_scenes.arena.strides import Stride, measure_stride
from stereosync_scenes.plan import FloatArray

PARTS = ("lower", "upper", "head")
TORSO_GESTURE, TORSO_STAND, LEGS_WALKCR = 6, 11, 13


@dataclass(frozen=True)
class Gait:
    """One of the file's animations; whether it is played backward, and whether both feet may be in the air."""

    row: int
    backward: bool
    flies: bool


MOST_ROWS = 16
GAITS = {
    "creep": Gait(13, False, False),
    "walk": Gait(14, False, False),
    "run": Gait(15, False, True),
    "stride": Gait(16, True, False),  # going backward, played backward
}


@dataclass(frozen=True, eq=False)
class Cycle:
    """One turn of a gait as the legs have it: `points_m` and `normals` (F, V, 3), feet on height 0, facing +x.

    Frame F follows into frame 0. Rows of the vertices are those of `Person`.
    """

    points_m: FloatArray
    normals: FloatArray
    stride: Stride

    def at(self, phase: float) -> tuple[FloatArray, FloatArray]:
        """Points and normals (V, 3) at a phase whose whole part does not matter."""
        frames = len(self.points_m)
        place = (phase % 1.0) * frames
        index = int(place) % frames
        part, after = place - int(place), (index + 1) % frames
        points = self.points_m[index] + part * (self.points_m[after] - self.points_m[index])
        normals = self.normals[index] + part * (self.normals[after] - self.normals[index])
        return points, normals


@dataclass(frozen=True, eq=False)
class Person:
    """`uv` (V, 2); each of `pieces` is a surface's name with its triangles (M, 3) of those vertices."""

    name: str
    uv: FloatArray
    pieces: tuple[tuple[str, npt.NDArray[np.uint32]], ...]
    cycles: dict[str, Cycle]
    height_m: float


@lru_cache(maxsize=32)
def load_person(name: str, gaits: tuple[str, ...]) -> Person:
    """The person of that name with the named gaits.

    Raises LevelsUnavailable, KeyError when it is not there, BadFile when it is damaged.
    """
    archive = open_archive("openarena")
    folder = f"models/players/{name}/"
    models = [read_md3(archive.read(f"{folder}{part}.md3")) for part in PARTS]
    rows = animation_rows(archive.text(f"{folder}animation.cfg"))
    surfaces = [surface for model in models for surface in model.surfaces if surface.points_m.shape[1]]
    stand = int(rows[TORSO_STAND][0])
    cycles = {gait: _cycle(models, rows, GAITS[gait], stand) for gait in gaits}
    tall = np.median(np.ptp(next(iter(cycles.values())).points_m[..., 2], axis=1))
    uv = np.concatenate([surface.uv for surface in surfaces])
    return Person(name, uv, tuple(_pieces(surfaces)), cycles, float(tall))


def animation_rows(text: str) -> list[list[float]]:
    """First frame, frames, frames in the loop and frames per second of each animation, in the file's order.

    Raises BadFile when there are too few of them.
    """
    rows = []
    for line in text.splitlines():
        words = line.split("//")[0].split()
        if len(words) >= 4 and words[0].lstrip("-").isdigit():
            rows.append([float(word) for word in words[:4]])
    if len(rows) <= MOST_ROWS:
        raise BadFile(f"animation.cfg has {len(rows)} animations, 17 are needed: choose another character")
    return rows


def leg_frames(rows: list[list[float]], number: int) -> npt.NDArray[np.int64]:
    """Frames of the legs' model that make up one turn of a gait.

    The file counts the torso's own frames before those of the legs; the legs' model does not have them.
    """
    skipped = rows[LEGS_WALKCR][0] - rows[TORSO_GESTURE][0]
    first, count = rows[number][0] - skipped, rows[number][2] or rows[number][1]
    return np.arange(int(first), int(first + count))


def _cycle(models: list[Model], rows: list[list[float]], gait: Gait, stand: int) -> Cycle:
    lower, upper, head = models
    frames = leg_frames(rows, gait.row)[:: -1 if gait.backward else 1]
    if len(frames) < 4 or frames.max() >= lower.frames or stand >= upper.frames:
        raise BadFile("the character's animations name frames that its models do not have: choose another character")
    torso, neck = _tag(lower, "tag_torso"), _tag(upper, "tag_head")
    posed = []
    for frame in frames:
        axes, origin = torso.axes[frame], torso.origin_m[frame]
        head_axes = neck.axes[stand] @ axes
        head_origin = origin + neck.origin_m[stand] @ axes
        parts = [_placed(lower, frame, np.eye(3), np.zeros(3)), _placed(upper, stand, axes, origin)]
        parts.append(_placed(head, 0, head_axes, head_origin))
        posed.append([np.concatenate(columns) for columns in zip(*parts, strict=True)])
    points, normals = (np.stack([pose[which] for pose in posed]) for which in (0, 1))
    legs = sum(surface.points_m.shape[1] for surface in lower.surfaces)
    stride = measure_stride(points[:, :legs], gait.flies)
    return Cycle(points - [0, 0, 1] * stride.drop_m[:, None, None], normals, stride)


def _tag(model: Model, name: str) -> Tag:
    if name not in model.tags:
        raise BadFile(f"the model lacks the tag {name}: choose another character")
    return model.tags[name]


def _placed(model: Model, frame: int, axes: FloatArray, origin_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points and normals (V, 3) of all surfaces at one frame, carried by a tag."""
    surfaces = [surface for surface in model.surfaces if surface.points_m.shape[1]]
    points = np.concatenate([surface.points_m[frame % model.frames] for surface in surfaces])
    normals = np.concatenate([surface.normals[frame % model.frames] for surface in surfaces])
    return points @ axes + origin_m, normals @ axes


def _pieces(surfaces: list[Surface]) -> list[tuple[str, npt.NDArray[np.uint32]]]:
    starts = np.cumsum([0] + [surface.points_m.shape[1] for surface in surfaces[:-1]])
    return [
        (surface.name, (surface.corners + start).astype(np.uint32))
        for surface, start in zip(surfaces, starts, strict=True)
    ]


@lru_cache(maxsize=64)
def load_skin(name: str, skin: str) -> dict[str, UInt8Array]:
    """RGB pictures of a person's surfaces by the surface's name; those that are missing are left out."""
    return _skin_pictures(open_archive("openarena"), f"models/players/{name}/", skin)


def _skin_pictures(archive: Archive, folder: str, skin: str) -> dict[str, UInt8Array]:
    known, pictures = shaders(archive), {}
    for part in PARTS:
        file = f"{folder}{part}_{skin}.skin"
        for line in archive.text(file).lower().splitlines() if file in archive else ():
            surface, _, name = (word.strip() for word in line.partition(","))
            if name and name != "null" and not surface.startswith("tag_"):
                shader = known.get(name.rsplit(".", 1)[0], known.get(name))
                picture = archive.picture(name)
                if picture is None and shader is not None:
                    picture = archive.picture(shader.picture)
                if picture is not None:
                    pictures[surface] = picture
    return pictures
