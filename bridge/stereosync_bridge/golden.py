"""The golden bytes: one file per message with fixed values, for the tests of every language that speaks the wire.

A file is a uint32 number of parts, one uint32 length per part, then the parts, little endian. `messages.json` holds
each header as JSON. Write them anew, after a change of the wire that PROTOCOL.md records, with
`python -m stereosync_bridge.golden`.
"""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from stereosync_bridge import wire
from stereosync_bridge.frame_message import BoxSpec, CameraSpec, DepthSpec, FrameMessage, PictureSpec
from stereosync_bridge.messages import (
    AudioMessage,
    Bye,
    Credit,
    ErrorMessage,
    Hello,
    Ping,
    Playback,
    Pong,
    Reset,
    StatsMessage,
    Welcome,
)
from stereosync_bridge.rules import plain
from stereosync_bridge.told_message import ContactSpec, FootSpec, RoomSpec, SceneSpec

FOLDER = Path(__file__).resolve().parents[1] / "golden"
CAPABILITIES = ("jpeg", "reset", "stats", "credit", "device_ms", "feet", "contacts", "surface", "scene")
SESSION = "0123456789abcdef0123456789abcdef"
CONTACT_CLIENT_S = 12.45  # 0.2 s after its frame
PLAYBACK = Playback(played_samples=96_000, buffered_ms=61.25, underruns=2, epoch=1)
VERSIONS = {"wire": "1.1", "min_wire": "1.0", "package": "0.1.0"}


def messages() -> dict[str, wire.Message]:
    """Every golden message by the name of its file."""
    return {
        "hello": _hello(),
        "welcome": _welcome(),
        "error": ErrorMessage("bad_value", "camera.near", "must be below far", fatal=False, **VERSIONS),
        "frame_plain": _frame_plain(),
        "frame_engine": _frame_engine(),
        "frame_told": _frame_told(),
        "audio": _audio(),
        "audio_credit": AudioMessage(epoch=0, start_sample=0, n_samples=0, credit=8),
        "credit": Credit(8),
        "ping": Ping(sent_client_s=12.5, frames_sent=7, playback=PLAYBACK),
        "pong": Pong(sent_client_s=12.5, received_server_s=100.25, sent_server_s=100.375, credit=8),
        "stats": StatsMessage({"compute_p95_ms": 17.5, "frames_dropped": 3.0}),
        "reset": Reset("new scene"),
        "bye": Bye("level ends"),
    }


def _hello() -> Hello:
    return Hello(
        SESSION,
        client="sample",
        engine="Panda3D 1.10",
        capabilities={"credit": True, "jpeg": True},
        sent_client_s=1.5,
        **VERSIONS,
    )


def _welcome() -> Welcome:
    return Welcome(
        session=SESSION,
        capabilities=dict.fromkeys(CAPABILITIES, True),
        sample_rate_hz=48_000,
        chunk_samples=1920,
        target_buffer_ms=60.0,
        epoch=1,
        heartbeat_s=1.0,
        frames_port=5751,
        credit=1,
        bundle="walk-cpu",
        picture_width_px=160,
        picture_height_px=90,
        sent_client_s=1.5,
        received_server_s=89.25,
        sent_server_s=89.5,
        **VERSIONS,
    )


def _frame_plain() -> FrameMessage:
    """A frame as the Python client sends it: RGB8 and float16 linear metres, rows and boxes from the top."""
    picture = np.arange(4 * 2 * 3, dtype=np.uint8).tobytes()
    depth = np.array([[1.5, np.inf]], dtype="<f2").tobytes()
    return FrameMessage(
        session=SESSION,
        index=41,
        sent=7,
        capture_client_s=12.25,
        clock_offset_s=87.75,
        camera=CameraSpec(fov_deg=60.0, near=0.1, far=1000.0, aspect=2.0),
        picture=PictureSpec("rgb8", 4, 2, len(picture)),
        depth=DepthSpec("linear", "float16", 2, 1, len(depth)),
        boxes=(BoxSpec(1, "walker", 0.25, 0.5, 2.75, 1.875),),
        playback=PLAYBACK,
        picture_bytes=picture,
        depth_bytes=depth,
    )


def _frame_engine() -> FrameMessage:
    """An engine's own conventions: BGRA8, centimetres, horizontal angle, rows from the bottom, a position."""
    picture = np.arange(2 * 2 * 4, dtype=np.uint8).tobytes()
    depth = np.array([[0.5, 0.25], [0.125, 0.0]], dtype="<f4").tobytes()
    box = BoxSpec(
        -3,
        "robot",
        0.0,
        0.5,
        1.0,
        2.0,
        tight=False,
        position_m=(-0.5, -1.0, 4.0),
    )
    return FrameMessage(
        session=SESSION,
        index=42,
        sent=8,
        capture_client_s=12.5,
        clock_offset_s=87.75,
        camera=CameraSpec(fov_deg=90.0, near=10.0, far=100_000.0, fov_axis="horizontal", metres_per_unit=0.01),
        picture=PictureSpec("bgra8", 2, 2, len(picture), row_origin="bottom"),
        depth=DepthSpec("reversed_infinite", "float32", 2, 2, len(depth), row_origin="bottom"),
        boxes=(box,),
        box_origin="bottom",
        playback=PLAYBACK,
        picture_bytes=picture,
        depth_bytes=depth,
    )


def _frame_told() -> FrameMessage:
    """The plain frame with everything that an engine can tell besides."""
    feet = (
        FootSpec("left", (-0.25, 0.125, 3.5), grounded=False, surface="PM_Gravel_01"),
        FootSpec("right", (0.25, 0.0, 4.0), grounded=True, surface="gravel"),
    )
    contact = ContactSpec("left", CONTACT_CLIENT_S, strength=0.75, surface="water")
    walker = BoxSpec(1, "walker", 0.25, 0.5, 2.75, 1.875, feet=feet, contacts=(contact,))
    other = BoxSpec(2, "other", 3.0, 0.5, 3.5, 1.5, surface="wood")
    scene = SceneSpec("forest", 0.5, RoomSpec(size_m=12.5, hardness=0.25), ambience=False)
    playback = replace(PLAYBACK, device_ms=40.0)
    return replace(_frame_plain(), index=43, sent=9, boxes=(walker, other), playback=playback, scene=scene)


def _audio() -> AudioMessage:
    samples = np.array([[0.0, 0.25], [-0.5, 1.0], [0.125, -1.0]], dtype="<f4")
    return AudioMessage(
        epoch=1,
        start_sample=96_000,
        n_samples=len(samples),
        credit=8,
        capture_client_s=12.25,
        age_s=0.0625,
        steps=2,
        compute_ms=11.5,
        pcm=samples.tobytes(),
    )


def pack(parts: list[bytes]) -> bytes:
    """The parts of a message as one file."""
    lengths = [len(part) for part in parts]
    return struct.pack(f"<{1 + len(parts)}I", len(parts), *lengths) + b"".join(parts)


def unpack(data: bytes) -> list[bytes]:
    """The parts of a file that `pack` made."""
    (count,) = struct.unpack_from("<I", data)
    lengths = struct.unpack_from(f"<{count}I", data, 4)
    parts, position = [], 4 + 4 * count
    for length in lengths:
        parts.append(data[position : position + length])
        position += length
    return parts


def write(folder: Path) -> None:
    """Write every golden file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, message in messages().items():
        (folder / f"{name}.bin").write_bytes(pack(wire.encode(message)))
    headers = {name: {"type": message.TYPE, **plain(message)} for name, message in messages().items()}
    text = json.dumps(headers, indent=1) + "\n"
    (folder / "messages.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
