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

import msgpack
import numpy as np

from stereosync.errors import StereoSyncError
from stereosync.scene import MAX_BOXES, Box, Float32Array, SceneFrame, ToldContact, UInt8Array
from stereosync.writing import check_output, whole_file
from stereosync_bridge.errors import WireError
from stereosync_bridge.frame_message import BoxOutline, CameraSpec
from stereosync_bridge.opencv import opencv
from stereosync_bridge.rules import Choice, Group, Many, Maybe, Number, Text, read_record
from stereosync_bridge.scene_codec import to_camera
from stereosync_bridge.tape import TapeError, TapeWriter
from stereosync_bridge.tape_file import follows
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
        UserError: the tape exists already, or cannot be written.
    """
    check_output(tape_path, "tape")
    lines = list(_lines(folder))
    if not lines:
        raise TapeError(f"{folder / FRAMES_FILE} holds no frames: write one line of JSON per frame")
    metadata = _metadata(folder / METADATA_FILE)
    with whole_file(tape_path) as part, TapeWriter(part, metadata) as tape:
        for index, (where, line) in enumerate(lines):
            try:
                frame = _scene_frame(folder, index, line)
                tape.add_frame(line.time_s, frame, picture_format=picture_format, jpeg_quality=jpeg_quality)
            except WireError as error:
                raise TapeError(f"{where}: {error}") from error
    return len(lines)


def _lines(folder: Path) -> Iterator[tuple[str, FrameLine]]:
    """Every frame with the name of its line."""
    path = folder / FRAMES_FILE
    if not path.is_file():
        raise TapeError(f"{path} is missing: write one line of JSON per frame (see stereosync-tape convert --help)")
    last_s: float | None = None
    for number, text in enumerate(_text(path).split("\n"), start=1):
        if not text.strip():
            continue
        where = f"{path.name} line {number}"
        line = _line(text, where)
        if last_s is not None and line.time_s < last_s:
            raise TapeError(f"{where}: time_s must not be below the line before: sort the lines")
        if not follows(line.time_s, last_s):
            raise TapeError(f"{where}: time_s is more than a day after the line before: give seconds")
        last_s = line.time_s
        yield where, line


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TapeError(f"{path.name} is not UTF-8: save it as UTF-8") from error


def _line(text: str, where: str) -> FrameLine:
    try:
        values = json.loads(text)
        if not isinstance(values, Mapping):
            raise TapeError(f"{where}: must be a JSON object")
        return read_record(FrameLine, values)
    except StereoSyncError as error:
        raise error if isinstance(error, TapeError) else TapeError(f"{where}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise TapeError(f"{where}: is not JSON ({error})") from error


def _metadata(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        metadata = json.loads(_text(path))
        msgpack.packb(metadata)
    except TapeError:
        raise
    except (ValueError, OverflowError, RecursionError) as error:
        raise TapeError(f"{path.name} is not JSON that a tape can hold ({error})") from error
    if not isinstance(metadata, dict):
        raise TapeError(f"{path.name} must hold a JSON object")
    return metadata


def _scene_frame(folder: Path, index: int, line: FrameLine) -> SceneFrame:
    picture = _read_picture(folder / line.picture)
    spec = CameraSpec(line.fov_deg, line.near_m, line.far_m, line.fov_axis)
    camera = to_camera(spec, picture.shape[1] / picture.shape[0])
    boxes, depth_m = tuple(map(_box, line.boxes)), _read_depth(folder / line.depth)
    return SceneFrame(index, line.time_s, camera, picture, depth_m, boxes, to_scene(line.scene))


def _box(line: BoxLine) -> Box:
    corners = (line.x0, line.y0, line.x1, line.y1)
    contacts = tuple(ToldContact(c.side, c.time_s, c.strength, word(c.surface)) for c in line.contacts)
    told = (to_feet(line.feet), contacts, word(line.surface))
    return Box(line.id, line.label, *corners, line.tight, line.position_m, *told)


def _read_picture(path: Path) -> UInt8Array:
    """(H, W, 3) RGB, as its rows lie: depth and boxes are not turned either."""
    cv2 = opencv()
    bgr = _read_image(path, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
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
        depth_m = np.asarray(np.load(_existing(path), allow_pickle=False))
    except (ValueError, EOFError, MemoryError) as error:
        raise TapeError(f"{path.name} is not a .npy of numbers ({error})") from error
    if depth_m.dtype.kind != "f":
        raise TapeError(
            f"{path.name} holds {depth_m.dtype}, not metres: save float32 (millimetres divided by 1000), or a 16-bit "
            "PNG of millimetres"
        )
    return depth_m.astype(np.float32)


def _read_image(path: Path, mode: int) -> np.ndarray[Any, Any]:
    # imdecode on the bytes, because imread cannot open every path on Windows.
    cv2 = opencv()
    try:
        image = cv2.imdecode(np.fromfile(_existing(path), np.uint8), mode)
    except cv2.error:  # it is empty, or larger than OpenCV reads
        image = None
    if image is None:
        raise TapeError(f"{path.name} is not a picture that can be read")
    return np.asarray(image)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise TapeError(f"{path} is missing, though {FRAMES_FILE} names it")
    return path
