"""The worker without a game: frames go out and chunks come in while the game's thread does nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from made_scenes import SceneMaker
from panda_game import ToneService

from stereosync.scene import Box, Float32Array, SceneFrame
from stereosync_bridge.client_options import ClientOptions
from stereosync_bridge.events import AudioReceived, ErrorReceived, Welcomed
from stereosync_bridge.ring import PlaybackRing
from stereosync_bridge.security import SecurityError
from stereosync_panda3d.worker import Worker


class Taker:
    """A player that takes 5 ms every 5 ms, to nobody."""

    stalls = 0

    def __init__(self, ring: PlaybackRing) -> None:
        self._ring, self.sample_rate_hz = ring, ring.sample_rate_hz
        self._next_s = time.perf_counter()
        self.heard: list[Float32Array] = []
        self.rates_hz: list[int] = []
        self.threads: set[str] = set()

    def pump(self) -> None:
        self.threads.add(threading.current_thread().name)
        while time.perf_counter() >= self._next_s:
            self._next_s += 0.005
            self.heard.append(self._ring.read(self.sample_rate_hz // 200))

    def restart(self, rate_hz: int) -> None:
        self.sample_rate_hz = rate_hz
        self.rates_hz.append(rate_hz)

    def close(self) -> None:
        self.threads.add("closed")


@pytest.fixture
def at_work(tone_service: Callable[..., ToneService]) -> Iterator[Callable[[int], tuple[ToneService, Worker, Taker]]]:
    opened: list[Worker] = []

    def start(rate_hz: int) -> tuple[ToneService, Worker, Taker]:
        service, ring = tone_service(rate_hz, target_ms=200.0), PlaybackRing()
        taker = Taker(ring)
        address = service.server.control_address
        opened.append(Worker(ClientOptions(address), time.perf_counter, ring, taker))  # type: ignore[arg-type]
        return service, opened[-1], taker

    yield start
    for worker in opened:
        worker.close()


def wait_for(event: type, worker: Worker, seconds: float = 5.0) -> object:
    end_s = time.perf_counter() + seconds
    while time.perf_counter() < end_s:
        for one in worker.events():
            if isinstance(one, event):
                return one
        time.sleep(0.005)
    raise AssertionError(f"no {event.__name__} within {seconds:g} s")


def test_a_game_that_stands_still_is_heard_on(
    at_work: Callable[[int], tuple[ToneService, Worker, Taker]], scene: SceneMaker
) -> None:
    service, worker, taker = at_work(48_000)
    wait_for(Welcomed, worker)
    worker.offer(scene(time.perf_counter(), 1))
    wait_for(AudioReceived, worker)
    time.sleep(1.0)  # no picture, no call
    sound = np.concatenate(taker.heard)
    assert np.count_nonzero(np.abs(sound).max(axis=1) > 0.02) > 0.8 * 48_000
    assert len(service.frames) == 1
    worker.close()
    assert not worker.alive
    assert taker.threads == {"stereosync", "closed"}


def test_another_rate_is_taken_over(at_work: Callable[[int], tuple[ToneService, Worker, Taker]]) -> None:
    _, worker, taker = at_work(24_000)
    wait_for(Welcomed, worker)
    time.sleep(0.1)
    assert taker.rates_hz == [24_000]


def test_the_newest_frame_goes_out_and_a_bad_one_is_told(
    at_work: Callable[[int], tuple[ToneService, Worker, Taker]], scene: SceneMaker
) -> None:
    service, worker, _ = at_work(48_000)
    wait_for(Welcomed, worker)
    good = scene(time.perf_counter(), 1)
    twice = SceneFrame(2, good.capture_time_s, good.camera, good.picture, good.depth_m, (good.boxes[0],) * 2)
    worker.offer(twice)
    told = wait_for(ErrorReceived, worker)
    assert isinstance(told, ErrorReceived)
    assert (told.error.field, told.error.fatal) == ("boxes", False)
    for index in range(3, 30):
        worker.offer(scene(time.perf_counter(), index))
    wait_for(AudioReceived, worker)
    assert service.frames[-1].index == 29
    assert worker.frames_sent == len(service.frames)


def test_orders_are_done_in_the_workers_thread(at_work: Callable[[int], tuple[ToneService, Worker, Taker]]) -> None:
    service, worker, _ = at_work(48_000)
    wait_for(Welcomed, worker)
    names: list[str] = []
    worker.order(lambda *_: names.append(threading.current_thread().name))
    worker.order(lambda client, _: client.reset("door"))
    end_s = time.perf_counter() + 3
    while not service.resets and time.perf_counter() < end_s:
        time.sleep(0.005)
    assert names == ["stereosync"]
    assert [reason for _, reason in service.resets] == ["door"]


def test_an_address_beyond_this_machine_is_refused_at_once() -> None:
    with pytest.raises(SecurityError):
        Worker(ClientOptions("tcp://192.0.2.1:5750"), time.perf_counter, PlaybackRing(), None)


def test_boxes_of_a_frame_are_those_that_were_offered(
    at_work: Callable[[int], tuple[ToneService, Worker, Taker]], scene: SceneMaker
) -> None:
    service, worker, _ = at_work(48_000)
    wait_for(Welcomed, worker)
    offered = scene(time.perf_counter(), 1)
    worker.offer(offered)
    wait_for(AudioReceived, worker)
    assert isinstance(service.frames[0].boxes[0], Box)
    assert service.frames[0].boxes == offered.boxes
