"""The bytes of wire 1.0: they are still read, and a frame that tells nothing is still written so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgpack
import pytest

from stereosync_bridge import golden, wire
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.messages import Ping, Playback

FOLDER = Path(__file__).parent / "golden_1_0"
FILES = sorted(FOLDER.glob("*.bin"))
SAME_NOW = ("audio", "audio_credit", "bye", "ping", "pong", "reset", "stats")  # without a version, and not FRAME


def parts_of(name: str) -> list[bytes]:
    return golden.unpack((FOLDER / f"{name}.bin").read_bytes())


def test_the_files_are_all_there() -> None:
    assert {path.stem for path in FILES} == {*SAME_NOW, "hello", "welcome", "error", "frame_plain", "frame_engine"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_decodes_to_what_it_says(path: Path) -> None:
    header = msgpack.unpackb(parts_of(path.stem)[0])
    message = wire.decode(parts_of(path.stem))
    assert header.pop("type") == message.TYPE
    for name, value in header.items():
        if not isinstance(value, dict | list):
            assert getattr(message, name) == value


@pytest.mark.parametrize("name", SAME_NOW)
def test_what_wire_1_1_left_alone_has_the_same_bytes(name: str) -> None:
    assert (golden.FOLDER / f"{name}.bin").read_bytes() == (FOLDER / f"{name}.bin").read_bytes()


@pytest.mark.parametrize("name", ["frame_plain", "frame_engine"])
def test_a_frame_that_tells_nothing_has_the_bytes_of_1_0_less_hints(name: str) -> None:
    parts = parts_of(name)
    header: dict[str, Any] = msgpack.unpackb(parts[0])
    for box in header["boxes"]:
        del box["hints"]
    written = wire.encode(wire.decode(parts))
    assert written == [msgpack.packb(header), *parts[1:]]
    assert golden.pack(written) == (golden.FOLDER / f"{name}.bin").read_bytes()


@pytest.mark.parametrize("name", ["frame_plain", "ping"])
def test_what_1_0_always_sent_may_be_left_out_or_nil(name: str) -> None:
    parts = parts_of(name)
    header: dict[str, Any] = msgpack.unpackb(parts[0])
    nil = wire.decode([msgpack.packb({**header, "playback": None}), *parts[1:]])
    del header["playback"]
    left_out = wire.decode([msgpack.packb(header), *parts[1:]])
    assert isinstance(nil, FrameMessage | Ping)
    assert nil == left_out
    assert nil.playback is None
    assert "playback" not in msgpack.unpackb(wire.encode(nil)[0])


def test_an_empty_playback_is_all_zeros_and_not_none() -> None:
    header: dict[str, Any] = msgpack.unpackb(parts_of("ping")[0])
    message = wire.decode([msgpack.packb({**header, "playback": {}})])
    assert isinstance(message, Ping)
    assert message.playback == Playback()
