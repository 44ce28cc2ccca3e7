"""What arrives of a client: rate, age, form, ring."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_scenes import SceneMaker, arrived

from stereosync_bridge.messages import Playback
from stereosync_runtime.observers import Arrivals


def test_rate_age_and_form_of_frames(scene: SceneMaker) -> None:
    arrivals = Arrivals(100.0)
    assert arrivals.age() == {}
    for index in range(30):
        frame = arrived(scene(100 + index / 30, index))
        arrivals.frame(replace(frame, received_s=frame.captured_s + 0.012, clock_ahead_s=0.004))
    arrivals.tick(101.0)
    values = arrivals.values()
    assert values["frames_per_s"] == pytest.approx(30)
    assert arrivals.age() == {"frame_age_ms": pytest.approx(12)}
    assert values["frame_age_ms"] == pytest.approx(12)
    assert values["clock_ahead_ms"] == pytest.approx(4, rel=0.05)
    assert values["boxes"] == 1
    assert values["picture_format.rgb8"] == values["depth_encoding.linear"] == 1
    assert values["session_s"] == pytest.approx(1)
    arrivals.tick(102.0)
    assert arrivals.values()["frames_per_s"] == 0


def test_the_ring_as_it_is_told() -> None:
    arrivals = Arrivals(100.0)
    arrivals.playback(None)
    arrivals.tick(101.0)
    assert "buffered_ms" not in arrivals.values()
    arrivals.playback(Playback(48_000, 55.0, 3))
    arrivals.playback(None)
    arrivals.tick(102.0)
    values = arrivals.values()
    assert (values["buffered_ms"], values["underruns"], values["played_per_s"]) == (55.0, 3, 48_000)
    arrivals.playback(Playback(10, epoch=1))
    arrivals.tick(103.0)
    assert arrivals.values()["played_per_s"] == 0


def test_two_ticks_at_one_moment_are_one() -> None:
    arrivals = Arrivals(100.0)
    arrivals.tick(100.0)
    assert arrivals.values()["frames_per_s"] == 0
