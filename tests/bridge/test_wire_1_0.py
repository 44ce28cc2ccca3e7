"""Sides of wire 1.0 and 1.1 go together. The old side is its golden bytes and headers made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgpack
import pytest
from bridge_pair import FrameMaker
from raw_client import RawClient, has

from stereosync_bridge import golden, wire
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.client_stream import ClientStream
from stereosync_bridge.conformance.hand import HandClock, HandLink
from stereosync_bridge.errors import WireError
from stereosync_bridge.events import (
    AudioReceived,
    ClientJoined,
    ErrorReceived,
    PlaybackReported,
    ResetRequested,
    StatsReceived,
    Welcomed,
)
from stereosync_bridge.messages import Playback
from stereosync_bridge.server import StreamInfo, Told

FOLDER = Path(__file__).parent / "golden_1_0"
KEYS_1_0: dict[str, Any] = {
    path.stem: msgpack.unpackb(golden.unpack(path.read_bytes())[0]) for path in FOLDER.glob("*.bin")
}
MESSAGES = golden.messages()


def old(name: str, **changes: object) -> list[bytes]:
    """A message of 1.0, with some of its fields changed."""
    header, *payloads = golden.unpack((FOLDER / f"{name}.bin").read_bytes())
    return [msgpack.packb({**msgpack.unpackb(header), **changes}), *payloads]


# A client of 1.0


@pytest.fixture
def joined(raw: RawClient) -> RawClient:
    """The old client after WELCOME, of a server whose model can be told everything."""
    raw.control.send_multipart(old("hello"))
    raw.until(lambda: has(ClientJoined, raw.events))
    raw.server.welcome(golden.SESSION, StreamInfo(48_000, 960, 60.0, told=Told(True, True, True, True)))
    header = answered(raw)
    assert set(header) == set(KEYS_1_0["welcome"])
    assert (header["type"], header["wire"], header["min_wire"]) == ("WELCOME", "1.1", "1.0")
    return raw


def answered(raw: RawClient) -> dict[str, Any]:
    """The header of the next message on the control lane, not decoded by our rules."""
    header: dict[str, Any] = msgpack.unpackb(raw.answered(raw.control)[0])
    return header


def test_its_frames_come_and_their_hints_are_ignored(joined: RawClient) -> None:
    events = []
    for sent, name in enumerate(("frame_plain", "frame_engine"), start=1):
        events.append(joined.frame(old(name, sent=sent)))
        joined.server.grant_credit(golden.SESSION)
        header = answered(joined)
        assert set(header) == set(KEYS_1_0["audio_credit"])
        assert (header["type"], header["n_samples"], header["credit"]) == ("AUDIO", 0, sent + 1)
    first, second = events
    assert first.playback == second.playback == Playback(96_000, 61.25, 2, 1)
    assert (first.frame.scene, second.frame.boxes[0].feet, second.frame.boxes[0].surface) == (None, (), None)


def test_its_control_words_are_answered(joined: RawClient) -> None:
    joined.control.send_multipart(old("ping", frames_sent=0))
    assert set(answered(joined)) == set(KEYS_1_0["pong"])
    joined.control.send_multipart(old("reset"))
    joined.until(lambda: has(ResetRequested, joined.events))
    assert PlaybackReported(golden.SESSION, golden.PLAYBACK) in joined.events
    joined.control.send_multipart(old("bye"))
    joined.until(lambda: not joined.server.sessions)
    assert joined.server.counters["invalid"] == 0


def test_a_client_that_demands_a_newer_server_is_refused_and_told_both(raw: RawClient) -> None:
    raw.control.send_multipart(old("hello", wire="1.3", min_wire="1.2"))
    header = answered(raw)
    assert (header["type"], header["code"], header["fatal"]) == ("ERROR", "wrong_version", True)
    assert set(header) == set(KEYS_1_0["error"])


# A server of 1.0


class OldServer:
    """Says golden words of 1.0 to the client of today, over a link turned by hand."""

    def __init__(self) -> None:
        self.clock, self.link = HandClock(), HandLink()
        self.client = BridgeClient(ClientOptions(), self.clock, self.link, lambda: golden.SESSION)
        self.stream = ClientStream(self.client)
        self.client.begin()

    def say(self, *names: str, **changes: object) -> list[Any]:
        for name in names:
            self.link.arrive("control", old(name, **changes))
        return list(self.stream.poll(0))

    def heard(self) -> list[dict[str, Any]]:
        """The headers that the client sent since the last call."""
        sent = [line.split()[2] for line in self.link.lines if line.startswith("send")]
        self.link.lines.clear()
        return [msgpack.unpackb(golden.unpack(bytes.fromhex(parts))[0]) for parts in sent]


def test_the_client_of_today_is_understood_by_a_server_of_1_0(told_scene: FrameMaker) -> None:
    server = OldServer()
    server.stream.report_device(40.0)
    (hello,) = server.heard()
    assert set(hello) == set(KEYS_1_0["hello"])
    assert (hello["wire"], hello["min_wire"]) == ("1.1", "1.0")
    assert has(Welcomed, server.say("welcome"))
    server.stream.offer(told_scene(1, 0.0))
    ping, frame = server.heard()
    assert set(KEYS_1_0["ping"]) <= set(ping)
    assert unknown_keys(frame, KEYS_1_0["frame_plain"]) == {"scene", "feet", "contacts", "surface", "device_ms"}


def unknown_keys(header: Any, known: Any) -> set[str]:
    """The keys at any depth that 1.0 does not know and so ignores; of those it knows only `hints` may be missing."""
    if isinstance(known, list):
        return set().union(*(unknown_keys(item, known[0]) for item in header))
    if not isinstance(known, dict):
        return set()
    assert set(known) - {"hints"} <= set(header)
    below = (unknown_keys(header[key], known[key]) for key in known if key in header)
    return (set(header) - set(known)).union(*below)


def test_the_client_of_today_understands_a_server_of_1_0(scene: FrameMaker) -> None:
    server = OldServer()
    server.say("welcome")
    server.stream.offer(scene(1, 0.0))
    server.heard()
    events = server.say("audio_credit", credit=2)
    assert events == []
    server.stream.offer(scene(2, 0.1))
    assert [header["sent"] for header in server.heard() if header["type"] == "FRAME"] == [2]
    events = server.say("audio", "pong", "stats", "error")
    assert [type(event) for event in events] == [AudioReceived, StatsReceived, ErrorReceived]


# Senders whose numbers are all floats


def floats(value: Any) -> Any:
    """`value` with every integer as a float, as from a language without integers."""
    if isinstance(value, dict):
        return {key: floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [floats(item) for item in value]
    return float(value) if type(value) is int else value


@pytest.mark.parametrize("name", MESSAGES)
def test_a_language_without_integers_is_understood(name: str) -> None:
    header, *payloads = wire.encode(MESSAGES[name])
    changed = msgpack.packb(floats(msgpack.unpackb(header)))
    message = wire.decode([changed, *payloads])
    assert message == MESSAGES[name]
    assert wire.encode(message) == [header, *payloads]


@pytest.mark.parametrize("value", [1.5, float("nan"), float("inf"), -0.5, 1e-300])
def test_floats_that_are_no_whole_numbers_are_no_integers(value: float) -> None:
    with pytest.raises(WireError) as caught:
        wire.decode([msgpack.packb({"type": "CREDIT", "credit": value})])
    assert (caught.value.code, caught.value.field) == ("bad_type", "credit")


@pytest.mark.parametrize("value", [-1.0, 2.0**53 + 2, 1e300, -1e300])
def test_whole_floats_are_held_against_the_limits(value: float) -> None:
    with pytest.raises(WireError) as caught:
        wire.decode([msgpack.packb({"type": "CREDIT", "credit": value})])
    assert (caught.value.code, caught.value.field) == ("bad_value", "credit")


def test_a_frame_from_javascript_reaches_the_server(raw: RawClient, stream: StreamInfo) -> None:
    """Its counters are float64 beyond 2^32: the index, a box id, samples played."""
    raw.join(golden.SESSION, stream, credit=True)
    header, *payloads = wire.encode(MESSAGES["frame_told"])
    changed = msgpack.unpackb(header)
    changed |= {"index": 2.0**40, "sent": 1.0, "playback": {"played_samples": 2.0**33, "buffered_ms": 61.25}}
    changed["boxes"][0]["id"] = -(2.0**52)
    event = raw.frame([msgpack.packb(changed), *payloads])
    assert (event.frame.index, event.frame.boxes[0].id, event.playback) == (2**40, -(2**52), Playback(2**33, 61.25))
