"""A game of a few kilobytes: one room, one person with two feet, written in the formats of the real one."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from stereosync_scenes.arena import archives, bsp, catalogue, courses, md3, people, scenery
from stereosync_scenes.arena.bsp import METRES_PER_UNIT

FRAMES = 12
REACH_M = 0.35  # a foot's way before and behind the body
ROOM_M = (24.0, 20.0, 5.0)
Points = npt.NDArray[np.float64]


def leg_points() -> Points:
    """Legs (FRAMES, 18, 3): two boxes for feet and two hips. The left foot comes down at phase 0, the right at 0.5."""
    box = np.array([(x, y, z) for x in (-0.1, 0.1) for y in (-0.04, 0.04) for z in (0.0, 0.08)])
    frames = []
    for frame in range(FRAMES):
        feet = [box + foot_at(frame / FRAMES + shift, side) for shift, side in ((0.0, 0.12), (0.5, -0.12))]
        frames.append(np.concatenate([*feet, [(0, 0.1, 0.9), (0, -0.1, 0.9)]]))
    return np.array(frames)


def foot_at(phase: float, side_m: float) -> Points:
    """Where a foot is: on the ground and going back in the first half of the turn, in the air in the second."""
    part = phase % 1.0
    if part < 0.5:
        return np.array([REACH_M * (1 - 4 * part), side_m, 0.0])
    return np.array([-REACH_M * np.cos(2 * np.pi * (part - 0.5)), side_m, 0.15 * np.sin(2 * np.pi * (part - 0.5))])


def md3_bytes(points_m: Points, tags: dict[str, tuple[float, float, float]]) -> bytes:
    """A model with one surface of points (F, V, 3) and tags that stay where they are, their axes twice too long."""
    frames, vertices = points_m.shape[:2]
    corners = np.array([(n, (n + 1) % vertices, (n + 2) % vertices) for n in range(vertices)], dtype="<i4")
    packed = np.zeros((frames, vertices), dtype=md3.POINT)
    packed["place"] = np.round(points_m / METRES_PER_UNIT * 64)
    body = corners.tobytes() + b"skin".ljust(68, b"\0") + np.zeros((vertices, 2), "<f4").tobytes() + packed.tobytes()
    start = struct.calcsize(md3.SURFACE)
    places = np.cumsum([start, corners.nbytes, 68, vertices * 8])
    size = start + len(body)
    surface = struct.pack(
        md3.SURFACE, b"IDP3", b"l_legs", 0, frames, 1, vertices, len(corners), *(int(p) for p in places), size
    )
    table = np.zeros((frames, len(tags)), dtype=md3.TAG)
    for column, (name, origin) in enumerate(tags.items()):
        table[:, column] = (name.encode(), np.array(origin) / METRES_PER_UNIT, 2 * np.eye(3))
    head = struct.calcsize(md3.HEADER)
    tags_at, surfaces_at = head, head + table.nbytes
    end = surfaces_at + size
    header = struct.pack(md3.HEADER, b"IDP3", 15, b"", 0, frames, len(tags), 1, 0, head, tags_at, surfaces_at, end)
    return header + table.tobytes() + surface + body


def bsp_bytes() -> bytes:
    """A closed room of ROOM_M: floor, ceiling and four walls, one cluster."""
    size = np.array(ROOM_M) / METRES_PER_UNIT
    vertices, faces, order = [], [], []
    for axis in range(3):
        for end in (0, 1):
            across = [other for other in range(3) if other != axis]
            square = np.zeros((4, 3))
            square[:, across] = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
            square[:, axis] = end
            normal = np.eye(3)[axis] * (1 - 2 * end)
            face = np.zeros(1, dtype=bsp.FACE)
            face["texture"], face["kind"] = (1 if axis == 2 and end == 0 else 0), bsp.POLYGON
            face["vertex"], face["vertices"], face["corner"], face["corners"] = 4 * len(faces), 4, 6 * len(faces), 6
            own = np.zeros(4, dtype=bsp.VERTEX)
            own["point"], own["normal"], own["colour"], own["uv"] = square * size, normal, 200, square[:, across]
            vertices.append(own)
            faces.append(face)
            order += [0, 1, 2, 0, 2, 3]
    textures = np.zeros(2, dtype=bsp.TEXTURE)
    textures["name"] = [b"textures/wall", b"textures/floor"]
    nodes, leafs, models = (np.zeros(1, dtype=kind) for kind in (bsp.NODE, bsp.LEAF, bsp.MODEL))
    nodes["children"], leafs["faces"] = (-1, -1), len(faces)
    lumps = {
        bsp.TEXTURES: textures.tobytes(), bsp.NODES: nodes.tobytes(), bsp.PLANES: np.zeros(1, bsp.PLANE).tobytes(),
        bsp.LEAFS: leafs.tobytes(), bsp.LEAF_FACES: np.arange(len(faces), dtype="<i4").tobytes(),
        bsp.MODELS: models.tobytes(), bsp.VERTICES: np.concatenate(vertices).tobytes(),
        bsp.MESH_VERTICES: np.array(order, dtype="<i4").tobytes(), bsp.FACES: np.concatenate(faces).tobytes(),
        bsp.VISIBILITY: struct.pack("<2iB", 1, 1, 1),
    }  # fmt: skip
    place, table = 8 + 17 * 8, b""
    for number in range(17):
        table += struct.pack("<2i", place, len(lumps.get(number, b"")))
        place += len(lumps.get(number, b""))
    return b"IBSP" + struct.pack("<i", 46) + table + b"".join(lumps.get(number, b"") for number in range(17))


def _picture(colour: tuple[int, int, int]) -> bytes:
    return bytes(cv2.imencode(".png", np.full((8, 8, 3), colour, dtype=np.uint8))[1])


@pytest.fixture
def game(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the small game, found through STEREOSYNC_LEVELS and named by the catalogue."""
    folder = tmp_path / archives.FOLDERS["openarena"]
    folder.mkdir(parents=True)
    torso = np.array([[(0, 0.2, 0), (0, -0.2, 0), (0.1, 0, 0.5), (0, 0, 0.55)]], dtype=float)
    rows = "\n".join(f"0 {FRAMES} {FRAMES} 15" if row == 14 else "0 1 0 15" for row in range(25))
    person = "models/players/stick/"
    files = {
        "maps/room.bsp": bsp_bytes(),
        "textures/wall.png": _picture((90, 120, 150)),
        "textures/floor.png": _picture((50, 50, 50)),
        f"{person}lower.md3": md3_bytes(leg_points(), {"tag_torso": (0, 0, 0.9)}),
        f"{person}upper.md3": md3_bytes(torso, {"tag_head": (0, 0, 0.55)}),
        f"{person}head.md3": md3_bytes(torso * 0.4, {}),
        f"{person}animation.cfg": rows.encode(),
        f"{person}skin.png": _picture((40, 60, 220)),
    }
    files |= {f"{person}{part}_default.skin": f"l_legs,{person}skin.png\n".encode() for part in people.PARTS}
    with zipfile.ZipFile(folder / "pak0.pk3", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    monkeypatch.setenv(archives.LEVELS_VARIABLE, str(tmp_path))
    monkeypatch.setattr(catalogue, "TRAIN_LEVELS", ("room",))
    monkeypatch.setattr(catalogue, "SHIFT_LEVELS", {"openarena": ("room",)})
    for side in ("train", "shift"):
        monkeypatch.setitem(courses.PEOPLE, side, {"stick": ("walk",)})
    monkeypatch.setitem(courses.SKINS, "stick", ("default",))
    _forget()
    yield tmp_path
    archives.open_archive("openarena").close()
    _forget()


def _forget() -> None:
    for kept in (scenery.load_scenery, people.load_person, people.load_skin, archives._opened):
        kept.cache_clear()
