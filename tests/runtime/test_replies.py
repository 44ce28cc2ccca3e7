"""Notices: each unknown word and each odd convention is named once per session, however often it comes."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from made_scenes import SceneMaker, arrived

from stereosync.told import Told
from stereosync_bridge.events import FrameReceived
from stereosync_runtime.budget import FEW_LOOKS, LEAST_FPS, LOOK_SHARE, Looks
from stereosync_runtime.replies import (
    FRAMES_DOUBTED,
    MOST_WORDS,
    OUT_OF_TIME_IN_A_ROW,
    WARNINGS,
    Notices,
    Warn,
)

NOTHING, CHEAP = Told(), Looks()


@pytest.fixture
def frame(scene: SceneMaker) -> FrameReceived:
    return arrived(scene(100.0))


def say(notices: Notices, received: FrameReceived, told: Told = NOTHING, looks: Looks = CHEAP) -> list[Warn]:
    return notices.of(received, told, looks)


def test_a_word_that_means_nothing_is_named_once_in_ascii(
    caplog: pytest.LogCaptureFixture, frame: FrameReceived
) -> None:
    notices = Notices("ab")
    with caplog.at_level(logging.WARNING, "stereosync.runtime"):
        for _ in range(3):
            assert say(notices, frame, Told(unknown_words=("Gräfin\n🎉\ud800",))) == []
    (message,) = caplog.messages
    assert "'Gr\\xe4fin\\n\\U0001f389\\ud800'" in message
    assert message.isascii()


def test_ten_thousand_words_a_second_neither_grow_the_memory_nor_flood_the_log(
    caplog: pytest.LogCaptureFixture, frame: FrameReceived
) -> None:
    notices = Notices("ab")
    with caplog.at_level(logging.WARNING, "stereosync.runtime"):
        for start in range(0, 10_000, 500):
            say(notices, frame, Told(unknown_words=tuple(f"surface {start + index}" for index in range(500))))
    assert len(caplog.messages) == MOST_WORDS + 1
    assert "further unknown words" in caplog.messages[-1]
    assert len(notices._words) == MOST_WORDS


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Told(odd_feet="centimetres"), "feet_look_like_centimetres"),
        (Told(odd_feet="z_up"), "feet_look_z_up"),
        (Told(out_of_time=3), "contacts_out_of_time"),
    ],
)
def test_what_looks_wrong_is_told_to_the_client_once(told: Told, code: str, frame: FrameReceived) -> None:
    notices = Notices("ab")
    (warning,) = say(notices, frame, told)
    assert (warning.session_id, warning.code) == ("ab", code)
    assert say(notices, frame, told) == []
    assert {one.code for one in say(notices, frame, Told(odd_feet="centimetres", out_of_time=1))} <= set(WARNINGS) - {
        code
    }


def test_each_warning_fits_the_wire_and_says_what_to_do() -> None:
    for field, rule in WARNINGS.values():
        assert len(field) <= 128
        assert len(rule) <= 512
        assert ": send " in rule


@pytest.mark.parametrize(("late_s", "ahead_s", "word"), [(1.5, 0.0, "after"), (0.0, 3.0, "before")])
def test_frames_that_are_stamped_by_another_clock_are_told_of_once(
    frame: FrameReceived, late_s: float, ahead_s: float, word: str
) -> None:
    notices = Notices("ab")
    odd = replace(frame, received_s=frame.captured_s + late_s, clock_ahead_s=ahead_s)
    said = [say(notices, odd) for _ in range(3 * OUT_OF_TIME_IN_A_ROW)]
    (warning,) = [one for each in said for one in each]
    assert warning.code == "clock_looks_wrong"
    assert f" s {word} their stamp" in warning.rule


def test_a_hitch_is_no_wrong_clock(frame: FrameReceived) -> None:
    notices = Notices("ab")
    late = replace(frame, received_s=frame.captured_s + 1.5)
    assert not any(say(notices, late if index % OUT_OF_TIME_IN_A_ROW else frame) for index in range(100))


def test_frames_that_cost_too_much_are_told_of(frame: FrameReceived) -> None:
    (warning,) = say(Notices("ab"), frame, looks=Looks(1.5 * LOOK_SHARE / LEAST_FPS, 2 * FEW_LOOKS))
    assert (warning.code, warning.field) == ("frames_cost_too_much", "picture")
    assert say(Notices("ab"), frame, looks=Looks(0.5 * LOOK_SHARE / LEAST_FPS, 2 * FEW_LOOKS)) == []
    assert say(Notices("ab"), frame, looks=Looks(1.0, count=1)) == []


def test_depth_that_looks_reversed_is_told_of_once_and_only_looked_for_at_the_beginning(frame: FrameReceived) -> None:
    message = replace(frame.message, depth=replace(frame.message.depth, encoding="standard"))
    zeros = replace(frame, message=replace(message, depth_bytes=bytes(len(message.depth_bytes))))
    notices = Notices("ab")
    assert [warning.code for warning in say(notices, zeros)] == ["depth_looks_reversed"]
    assert say(notices, zeros) == []
    late = Notices("ab")
    for _ in range(FRAMES_DOUBTED):
        say(late, frame)
    assert say(late, zeros) == []
