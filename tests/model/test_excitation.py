"""Excitation: how loud planned steps would be at each ear follows force, distance, side and age."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from stereosync_model.backbone import (
    FULL_PAN_AZIMUTH_RAD,
    LOOKUP_REACH,
    LOUDEST_OCTAVES,
    NEAREST_M,
    POWER_FLOOR,
    REFERENCE_DISTANCE_M,
    Excitation,
    FrameArrays,
)

REACH = 2 * LOOKUP_REACH + 1
NOW = LOOKUP_REACH  # place of the moment that is being made


def placed(azimuth_rad: float, distance_m: float, turn_rad_per_s: float = 0.0, approach_per_s: float = 0.0) -> Tensor:
    return torch.tensor([azimuth_rad, turn_rad_per_s, math.log(distance_m), approach_per_s])


def excite(
    *characters: Tensor, age_s: float = 0.0, present: float = 1.0, force_octaves: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Power (2, R) at left and right ear of characters who all step now, and where they are (C, 4)."""
    seen = torch.zeros(1, 1, len(characters), REACH)
    seen[..., NOW] = 1
    nothing = torch.zeros(1, 1, len(characters), 0)
    arrays = FrameArrays(
        contacts=nothing,
        grounds=nothing,
        force=torch.full((1, 1, len(characters), 1), force_octaves),
        place=torch.zeros(1, 1, 0),
        room=torch.zeros(1, 1, 0),
        placement=torch.stack(characters)[None, None],
        present=torch.full((1, 1, len(characters)), present),
    )
    log_power, place = Excitation()(seen, arrays, torch.tensor([[age_s]]))
    power = ((log_power[0, 0] - 1) / 0.3).exp() - POWER_FLOOR
    return power.unflatten(0, (2, REACH)), place[0, 0]


def test_an_ordinary_step_straight_ahead_is_half_in_each_ear() -> None:
    power, place = excite(placed(0, REFERENCE_DISTANCE_M))
    torch.testing.assert_close(power[:, NOW], torch.tensor([0.5, 0.5]), atol=1e-4, rtol=1e-3)
    half = math.log(0.5) / 2  # log amplitude
    assert place[0].tolist() == pytest.approx([0.0, math.log(REFERENCE_DISTANCE_M) - 1, half, half], abs=1e-5)


def test_twice_as_far_is_6_db_less() -> None:
    near, far = (excite(placed(0.2, distance_m))[0][:, NOW] for distance_m in (2.0, 4.0))
    assert (10 * (near / far).log10()).tolist() == pytest.approx([6.02, 6.02], abs=0.05)


@pytest.mark.parametrize("octaves", [-1.5, 1.0, 2.0])
def test_an_octave_of_force_is_6_db(octaves: float) -> None:
    ordinary, changed = (excite(placed(0.2, 2.0), force_octaves=force)[0][:, NOW] for force in (0.0, octaves))
    assert (10 * (changed / ordinary).log10()).tolist() == pytest.approx([6.02 * octaves] * 2, abs=0.05)


@pytest.mark.parametrize("octaves", [-9.0, 50.0])
def test_force_is_bounded(octaves: float) -> None:
    wild, bounded = (excite(placed(0, 2.0), force_octaves=force)[0] for force in (octaves, math.copysign(2.0, octaves)))
    torch.testing.assert_close(wild, bounded)
    assert LOUDEST_OCTAVES == 2.0


def test_nobody_is_nearer_than_the_nearest() -> None:
    power, place = excite(placed(0, 0.05))
    expected, _ = excite(placed(0, NEAREST_M))
    torch.testing.assert_close(power, expected)
    assert float(place[0, 1]) == pytest.approx(math.log(NEAREST_M) - 1)


@pytest.mark.parametrize(("azimuth_rad", "ear"), [(FULL_PAN_AZIMUTH_RAD, 1), (-FULL_PAN_AZIMUTH_RAD, 0)])
def test_who_is_at_60_degrees_is_in_one_ear_only(azimuth_rad: float, ear: int) -> None:
    power, _ = excite(placed(azimuth_rad, REFERENCE_DISTANCE_M))
    assert float(power[ear, NOW]) == pytest.approx(1, abs=1e-3)
    assert float(power[1 - ear, NOW]) < 1e-3
    beyond, _ = excite(placed(2 * azimuth_rad, REFERENCE_DISTANCE_M))
    torch.testing.assert_close(beyond, power)


@pytest.mark.parametrize(("turn_rad_per_s", "age_s"), [(0.8, 0.0), (0.8, 0.15), (-1.5, 0.2)])
def test_azimuth_moves_by_its_rate_times_the_age(turn_rad_per_s: float, age_s: float) -> None:
    later, place = excite(placed(0.1, 3.0, turn_rad_per_s), age_s=age_s)
    expected, there = excite(placed(0.1 + turn_rad_per_s * age_s, 3.0))
    torch.testing.assert_close(later, expected, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(place, there)
    assert float(place[0, 0]) == pytest.approx(0.1 + turn_rad_per_s * age_s)


def test_who_comes_nearer_grows_louder_with_the_age() -> None:
    later, _ = excite(placed(0, 4.0, approach_per_s=-1.0), age_s=0.2)
    expected, _ = excite(placed(0, 4.0 * math.exp(-0.2)))
    torch.testing.assert_close(later, expected, atol=1e-5, rtol=1e-4)


def test_a_wild_rate_moves_nobody_far() -> None:
    _, place = excite(placed(0, 3.0, turn_rad_per_s=50.0), age_s=0.2)
    assert float(place[0, 0]) == 0.5


def test_an_absent_character_is_silent() -> None:
    power, _ = excite(placed(0, 1.0), present=0.0)
    torch.testing.assert_close(power, torch.zeros(2, REACH), atol=1e-8, rtol=0)


def test_only_the_moment_of_the_step_is_loud() -> None:
    power, _ = excite(placed(0, 1.0))
    assert power.argmax(1).tolist() == [NOW, NOW]
    assert float(power.sum() - power[:, NOW].sum()) == pytest.approx(0, abs=1e-6)


def test_two_characters_add_their_powers() -> None:
    left, right = placed(-0.5, 2.0), placed(0.7, 3.0)
    both, _ = excite(left, right)
    torch.testing.assert_close(both, excite(left)[0] + excite(right)[0], atol=1e-5, rtol=1e-4)


def test_a_mirrored_character_swaps_the_ears() -> None:
    one, _ = excite(placed(0.4, 2.5, 0.3), age_s=0.1)
    other, _ = excite(placed(-0.4, 2.5, -0.3), age_s=0.1)
    torch.testing.assert_close(one, other.flip(0), atol=1e-6, rtol=1e-5)
