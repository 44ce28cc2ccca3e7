"""Rooms: hardness and reverberation time are each other's inverse, and stay within what they mean."""

from __future__ import annotations

import math

import pytest

from stereosync.acoustics import hardness, rt60_s


@pytest.mark.parametrize("size_m", [2.0, 8.0, 40.0])
@pytest.mark.parametrize("seconds", [0.2, 0.8, 2.5])
def test_one_undoes_the_other(size_m: float, seconds: float) -> None:
    share = hardness(size_m, seconds)
    assert 0 < share < 1
    assert rt60_s(size_m, share) == pytest.approx(seconds)


def test_a_cube_decays_as_eyring_says() -> None:
    """A cube of 6 m whose walls give back 0.6: V = 216, S = 216, rt60 = 0.161 V / (-S ln 0.6)."""
    assert rt60_s(6.0, 0.6) == pytest.approx(0.161 * 216 / (-216 * math.log(0.6)))


@pytest.mark.parametrize(("size_m", "seconds"), [(0.0, 1.0), (5.0, 0.0), (0.0, 0.0), (-1.0, 1.0), (5.0, -1.0)])
def test_the_open_gives_nothing_back(size_m: float, seconds: float) -> None:
    assert hardness(size_m, seconds) == 0
    assert rt60_s(size_m, 0.0) == 0


@pytest.mark.parametrize("size_m", [0.01, 10.0, 10_000.0])
@pytest.mark.parametrize("share", [1e-9, 0.5, 0.999, 1.0])
def test_whatever_may_be_told_is_finite(size_m: float, share: float) -> None:
    made_s = rt60_s(size_m, share)
    assert math.isfinite(made_s)
    assert made_s > 0
    assert 0 <= hardness(size_m, made_s) < 1


def test_harder_and_larger_rooms_ring_longer() -> None:
    assert rt60_s(8.0, 0.9) > rt60_s(8.0, 0.5) > rt60_s(8.0, 0.1)
    assert rt60_s(16.0, 0.5) == pytest.approx(2 * rt60_s(8.0, 0.5))
    assert hardness(8.0, 2.0) > hardness(8.0, 0.5) > hardness(8.0, 0.1)
