"""Simulated tracks are those of a body that walks: core's arrays, contacts twice a turn, boxes that hold the body."""

from __future__ import annotations

import numpy as np
import pytest
from walking_sticks import stick_cycle

from stereosync.cue_spec import CueSpec
from stereosync_scenes.contact import contact_phase
from stereosync_scenes.cycles.course import draw_course
from stereosync_scenes.cycles.outline import outlined
from stereosync_scenes.cycles.own import own_cycles
from stereosync_scenes.cycles.simulate import simulate

SPEC = CueSpec()
LEGS = slice(5, 8)


def test_clips_have_the_arrays_of_the_cue_encoder() -> None:
    rng = np.random.default_rng(0)
    clips = [simulate(stick_cycle(), SPEC, rng) for _ in range(12)]
    seen = [clip for clip in clips if len(clip.times_s)]
    assert len(seen) > 8
    for clip in seen:
        assert clip.numbers.shape == (len(clip.times_s), SPEC.numbers_shape[1])
        assert clip.tracks.shape == (len(clip.times_s), *SPEC.tracks_shape[1:])
        assert np.isfinite(clip.numbers).all()
        assert np.isfinite(clip.tracks).all()
        assert not clip.tracks[..., LEGS].any()
        assert (np.diff(clip.times_s) > 0).all()
    assert np.ptp(np.concatenate([clip.tracks[:, 0, 2] for clip in seen])) > 0.05, "the boxes widen and narrow"


def test_the_same_seed_gives_the_same_clip_and_fewer_moments_on_demand() -> None:
    first, second = (simulate(stick_cycle(), SPEC, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first.tracks, second.tracks)
    assert len(simulate(stick_cycle(), SPEC, np.random.default_rng(3), moments=5).times_s) <= 5


def test_feet_come_down_twice_a_turn_and_the_body_goes_its_way() -> None:
    cycle = stick_cycle()
    course = draw_course(cycle, 20.0, np.random.default_rng(1))
    turns = course.phase[-1] - course.phase[0]
    assert len(course.contacts_s()) == pytest.approx(2 * turns, abs=2)
    gone_m = np.linalg.norm(np.diff(course.place_m, axis=0), axis=1).sum()
    assert gone_m == pytest.approx(turns * cycle.way_m * course.scale, rel=0.02)


def test_an_outline_has_the_same_extent() -> None:
    (cycle,) = own_cycles(1, 30_000)
    thin = outlined(cycle)
    assert thin.points_m.shape[1] < cycle.points_m.shape[1] / 2
    assert np.ptp(thin.points_m, axis=1) == pytest.approx(np.ptp(cycle.points_m, axis=1), abs=0.01)


def test_feet_that_are_lifted_are_far_from_the_ground_below_them() -> None:
    (cycle,), spec = own_cycles(1, 30_000), CueSpec(clearance_places=7)
    clips = [simulate(outlined(cycle), spec, np.random.default_rng(seed)) for seed in range(12)]
    shown = [clip for clip in clips if len(clip.times_s) and clip.tracks[:, 0, 9:].any()]
    assert len(shown) > 6
    for clip in shown:
        assert clip.tracks.shape[1:] == spec.tracks_shape[1:]
    middle = np.concatenate([clip.tracks[clip.tracks[:, 0, 9:].any(1), 0, 12] for clip in shown])
    side = np.concatenate([clip.tracks[clip.tracks[:, 0, 9:].any(1), 0, 9] for clip in shown])
    assert middle.mean() > side.mean() + 0.2  # the body is above its own middle


def test_without_places_nothing_is_shown_of_legs() -> None:
    (cycle,) = own_cycles(1, 30_000)
    clip = simulate(outlined(cycle), CueSpec(), np.random.default_rng(0))
    assert clip.tracks.shape[2] == 9


def test_an_own_figure_comes_down_where_its_cycle_says() -> None:
    for cycle in own_cycles(3, 30_000):
        low = cycle.points_m[..., 1].min(axis=0) < 0.1
        for side, at in zip((-1, 1), cycle.contact_phase, strict=True):  # the right is at +x
            foot = low & (np.sign(cycle.points_m[..., 0].mean(axis=0)) == side)
            off = (contact_phase(cycle.points_m[:, foot, 1].min(axis=1)) - at + 0.5) % 1.0 - 0.5
            assert abs(off) < 0.02
