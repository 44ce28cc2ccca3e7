"""Sides and feet are read from the names that rigs give their bones."""

from __future__ import annotations

import pytest

from stereosync_scenes.cycles.feet import is_foot, named_feet, side_of

LEFT_FEET = (
    "LeftFoot", "mixamorig:LeftFoot", "mixamorig:LeftToeBase", "foot_l", "foot.L", "L_Foot", "Bip01 L Foot",
    "Bip01 L Toe0", "lFoot", "lfoot", "FootL", "Foot_Left", "ball_l", "LeftAnkle", "b_l_heel", "DEF-foot.L",
    "LeftToeBase end", "J_Bip_L_Foot", "toe.L.001",
)  # fmt: skip


@pytest.mark.parametrize("bone", LEFT_FEET)
def test_a_left_foot_has_many_names(bone: str) -> None:
    assert side_of(bone) == "left"
    assert is_foot(bone)


@pytest.mark.parametrize("bone", ["RightFoot", "foot_r", "Bip01 R Foot", "rToe", "ball.R"])
def test_a_right_foot_too(bone: str) -> None:
    assert side_of(bone) == "right"
    assert is_foot(bone)


@pytest.mark.parametrize("bone", ["Hips", "Spine1", "Head", "root", "lower_back", "LowerBack", "leg", "Armature", ""])
def test_the_middle_has_no_side(bone: str) -> None:
    assert side_of(bone) is None


@pytest.mark.parametrize("bone", ["LeftLeg", "hand_l", "eyeball_l", "foot_ik.L", "LeftFootPole", "foot_roll.L"])
def test_what_steers_or_stands_above_is_no_foot(bone: str) -> None:
    assert not is_foot(bone)


def test_rows_are_told_by_both_feet_or_not_at_all() -> None:
    assert named_feet(("Hips", "LeftFoot", "RightFoot", "LeftToe")) == ([1, 3], [2])
    assert named_feet(("Hips", "LeftFoot")) is None
