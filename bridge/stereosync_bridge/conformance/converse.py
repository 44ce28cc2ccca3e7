"""The Python client's answers to the commands of bridge/CONFORMANCE.md."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from stereosync.scene import SceneFrame
from stereosync_bridge import golden
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.client_stream import ClientStream
from stereosync_bridge.conformance.hand import HandClock, HandLink
from stereosync_bridge.events import (
    AudioReceived,
    ClientEvent,
    Disconnected,
    ErrorReceived,
    StatsReceived,
    Unanswered,
    Welcomed,
)
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.scene_codec import to_scene_frame

OPTIONS = ClientOptions(name="conformance", engine="none", package="0.0.0")
END = "."


class Converser:
    """A client whose clock, network and game are commands."""

    def __init__(self) -> None:
        self._clock, self._link = HandClock(), HandLink()
        numbers = itertools.count(1)
        client = BridgeClient(OPTIONS, self._clock, self._link, lambda: f"{next(numbers):032x}")
        self._client, self._stream = client, ClientStream(client)
        self._plain, self._told = golden_scene("frame_plain"), golden_scene("frame_told")
        self._verbs: dict[str, Callable[..., list[str]]] = {
            "begin": self._begin,
            "offer": self._offer,
            "offer_told": self._offer_told,
            "device": self._device,
            "receive": self._receive,
            "lost": self._lost,
            "block": self._block,
            "poll": self._poll,
            "read": self._read,
            "listen": self._listen,
            "pause": self._pause,
            "resume": self._resume,
            "reset": self._reset,
            "bye": self._bye,
        }

    def answer(self, command: str) -> list[str]:
        """The decisions that a command, `TIME VERB ARGUMENTS`, leads to."""
        time, verb, *arguments = command.split(" ", 2)
        if verb not in self._verbs:
            return ["unknown"]
        self._clock.now_s = float(time)
        words = arguments if verb in ("reset", "bye") else " ".join(arguments).split()
        told = self._verbs[verb](*words)
        lines, self._link.lines = self._link.lines, []
        return lines + told

    def _begin(self) -> list[str]:
        self._client.begin()
        return []

    def _offer(self, index: str) -> list[str]:
        return self._offer_scene(self._plain, index)

    def _offer_told(self, index: str) -> list[str]:
        return self._offer_scene(self._told, index)

    def _offer_scene(self, scene: SceneFrame, index: str) -> list[str]:
        self._stream.offer(replace(scene.stamped(self._clock()), index=int(index)))
        return []

    def _device(self, latency_ms: str) -> list[str]:
        self._stream.report_device(float(latency_ms))
        return []

    def _receive(self, lane: str, parts: str) -> list[str]:
        self._link.arrive(lane, golden.unpack(bytes.fromhex(parts)))
        return []

    def _lost(self) -> list[str]:
        self._link.break_connection()
        return []

    def _block(self, lane: str, flag: str) -> list[str]:
        self._link.block(lane, flag == "1")
        return []

    def _poll(self) -> list[str]:
        return [f"event {describe(event)}" for event in self._stream.poll(0)]

    def _read(self, count: str) -> list[str]:
        self._stream.ring.read(int(count))
        return [self._ring_line()]

    def _listen(self, count: str) -> list[str]:
        samples = self._stream.ring.read(int(count))
        return [" ".join(["sound", *(f"{value:.8g}" for value in samples.reshape(-1))]), self._ring_line()]

    def _ring_line(self) -> str:
        ring, playback = self._stream.ring, self._stream.ring.playback()
        reported = (playback.played_samples, repr(playback.buffered_ms), playback.underruns, playback.epoch)
        totals = (ring.late_samples, ring.gap_samples, ring.skipped_samples)
        return " ".join(map(str, ("ring", *reported, int(ring.priming), *totals)))

    def _pause(self) -> list[str]:
        self._stream.pause()
        return []

    def _resume(self) -> list[str]:
        self._stream.resume()
        return []

    def _reset(self, reason: str = "") -> list[str]:
        self._client.reset(reason)
        return []

    def _bye(self, reason: str = "") -> list[str]:
        self._client.bye(reason)
        return []


def golden_scene(name: str) -> SceneFrame:
    """The frame that `offer` or `offer_told` offers."""
    message = golden.messages()[name]
    assert isinstance(message, FrameMessage)
    return to_scene_frame(message)


def describe(event: ClientEvent) -> str:
    """An event as the words of its line."""
    match event:
        case Welcomed():
            return f"welcomed {event.welcome.session}"
        case AudioReceived():
            capture = "nil" if event.capture_time_s is None else repr(event.capture_time_s)
            return f"audio {event.chunk.epoch} {event.chunk.start_sample} {len(event.chunk.samples)} {capture}"
        case StatsReceived():
            return f"stats {len(event.values)}"
        case ErrorReceived():
            return f"error {event.error.code} {event.error.field or '-'} {int(event.error.fatal)}"
        case Unanswered():
            return "unanswered"
        case Disconnected():
            return "disconnected"


def converse(commands: Iterator[str]) -> Iterator[list[str]]:
    """The decisions of each command; comments have none."""
    converser = Converser()
    for command in commands:
        if command.strip() and not command.startswith("#"):
            yield converser.answer(command.strip("\n"))
