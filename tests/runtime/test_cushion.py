"""The cushion: as little sound as what was measured allows, more at once when it was too little, less only slowly."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync_runtime.budget import RECOVER_SHARE
from stereosync_runtime.cushion import (
    FALL,
    HEADROOM,
    LEAST_S,
    LEAST_UNEVEN_S,
    MARGIN_S,
    MOST_REPORTS,
    MOST_S,
    MOST_WAITS,
    OVER_S,
    RAISE_S,
    START_S,
    Cushion,
)

CHUNK_S = 0.02


def after(cushion: Cushion, wait_s: float, seconds: float, best_s: float = 0.0, from_s: float = 0.0) -> Cushion:
    """The cushion after so long of chunks that are ready `wait_s` after they were due."""
    for index in range(round(seconds / CHUNK_S)):
        cushion = cushion.after_chunk(wait_s, from_s + index * CHUNK_S, best_s)
    return cushion


def needed_s(wait_s: float, off_s: float = LEAST_UNEVEN_S) -> float:
    return HEADROOM * wait_s + off_s + MARGIN_S


def test_it_falls_slowly_to_what_is_needed_and_not_below() -> None:
    assert after(Cushion(), 0.012, 1.0).target_s == pytest.approx(START_S - FALL, abs=0.001)
    assert after(Cushion(), 0.012, 10.0).target_s == pytest.approx(needed_s(0.012))
    assert after(Cushion(), 0.001, 10.0).target_s == LEAST_S


def test_one_long_wait_raises_it_at_once_and_is_forgotten_in_time() -> None:
    calm = after(Cushion(), 0.01, 10.0)
    raised = calm.after_chunk(0.025, 10.0)
    assert raised.target_s == pytest.approx(needed_s(0.025))
    assert after(raised, 0.01, OVER_S - 0.5, from_s=10.0).target_s == pytest.approx(raised.target_s)
    later = after(raised, 0.01, OVER_S + 10.0, from_s=10.0)
    assert later.target_s == pytest.approx(calm.target_s)


def test_it_has_bounds_whatever_is_measured() -> None:
    assert Cushion().after_chunk(5.0, 1.0).target_s == MOST_S
    troubled = Cushion()
    for second in range(20):
        troubled = troubled.after_trouble(float(second))
    assert troubled.target_s == MOST_S


def test_trouble_raises_it_once_and_each_time_it_comes_back_more_slowly() -> None:
    calm = after(Cushion(), 0.01, 10.0)
    once = calm.after_trouble(10.0).after_trouble(10.1)
    assert once.target_s == pytest.approx(calm.target_s + RAISE_S)
    falls = []
    for troubles in range(1, 5):
        level = calm
        for number in range(troubles):
            level = level.after_trouble(9.0 + number)
        falls.append(level.target_s - after(level, 0.01, 10.0, from_s=10.0).target_s)
    assert falls == pytest.approx([0.005, 0.0025, 0.00125, 0.000625], rel=0.1)


def test_a_device_with_large_blocks_or_messages_of_uneven_speed_need_more() -> None:
    cushion = Cushion()
    for off_s in np.linspace(-0.02, 0.01, 8):
        cushion = cushion.after_report(float(off_s))
    assert after(cushion, 0.01, 10.0).target_s == pytest.approx(needed_s(0.01, 0.02))


def test_there_is_time_for_the_best_quality_to_come_back() -> None:
    cushion = after(Cushion(), 0.001, 10.0, best_s=0.03)
    woken_late_s = 0.003
    assert RECOVER_SHARE * (cushion.target_s - woken_late_s - MARGIN_S) > 0.03


def test_nothing_grows() -> None:
    cushion = Cushion()
    for index in range(3000):
        cushion = cushion.after_chunk(0.01, index / 1000).after_report(0.001)
    assert len(cushion.waits) <= MOST_WAITS
    assert len(cushion.uneven_s) <= MOST_REPORTS
