"""Effects: every place with an ambience shows it and moves; a quiet one shows nothing that moves."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from stereosync_scenes.casting import make_plan
from stereosync_scenes.catalogue import PLACES_OF, draw_place
from stereosync_scenes.effects.moving import eye_of
from stereosync_scenes.effects.of_place import effects_of
from stereosync_scenes.moods import draw_mood
from stereosync_scenes.plan import Plan, Track
from stereosync_scenes.renderer import Renderer

MOVING_PLACES = {
    "rain", "thunder", "snowstorm", "wind", "cave", "river", "sea", "harbour", "waterfall", "fountain", "city", "fire",
    "machinery",
}  # fmt: skip
ALL = sorted((place, kind) for kind, places in PLACES_OF.items() for place in places)


def _empty(place: str, kind: str, amount: float = 0.8) -> Plan:
    """A place without people, seen by a camera at rest that looks at the horizon."""
    plan = next(plan for plan in (make_plan(seed, 0.1) for seed in range(90)) if _usual(plan, kind))
    length = len(plan.shot.track.position_m)
    track = Track(-2.0, np.zeros((length, 2)), np.full(length, np.pi / 2), np.zeros(length))
    shot = dataclasses.replace(plan.shot, track=track, height_m=1.6, down_rad=0.0, vertical_fov_rad=0.8)
    mood = draw_mood(kind, place, amount, np.random.default_rng(3))
    changes = {"place": place, "amount": amount, "mood": mood, "shot": shot}
    return dataclasses.replace(plan, characters=(), blockers=(), **changes)  # type: ignore[arg-type]


def _usual(plan: Plan, kind: str) -> bool:
    return plan.setting.kind == kind and plan.shot.style == "fixed" and plan.setting.half_width_m > 4.0


def _seen(plan: Plan, time_s: float) -> np.ndarray:
    with Renderer(plan) as renderer:
        picture = renderer.frame(time_s).picture
    return cv2.resize(picture, (128, 72), interpolation=cv2.INTER_AREA).astype(int)


@pytest.mark.usefixtures("graphics")
@pytest.mark.parametrize(("place", "kind"), ALL)
def test_a_place_moves_in_a_small_picture_where_its_sound_does(place: str, kind: str) -> None:
    plan = _empty(place, kind)
    changed = (np.abs(_seen(plan, 1.0) - _seen(plan, 1.13)).max(axis=2) > 12).sum()
    if place in MOVING_PLACES:
        assert changed >= 8
    else:
        assert changed == 0


@pytest.mark.usefixtures("graphics")
@pytest.mark.parametrize(("place", "kind"), ALL)
def test_a_place_can_be_told_from_a_quiet_one(place: str, kind: str) -> None:
    plan, quiet = _empty(place, kind), _empty("", kind, 0.0)
    differs = np.abs(_seen(plan, 1.0) - _seen(quiet, 1.0)).max(axis=2) > 16
    assert differs.mean() > 0.01


def test_a_quiet_place_has_no_effects() -> None:
    plans = [plan for plan in map(make_plan, range(60)) if not plan.place]
    assert plans
    assert all(effects_of(plan) == [] for plan in plans)


def test_effects_are_the_same_for_the_same_time_and_keep_their_shape() -> None:
    for seed in range(40):
        plan = make_plan(seed, 0.5)
        eye = eye_of(plan, 0.25)
        for first, second in zip(effects_of(plan), effects_of(plan), strict=True):
            if first.points_at is not None and second.points_at is not None:
                points = first.points_at(0.25, eye)
                assert points.shape == first.mesh.points_m.shape
                assert np.isfinite(points).all()
                np.testing.assert_array_equal(points, second.points_at(0.25, eye))


def test_more_rain_has_more_drops() -> None:
    plan = next(plan for plan in map(make_plan, range(200)) if plan.place == "rain")
    light, heavy = (dataclasses.replace(plan, amount=amount) for amount in (0.2, 1.0))
    assert len(effects_of(heavy)[0].mesh.points_m) > 2 * len(effects_of(light)[0].mesh.points_m)


def test_a_quarter_of_the_places_is_quiet() -> None:
    rng = np.random.default_rng(1)
    drawn = [draw_place("field", "grass", rng) for _ in range(1000)]
    assert 0.2 < np.mean([place == "" for place, _ in drawn]) < 0.3
    assert all((amount == 0) == (place == "") for place, amount in drawn)
