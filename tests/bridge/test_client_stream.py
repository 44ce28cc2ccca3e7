"""A client and its ring together: what was played is told, what comes is heard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bridge_pair import FrameMaker

from stereosync.scene import Chunk, SceneFrame
from stereosync_bridge import wire
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.client_stream import ClientStream
from stereosync_bridge.conformance.hand import HandClock, HandLink
from stereosync_bridge.conformance.script import Script
from stereosync_bridge.events import AudioReceived, ClientEvent, Disconnected, ErrorReceived, Welcomed
from stereosync_bridge.messages import AudioMessage, Playback


class Client:
    """Gives out the events that the test put in, and remembers what it was told."""

    def __init__(self) -> None:
        self.events: list[ClientEvent] = []
        self.told: list[object] = []

    def offer_frame(self, frame: SceneFrame) -> None:
        self.told.append(frame)

    def report_playback(self, playback: Playback) -> None:
        self.told.append(playback)

    def poll(self, timeout_ms: float) -> list[ClientEvent]:  # noqa: ARG002
        events, self.events = self.events, []
        return events

    def reset(self, reason: str = "") -> None:
        self.told.append(reason)


def sound(start: int, n: int = 1920, epoch: int = 0) -> AudioReceived:
    return AudioReceived(Chunk(epoch, start, np.full((n, 2), 0.5, np.float32)), None, 0.0)


def test_what_was_played_is_told_before_each_frame_and_poll(scene: FrameMaker) -> None:
    client = Client()
    stream = ClientStream(client)
    client.events.append(sound(0))
    stream.poll(0)
    stream.ring.read(480)
    stream.offer(scene(0, 0.0))
    assert [told.played_samples for told in client.told if isinstance(told, Playback)] == [0, 480]
    assert isinstance(client.told[-1], SceneFrame)


@pytest.mark.parametrize(
    ("said_ms", "told_ms"), [(12.5, 12.5), (0, 0), (-3, 0), (20_000, 10_000), (float("nan"), 0), (float("inf"), 10_000)]
)
def test_the_devices_latency_goes_with_every_report_within_its_limits(
    scene: FrameMaker, said_ms: float, told_ms: float
) -> None:
    client = Client()
    stream = ClientStream(client)
    stream.poll(0)
    stream.report_device(said_ms)
    stream.poll(0)
    stream.offer(scene(0, 0.0))
    told = [report.device_ms for report in client.told if isinstance(report, Playback)]
    assert told == [0, told_ms, told_ms]


def test_welcome_restarts_the_ring_at_its_rate_and_a_loss_leaves_it_alone() -> None:
    client = Client()
    stream = ClientStream(client)
    client.events += [Welcomed(Script().welcome(sample_rate_hz=16_000, epoch=3)), sound(0, 640, epoch=3)]
    stream.poll(0)
    assert (stream.ring.sample_rate_hz, stream.ring.epoch, stream.ring.buffered_ms) == (16_000, 3, 40)
    client.events.append(Disconnected("gone"))
    stream.poll(0)
    assert stream.ring.buffered_ms == 40


def test_a_pause_falls_silent_and_takes_nothing_in() -> None:
    client = Client()
    stream = ClientStream(client)
    client.events.append(sound(0))
    stream.poll(0)
    stream.ring.read(480)
    stream.pause()
    client.events.append(sound(1920))
    stream.poll(0)
    faded = stream.ring.read(960)
    assert stream.paused
    assert faded[:240].any()
    assert not faded[240:].any()
    stream.resume()
    assert client.told[-1] == "resumed"
    client.events.append(sound(0, epoch=1))
    stream.poll(0)
    assert stream.ring.read(960)[300:].all()


def test_a_waiting_frame_that_breaks_a_rule_loses_no_sound(scene: FrameMaker) -> None:
    """The frame is dropped and told; what came in the same poll is still heard."""
    script, clock, link = Script(), HandClock(), HandLink()
    client = BridgeClient(ClientOptions(), clock, link, lambda: f"{1:032x}")
    stream = ClientStream(client)
    client.begin()
    script.session = 1
    link.arrive("control", wire.encode(script.welcome(sample_rate_hz=48_000, credit=0)))
    stream.poll(0)
    frame = scene(0, 0.0)
    stream.offer(replace(frame, boxes=(replace(frame.boxes[0], x1=-5.0),)))
    pcm = np.full((1920, 2), 0.5, "<f4").tobytes()
    link.arrive("control", wire.encode(AudioMessage(0, 0, 1920, credit=1, pcm=pcm)))
    events = stream.poll(0)
    assert [type(event) for event in events] == [AudioReceived, ErrorReceived]
    assert isinstance(events[1], ErrorReceived)
    assert (events[1].error.field, events[1].error.fatal) == ("boxes[0].x1", False)
    assert stream.ring.buffered_ms == 40
    assert client.counters["frames_rejected"] == 1
    stream.offer(scene(1, 0.1))
    assert client.counters["frames_sent"] == 1
