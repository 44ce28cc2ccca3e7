"""What is odd in a session's figures, and what is not."""

from __future__ import annotations

import pytest
from rich.console import Console

from stereosync_bridge.errors import BOXES_LOOK_LIKE_SHARES, FEET_LOOK_Z_UP
from stereosync_tools.doctor.watch_screen import line, table
from stereosync_tools.doctor.watched import by_session, odd

GOOD = {
    "session_s": 10.0, "frames_per_s": 30.0, "frame_age_ms": 12.0, "clock_ahead_ms": 0.0, "boxes": 2.0,
    "picture_format.jpeg": 1.0, "picture_width_px": 640.0, "picture_height_px": 360.0, "depth_encoding.linear": 1.0,
    "depth_width_px": 320.0, "depth_height_px": 180.0, "decode_ms": 2.0, "frames_lost": 1.0, "frames_over_credit": 1.0,
    "buffered_ms": 55.0, "underruns": 2.0, "played_per_s": 48_000.0, "target_ms": 60.0,
}  # fmt: skip


def without(*names: str) -> dict[str, float]:
    return {name: value for name, value in GOOD.items() if name not in names}


def test_a_good_session_has_nothing_odd() -> None:
    assert odd(GOOD, GOOD) == {}


@pytest.mark.parametrize(
    ("changed", "topic", "words"),
    [
        ({"frame_age_ms": 1500.0}, "clock", "frames come 1.5 s after their stamp"),
        ({"clock_ahead_ms": 900_000.0}, "clock", "frames come 900 s before their stamp"),
        ({"frames_per_s": 4.0}, "rate", "4.0 frames arrive a second, and steps need 15"),
        ({"frames_per_s": 0.0}, "rate", "no frame arrives"),
        ({"boxes": 0.0}, "boxes", "send a box for each character"),
        ({"played_per_s": 0.0}, "ring", "the ring holds 55 ms and is not read"),
        ({"played_per_s": 0.0, "buffered_ms": 0.0}, "ring", "the ring stays empty"),
        ({f"warned.{BOXES_LOOK_LIKE_SHARES}": 1.0}, BOXES_LOOK_LIKE_SHARES, "send pixels"),
        ({f"warned.{FEET_LOOK_Z_UP}": 1.0}, FEET_LOOK_Z_UP, "with y up"),
        ({"decode_ms": 40.0}, "cost", "jpeg picture of 640 x 360 take 40 ms"),
    ],
)
def test_what_is_odd_is_told_with_its_cure(changed: dict[str, float], topic: str, words: str) -> None:
    told = odd(GOOD | changed, GOOD | changed)
    assert set(told) == {topic}
    assert words in told[topic]


@pytest.mark.parametrize(
    ("name", "topic", "words"),
    [
        ("underruns", "ring", "the ring ran dry, 5 times since"),
        ("frames_lost", "lost", "4 frames were sent and never came"),
        ("frames_over_credit", "credit", "3 frames in a second came without a credit"),
    ],
)
def test_counts_are_odd_while_they_rise(name: str, topic: str, words: str) -> None:
    told = odd(GOOD | {name: GOOD[name] + 3}, GOOD)
    assert set(told) == {topic}
    assert words in told[topic]


def test_a_client_that_does_not_say_what_it_plays_is_told() -> None:
    now = without("buffered_ms", "underruns")
    assert "playback: is left out" in odd(now, now)["ring"]


def test_a_session_that_has_just_begun_is_not_judged_by_rates() -> None:
    young = without("frame_age_ms") | {"session_s": 1.0, "frames_per_s": 0.0, "boxes": 0.0}
    assert odd(young, young) == {}
    assert odd(GOOD | {"frames_per_s": 0.0}, {}) == {}


def test_figures_are_found_by_the_beginning_of_the_id() -> None:
    assert by_session({"0123abcd.frames_per_s": 1.0, "0123abcd.warned.x": 1.0, "rss_mib": 3.0}) == {
        "0123abcd": {"frames_per_s": 1.0, "warned.x": 1.0}
    }


def test_a_session_is_shown_whole_and_from_its_first_second_on() -> None:
    shown = line("0123abcd", GOOD)
    assert "picture jpeg 640x360; depth linear 320x180; boxes 2" in shown
    assert "ring ms 55/60; dry 2; warnings none" in shown
    assert "age ms -" in line("0123abcd", {})
    console = Console(width=80)
    with console.capture() as drawn:
        console.print(table({"0123abcd": GOOD}))
    for words in ("0123abcd", "30.0", "640x360", "320x180"):
        assert words in drawn.get()
