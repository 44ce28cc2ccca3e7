"""The line for a game in which nothing is heard: each cause has its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_scenes import SceneMaker

from stereosync.scene import Chunk
from stereosync_bridge.events import AudioReceived, Disconnected, ErrorReceived, StatsReceived, Unanswered, Welcomed
from stereosync_bridge.messages import ErrorMessage, Welcome
from stereosync_panda3d.status import NO_BOXES, NO_CHUNKS, NO_FRAMES, Status

WELCOME = Welcome("0" * 32, "1.0", "1.0", "1", {}, 48_000, 1920, 60.0, 0, 1.0, 5751, 1, "walk", 0, 0, 0.0, 0.0, 0.0)
CHUNK = AudioReceived(Chunk(0, 0, np.zeros((10, 2), np.float32)), None, 0.0)


@pytest.fixture
def status() -> Status:
    one = Status("tcp://127.0.0.1:5750", 0.0)
    one.handle(Welcomed(WELCOME), 0.0)
    return one


def line(status: Status, now_s: float, **more: bool) -> str:
    return status.line(now_s, 62.4, 3, **more)


def test_before_the_service_answers() -> None:
    status = Status("tcp://127.0.0.1:5750", 0.0)
    assert line(status, 0.1) == "connecting to tcp://127.0.0.1:5750"
    status.handle(Unanswered("no answer: the server is not running"), 2.0)
    assert line(status, 2.1) == "no answer: the server is not running"


def test_all_is_well(status: Status, scene: SceneMaker) -> None:
    status.saw(scene(10.0))
    status.handle(CHUNK, 10.0)
    status.handle(StatsReceived({}), 10.0)
    assert line(status, 10.5) == "connected to walk: 62 ms wait, 3 underruns"


def test_frames_boxes_and_chunks_are_missed_in_this_order(status: Status, scene: SceneMaker) -> None:
    assert line(status, 1.0).startswith("connected to walk: ")
    assert line(status, 2.0) == NO_FRAMES
    status.saw(replace(scene(9.9), boxes=()))
    assert line(status, 10.0) == NO_CHUNKS
    status.handle(CHUNK, 10.0)
    assert line(status, 10.0) == NO_BOXES
    status.saw(scene(10.0))
    assert line(status, 10.0).startswith("connected to walk: ")


def test_a_lost_service_is_told_until_it_is_back(status: Status) -> None:
    status.handle(Disconnected("the connection to the server broke"), 5.0)
    assert line(status, 5.0) == "connecting again: the connection to the server broke"
    status.handle(Welcomed(WELCOME), 7.0)
    assert line(status, 7.1).startswith("connected to walk: ")


def test_a_refusal_names_field_and_rule(status: Status) -> None:
    status.handle(ErrorReceived(ErrorMessage("wrong_version", "wire", "update the client", True)), 1.0)
    status.handle(Disconnected("update the client"), 1.0)
    assert line(status, 1.0) == "wrong_version: wire update the client"


def test_a_warning_of_the_service_is_shown_over_all_that_is_well(status: Status) -> None:
    status.handle(ErrorReceived(ErrorMessage("depth_looks_reversed", "depth.encoding", "look at it", False)), 0.5)
    assert line(status, 0.6) == "depth_looks_reversed: depth.encoding look at it"


def test_a_game_without_a_sound_device_says_so(status: Status) -> None:
    status.no_sound("no device")
    assert line(status, 0.1) == "no device"


def test_a_wrong_lens_is_told_until_a_frame_is_good(status: Status, scene: SceneMaker) -> None:
    status.tell("the lens is wrong")
    assert line(status, 0.1) == "the lens is wrong"
    status.saw(scene(0.2))
    assert line(status, 0.3).startswith("connected to walk: ")


def test_a_pause_is_no_trouble(status: Status) -> None:
    assert line(status, 60.0, paused=True) == "connected to walk: paused"
    status.resumed(60.0)
    assert line(status, 60.1).startswith("connected to walk: ")
