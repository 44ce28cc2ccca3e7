"""The client's loop by hand: a clock that only the test moves, and a service that answers when the test says so."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
import pytest
from made_scenes import SceneMaker

from stereosync.scene import Chunk, SceneFrame
from stereosync_bridge.conformance.script import Script
from stereosync_bridge.events import (
    AudioReceived,
    ClientEvent,
    Disconnected,
    ErrorReceived,
    StatsReceived,
    Welcomed,
)
from stereosync_bridge.messages import ErrorMessage, Playback
from stereosync_tools.audition.errors import AuditionError
from stereosync_tools.audition.feed import PacedFeed, RenderFeed
from stereosync_tools.audition.loop import ClientLoop
from stereosync_tools.audition.performance import Keeper, KnownContact
from stereosync_tools.audition.player import NullPlayer
from stereosync_tools.audition.recorder import Recorder, Writer

RATE_HZ, CHUNK_SAMPLES, FPS = 48_000, 1920, 25
START_S = 100.0


class HandClock:
    def __init__(self) -> None:
        self.now_s = START_S

    def __call__(self) -> float:
        return self.now_s


class Source:
    """A frame every 40 ms."""

    title, duration_s = "test", 10.0

    def __init__(self, scene: SceneMaker) -> None:
        self._scene = scene

    def timeline(self, now_s: Callable[[], float] = lambda: 0.0) -> Iterator[tuple[float, SceneFrame]]:  # noqa: ARG002
        return ((index / FPS, self._scene(index / FPS, index)) for index in count())

    def contacts(self, until_s: float) -> tuple[KnownContact, ...]:  # noqa: ARG002
        return ()


class Client:
    """Gives out the events that the test put in."""

    def __init__(self) -> None:
        self.frames: list[SceneFrame] = []
        self.events: list[ClientEvent] = []
        self.playback = Playback()
        self.counters: Counter[str] = Counter()

    def offer_frame(self, frame: SceneFrame) -> None:
        self.frames.append(frame)

    def report_playback(self, playback: Playback) -> None:
        self.playback = playback

    def reset(self, reason: str = "") -> None:
        """The loop never cuts the scene."""

    def poll(self, timeout_ms: float) -> list[ClientEvent]:  # noqa: ARG002
        events, self.events = self.events, []
        return events


class Stand:
    """A loop with everything around it."""

    def __init__(self, scene: SceneMaker, delay_s: float = 0.0) -> None:
        self.clock, self.client = HandClock(), Client()
        self.keeper = Keeper(RATE_HZ)
        self.recorder = Recorder(Writer(self.keeper, None))
        feed = PacedFeed(Source(scene))
        feed.begin(START_S)
        self.loop = ClientLoop(self.client, feed, self.recorder, self.clock, START_S, RATE_HZ, delay_s)
        self.player = NullPlayer(self.loop.take, RATE_HZ)
        self.sent = 0

    def answer(self, level: float = 0.5, age_s: float = 0.0, captured_s: float | None = None) -> None:
        samples = np.full((CHUNK_SAMPLES, 2), level, np.float32)
        chunk = Chunk(0, self.sent, samples, age_s, steps=2, compute_ms=5.0)
        self.sent += CHUNK_SAMPLES
        captured_s = self.client.frames[-1].capture_time_s if captured_s is None else captured_s
        self.client.events.append(AudioReceived(chunk, captured_s, self.clock.now_s))

    def pass_time(self, seconds: float, step_s: float = 0.005) -> None:
        for _ in range(round(seconds / step_s)):
            self.clock.now_s += step_s
            self.player.pump(self.clock.now_s)
            self.loop.tick(0.0)


@pytest.fixture
def stand(scene: SceneMaker) -> Iterator[Stand]:
    made = Stand(scene)
    yield made
    made.recorder.close()


def test_frames_are_offered_at_their_capture_times(stand: Stand) -> None:
    stand.pass_time(0.1)
    assert [frame.capture_time_s for frame in stand.client.frames] == pytest.approx([100.0, 100.04, 100.08])


def test_what_was_played_is_told(stand: Stand) -> None:
    stand.pass_time(0.01)
    for _ in range(4):
        stand.answer()
    stand.pass_time(0.1)
    assert stand.client.playback.played_samples == pytest.approx(0.1 * RATE_HZ, abs=0.01 * RATE_HZ)
    assert stand.client.playback.buffered_ms == pytest.approx(60, abs=10)
    assert stand.loop.underruns == 0


def test_an_underrun_is_counted(stand: Stand) -> None:
    stand.pass_time(0.01)
    stand.answer()
    stand.pass_time(0.2)
    assert stand.loop.underruns == 1


def test_sound_that_is_heard_when_foreseen_has_no_lag(stand: Stand) -> None:
    """A chunk made for an age of 60 ms, which comes 20 ms after its frame and waits for 40 ms, is in time."""
    stand.pass_time(0.01)
    stand.answer(captured_s=stand.clock.now_s)
    stand.loop.tick(0.0)
    stand.answer(age_s=0.060, captured_s=stand.clock.now_s - 0.020)
    stand.loop.tick(0.0)
    reading = stand.loop.reading({})
    assert reading.lead_ms == pytest.approx((0 + 60) / 2)
    assert stand.loop.gauges.lag_ms()["p50"] == pytest.approx(0, abs=1e-6)


def test_the_player_s_delay_is_part_of_the_lag(scene: SceneMaker) -> None:
    stand = Stand(scene, delay_s=0.030)
    stand.answer(age_s=0.0, captured_s=START_S)
    stand.loop.tick(0.0)
    assert stand.loop.gauges.lag_ms()["p50"] == pytest.approx(30)
    stand.recorder.close()


def test_late_and_concealed_chunks_are_counted(stand: Stand) -> None:
    stand.pass_time(0.01)
    for _ in range(3):
        stand.answer()
    stand.pass_time(0.1)
    stand.sent = 0
    stand.answer()
    stand.client.events.append(AudioReceived(Chunk(0, 9600, np.zeros((960, 2), np.float32)), None, START_S))
    stand.loop.tick(0.0)
    assert stand.loop.gauges.counts["late"] == 1
    assert stand.loop.gauges.counts["concealed"] == 1


def test_a_new_session_is_heard_from_its_first_sample(stand: Stand) -> None:
    stand.pass_time(0.01)
    for _ in range(3):
        stand.answer()
    stand.pass_time(0.15)
    stand.client.events.append(Welcomed(Script().welcome(sample_rate_hz=RATE_HZ)))
    stand.loop.tick(0.0)
    stand.sent = 0
    for _ in range(2):
        stand.answer()
    stand.pass_time(0.02)
    assert stand.loop.take(10).max() > 0
    assert stand.loop.underruns == 1


def test_a_refusal_ends_the_run_with_its_rule(stand: Stand) -> None:
    stand.client.events.append(ErrorReceived(ErrorMessage("bad_wire", "wire", "must be 1.x", fatal=True)))
    with pytest.raises(AuditionError, match=r"wire must be 1\.x"):
        stand.loop.tick(0.0)


def test_a_session_that_was_forgotten_is_opened_again(stand: Stand) -> None:
    stand.client.events += [
        ErrorReceived(ErrorMessage("hello_first", "type", "the first message must be HELLO", fatal=True)),
        Disconnected("the first message must be HELLO"),
    ]
    stand.pass_time(5.0, step_s=0.1)
    stand.client.events.append(Welcomed(Script().welcome(sample_rate_hz=RATE_HZ)))
    stand.pass_time(20.0, step_s=0.1)
    assert stand.loop.gauges.counts["reconnects"] == 1


def test_a_service_that_stays_away_ends_the_run(stand: Stand) -> None:
    stand.client.events.append(Disconnected("nothing heard"))
    with pytest.raises(AuditionError, match="nothing heard"):
        stand.pass_time(11.0, step_s=0.1)


def test_everything_played_is_kept(stand: Stand) -> None:
    stand.pass_time(0.01)
    for _ in range(5):
        stand.answer(level=0.25)
    stand.pass_time(0.15)
    stand.recorder.close()
    performance = stand.keeper.performance(())
    assert len(performance.samples) == pytest.approx(0.155 * RATE_HZ, abs=0.006 * RATE_HZ)
    assert performance.samples[-10:] == pytest.approx(np.full((10, 2), 0.25))
    stand.recorder = Recorder(Writer(stand.keeper, None))  # for the fixture to close


def test_a_scene_that_cannot_be_drawn_says_so_at_once(scene: SceneMaker) -> None:
    class Broken(Source):
        def timeline(self, now_s: Callable[[], float] = lambda: 0.0) -> Iterator[tuple[float, SceneFrame]]:  # noqa: ARG002
            raise AuditionError("no renderer")

    with pytest.raises(AuditionError, match="no renderer"):
        RenderFeed(Broken(scene), HandClock())


def test_drawn_frames_wait_for_the_beginning(scene: SceneMaker) -> None:
    clock = HandClock()
    feed = RenderFeed(Source(scene), clock)
    before = threading.active_count()
    clock.now_s = 200.0
    feed.begin(200.0)
    assert feed.due(200.0)[0].capture_time_s == 200.0
    feed.close()
    assert threading.active_count() < before


def test_a_full_disk_is_told_at_the_end_and_not_before(scene: SceneMaker) -> None:
    class FullDisk:
        def write_frame(self, time_s: float, picture: object) -> None: ...

        def write_sound(self, samples: object) -> None:  # noqa: ARG002
            raise OSError("no space left")

        def close(self) -> None: ...

        def abandon(self) -> None: ...

    recorder = Recorder(Writer(Keeper(RATE_HZ), FullDisk()))
    for index in range(3):
        recorder.sound(np.zeros((240, 2), np.float32))
        recorder.frame(index / FPS, scene(index / FPS, index))
    with pytest.raises(AuditionError, match="no space left"):
        recorder.close()


def test_the_device_is_reported_and_what_the_service_knows_is_shown(scene: SceneMaker) -> None:
    stand = Stand(scene, delay_s=0.03)
    stand.client.events.append(
        StatsReceived({"told_feet": 1.0, "told_contacts": 0.0, "ground_index": 1.0, "ground_chance": 0.7})
    )
    stand.loop.tick(0)
    assert stand.client.playback.device_ms == 30
    assert stand.loop.reading({}).known == "stone 0.7 - seen; feet told, contacts foreseen"
    stand.client.events.append(StatsReceived({"rtf": 0.1}))  # of a service of wire 1.0
    stand.loop.tick(0)
    assert stand.loop.reading({}).known.startswith("stone")
