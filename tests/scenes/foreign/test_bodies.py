"""Bodies and their gaits: upright, of one height, on their feet; and the rules that leave a walk out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tiny_g3d import HEAD, REACH, Points, g3d_bytes, stick_points

from stereosync.errors import UserError
from stereosync_scenes.cycles.files import read_cycles, write_cycles
from stereosync_scenes.foreign import game
from stereosync_scenes.foreign.as_cycles import foreign_cycle
from stereosync_scenes.foreign.bodies import TALL_M, body_of, load_body
from stereosync_scenes.foreign.gait import turn_s

WAY_M = 4 * REACH * TALL_M / HEAD  # twice as far as a foot goes back while it stands for half of the turn


@pytest.mark.usefixtures("small_game")
def test_a_body_is_upright_faces_ahead_and_stands_on_the_floor() -> None:
    body = load_body("stick")
    points_m = body.cycle.points_m
    assert points_m[..., 2].max() == pytest.approx(TALL_M)
    np.testing.assert_allclose(points_m[..., 2].min(axis=1), 0, atol=0.02)
    left, right = (points_m[:, sole, 1].mean() for sole in body.gait.feet)
    assert left > 0 > right
    assert [picture.shape for picture, _ in body.pieces if picture is not None] == [(8, 8, 3)]


@pytest.mark.usefixtures("small_game")
def test_a_gait_goes_as_far_as_its_standing_feet_and_comes_down_when_they_do() -> None:
    gait = load_body("stick").gait
    assert gait.stride.length_m == pytest.approx(WAY_M, rel=0.05)
    off = (np.array(gait.stride.contact_phase) - (0.0, 0.5) + 0.5) % 1.0 - 0.5
    assert np.abs(off).max() < 0.03
    assert gait.period_s == turn_s(gait.stride.length_m)


def test_longer_turns_are_quicker_within_bounds() -> None:
    lengths_m = [0.3, 1.3, 1.6, 5.0]
    turns_s = [turn_s(length_m) for length_m in lengths_m]
    assert turns_s == sorted(turns_s, reverse=True)
    assert 1.0 < lengths_m[1] / turns_s[1] < 1.4  # an ordinary pace


def _carried_spear(points: Points) -> Points:
    spear = np.tile([[[0.6, 3.5, 0.0], [0.6, 1.0, 0.1]]], (len(points), 1, 1))
    return np.concatenate([points, spear], axis=1)


def test_what_is_carried_does_not_make_a_body_taller(small_game: Path) -> None:
    (small_game / "spear.g3d").write_bytes(g3d_bytes(_carried_spear(stick_points())))
    body = body_of("spearman", "spear.g3d")
    assert body.cycle.points_m[:, :-2, 2].max() == pytest.approx(TALL_M, rel=0.01)


def _late_to_settle() -> Points:
    """The left sole hovers low over the floor and comes down for good in the middle of its stand."""
    points = stick_points(lift=0.4)
    points[[0, 1, 2], :8, 1] += 0.045
    return points


def _backward() -> Points:
    return stick_points() * [-1.0, 1.0, -1.0]


def _galloping() -> Points:
    points = stick_points()
    points[:, 8:16] = np.roll(points[:, 8:16], 3, axis=0)
    return points


def _leaping() -> Points:
    return stick_points() * [1.0, 1.0, 2.5]


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (_leaping, "which is no walk"),
        (_galloping, "of a turn after the left one"),
        (_backward, "go backward while they stand"),
        (_late_to_settle, "unclear"),
    ],
)
def test_a_walk_that_breaks_a_rule_is_left_out_with_the_rule(
    small_game: Path, make: Callable[[], Points], rule: str
) -> None:
    (small_game / "odd.g3d").write_bytes(g3d_bytes(make()))
    with pytest.raises(UserError, match=rule):
        body_of("odd", "odd.g3d")


@pytest.mark.usefixtures("small_game")
def test_a_gait_goes_through_a_gait_file(tmp_path: Path) -> None:
    cycle = foreign_cycle("stick")
    write_cycles(tmp_path / "gaits", [cycle])
    (again,) = read_cycles(tmp_path / "gaits")
    assert (again.body, again.name) == ("stick", "walk")
    np.testing.assert_allclose(again.points_m, cycle.points_m, atol=1e-3)
    assert again.contact_phase == pytest.approx(load_body("stick").gait.stride.contact_phase, abs=1e-3)
    ahead_m, up_m = cycle.points_m[..., 2], cycle.points_m[..., 1]
    assert up_m.max() == pytest.approx(TALL_M)
    assert np.ptp(ahead_m[:, load_body("stick").gait.feet[0]].mean(axis=1)) > REACH


def test_without_the_game_it_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(game.FOREIGN_VARIABLE, str(tmp_path))
    monkeypatch.setattr(game, "INSTALLED", tmp_path / "nowhere")
    with pytest.raises(game.ForeignUnavailable, match=r"fetch_foreign\.py.*megaglest-data"):
        game.read("magic/units/archmage/models/archmage_walking.g3d")
