"""A folder of pictures, depth files and `frames.jsonl` to a tape.

Each line of `frames.jsonl` is one frame in the order of time:
`{"time_s", "picture", "depth", "fov_deg", "fov_axis"?, "near_m"?, "far_m"?, "boxes"?: [{"id", "label", "x0", "y0",
"x1", "y1", "tight"?, "position_m"?, ...}], ...}`. `picture` names a PNG or JPEG; `depth` a .npy of planar metres or a
16-bit PNG of millimetres, in which 0 means unknown. Boxes are in pixels from the top left.

What an engine would tell besides goes in with the words of the wire (bridge/PROTOCOL.md), all of it optional. In a box:
`"feet": [{"side": "left"|"right", "world_m": [x, y up, z], "grounded"?, "surface"?}]` (4 at most),
`"contacts": [{"side", "time_s", "strength"?, "surface"?}]` (8 at most, times on the clock of the frames' `time_s`),
`"surface": "gravel"`. In a frame: `"scene": {"place"?, "amount"?, "room"?: {"size_m", "hardness"}, "ambience"?}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from stereosync.scene import MAX_BOXES, Box, Float32Array, SceneFrame, ToldContact, UInt8Array
from stereosync_bridge.errors import WireError
from stereosync_bridge.frame_message import BoxOutline, CameraSpec
from stereosync_bridge.opencv import opencv
from stereosync_bridge.rules import Choice, Group, Many, Maybe, Number, Text, read_record
from stereosync_bridge.scene_codec import to_camera
from stereosync_bridge.tape import TapeError, TapeWriter
from stereosync_bridge.told_codec import to_feet, to_scene, word
from stereosync_bridge.told_message import FEET, MAX_CONTACTS, SCENE, SHARE, SIDE, WORD, FootSpec, SceneSpec

FRAMES_FILE = "frames.jsonl"
METADATA_FILE = "metadata.json"


@dataclass(frozen=True)
class ContactLine:
    """A contact of a box; `time_s` is on the clock of the frames."""

    side: Annotated[str, SIDE]
    time_s: Annotated[float, Number()]
    strength: Annotated[float | None, Maybe(SHARE)] = None
    surface: Annotated[str | None, WORD] = None


@dataclass(frozen=True)
class BoxLine(BoxOutline):
    """A box of a line, in pixels from the top left."""

    feet: Annotated[tuple[FootSpec, ...], FEET] = ()
    contacts: Annotated[tuple[ContactLine, ...], Many(Group(ContactLine), 0, MAX_CONTACTS)] = ()
    surface: Annotated[str | None, WORD] = None


@dataclass(frozen=True)
class FrameLine:
    """One line of `frames.jsonl`."""

    time_s: Annotated[float, Number()]
    picture: Annotated[str, Text(256)]
    depth: Annotated[str, Text(256)]
    fov_deg: Annotated[float, Number(above=1, below=179)]
    fov_axis: Annotated[str, Choice(("vertical", "horizontal"))] = "vertical"
    near_m: Annotated[float, Number(above=0)] = 0.1
    far_m: Annotated[float, Number(above=0)] = 1000.0
    boxes: Annotated[tuple[BoxLine, ...], Many(Group(BoxLine), 0, MAX_BOXES)] = ()
    scene: Annotated[SceneSpec | None, SCENE] = None


def convert_folder(folder: Path, tape_path: Path, picture_format: str = "jpeg", jpeg_quality: int = 90) -> int:
    """Write the tape and return its number of frames. `metadata.json` in the folder, if any, becomes its metadata.

    Raises:
        TapeError: a file is missing or breaks a rule; names the file or the line.
    """
    lines = list(_lines(folder))
    metadata = _metadata(folder / METADATA_FILE)
    with TapeWriter(tape_path, metadata) as tape:
        for number, line in enumerate(lines):
            frame = _scene_frame(folder, number, line)
            tape.add_frame(line.time_s, frame, picture_format=picture_format, jpeg_quality=jpeg_quality)
    return len(lines)


def _lines(folder: Path) -> Iterator[FrameLine]:
    path = folder / FRAMES_FILE
    if not path.is_file():
        raise TapeError(f"{path} is missing: write one line of JSON per frame (see stereosync-tape convert --help)")
    last_s = -np.inf
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = _line(text, f"{path.name} line {number}")
        if line.time_s < last_s:
            raise TapeError(f"{path.name} line {number}: time_s must not be below the line before: sort the lines")
        last_s = line.time_s
        yield line


def _line(text: str, where: str) -> FrameLine:
    try:
        values = json.loads(text)
        if not isinstance(values, Mapping):
            raise TapeError(f"{where}: must be a JSON object")
        return read_record(FrameLine, values)
    except json.JSONDecodeError as error:
        raise TapeError(f"{where}: is not JSON ({error})") from error
    except WireError as error:
        raise TapeError(f"{where}: {error}") from error


def _metadata(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise TapeError(f"{path.name} is not JSON ({error})") from error
    if not isinstance(metadata, dict):
        raise TapeError(f"{path.name} must hold a JSON object")
    return metadata


def _scene_frame(folder: Path, index: int, line: FrameLine) -> SceneFrame:
    picture = _read_picture(folder / line.picture)
    try:
        spec = CameraSpec(line.fov_deg, line.near_m, line.far_m, line.fov_axis)
        camera = to_camera(spec, picture.shape[1] / picture.shape[0])
    except WireError as error:
        raise TapeError(f"{FRAMES_FILE} frame {index}: {error}") from error
    boxes, depth_m = tuple(map(_box, line.boxes)), _read_depth(folder / line.depth)
    return SceneFrame(index, line.time_s, camera, picture, depth_m, boxes, to_scene(line.scene))


def _box(line: BoxLine) -> Box:
    corners = (line.x0, line.y0, line.x1, line.y1)
    contacts = tuple(ToldContact(c.side, c.time_s, c.strength, word(c.surface)) for c in line.contacts)
    told = (to_feet(line.feet), contacts, word(line.surface))
    return Box(line.id, line.label, *corners, line.tight, line.position_m, *told)


def _read_picture(path: Path) -> UInt8Array:
    """(H, W, 3) RGB."""
    bgr = _read_image(path, opencv().IMREAD_COLOR)
    return np.ascontiguousarray(bgr[..., ::-1], dtype=np.uint8)


def _read_depth(path: Path) -> Float32Array:
    """(h, w) metres; inf where unknown."""
    if path.suffix == ".npy":
        depth_m = _load_npy(path)
    else:
        millimetres = _read_image(path, opencv().IMREAD_UNCHANGED)
        if millimetres.dtype != np.uint16:
            raise TapeError(f"{path.name} must be a 16-bit PNG of millimetres or a .npy of metres")
        depth_m = np.where(millimetres > 0, millimetres / np.float32(1000), np.inf).astype(np.float32)
    if depth_m.ndim != 2:
        raise TapeError(f"{path.name} must have one number per pixel, got shape {depth_m.shape}")
    return np.asarray(depth_m, dtype=np.float32)


def _load_npy(path: Path) -> Float32Array:
    try:
        return np.asarray(np.load(_existing(path), allow_pickle=False), dtype=np.float32)
    except (ValueError, EOFError) as error:
        raise TapeError(f"{path.name} is not a .npy of numbers ({error})") from error


def _read_image(path: Path, mode: int) -> np.ndarray[Any, Any]:
    # imdecode on the bytes, because imread cannot open every path on Windows.
    image = opencv().imdecode(np.fromfile(_existing(path), np.uint8), mode)
    if image is None:
        raise TapeError(f"{path.name} is not a picture that can be read")
    return np.asarray(image)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise TapeError(f"{path} is missing, though {FRAMES_FILE} names it")
    return path
