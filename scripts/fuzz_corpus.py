"""Writes the corpus of the fuzzer, from the golden messages: `python scripts/fuzz.py --write-corpus`."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace
from pathlib import Path

import msgpack
import numpy as np

from stereosync.bundle import Bundle, read_bundle
from stereosync_bridge import wire
from stereosync_bridge.frame_message import DepthSpec, FrameMessage, PictureSpec
from stereosync_bridge.golden import messages, pack
from stereosync_bridge.jpeg import encode_jpeg
from stereosync_bridge.tape_file import META, TO_SERVER, TapeRecord, write_prefix, write_record
from stereosync_runtime.bundles import DEFAULT_BUNDLE, find_bundle

WIDTH_PX, HEIGHT_PX = 32, 24


def write_corpus(folder: Path) -> None:
    """Every file of it."""
    folder.mkdir(parents=True, exist_ok=True)
    golden = messages()
    plain = golden["frame_plain"]
    assert isinstance(plain, FrameMessage)
    for name in ("hello", "ping", "reset", "frame_plain", "frame_engine", "frame_told"):
        (folder / f"{name}.bin").write_bytes(pack(wire.encode(golden[name])))
    for name, message in {"frame_jpeg": _jpeg(plain), "frame_matrix": _matrix(plain)}.items():
        (folder / f"{name}.bin").write_bytes(pack(wire.encode(message)))
    (folder / "picture.jpg").write_bytes(_picture())
    (folder / "short.tape").write_bytes(_tape([golden["hello"], golden["ping"], plain]))
    (folder / "bundle.json").write_text(_manifest(read_bundle(find_bundle(DEFAULT_BUNDLE))), encoding="utf-8")


def _picture() -> bytes:
    rows, columns = np.mgrid[:HEIGHT_PX, :WIDTH_PX]
    return encode_jpeg(np.stack([8 * rows, 7 * columns, rows * columns], -1).astype(np.uint8), 60)


def _jpeg(plain: FrameMessage) -> FrameMessage:
    data = _picture()
    return replace(plain, picture=PictureSpec("jpeg", WIDTH_PX, HEIGHT_PX, len(data)), picture_bytes=data)


def _matrix(plain: FrameMessage) -> FrameMessage:
    matrix = (1.0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 0, -1.0, 0, 0, 1.0, 1.0)
    data = np.linspace(0.1, 0.9, 16, dtype="<f4").tobytes()
    spec = DepthSpec("inverse_projection", "float32", 4, 4, len(data), inverse_projection=matrix)
    return replace(plain, depth=spec, depth_bytes=data)


def _tape(spoken: list[wire.Message]) -> bytes:
    file = io.BytesIO()
    write_prefix(file)
    write_record(file, TapeRecord(0.0, META, (msgpack.packb({"name": "short"}),)))
    for number, message in enumerate(spoken):
        write_record(file, TapeRecord(0.1 * number, TO_SERVER, tuple(map(bytes, wire.encode(message)))))
    return file.getvalue()


def _manifest(bundle: Bundle) -> str:
    """The manifest alone: its files are missing, which is the last thing that is checked."""
    data = asdict(bundle)
    del data["folder"]
    return json.dumps(data, indent=1) + "\n"
