"""Courses of feet to learn from: told as some engine would, with the contacts that belong to each moment."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync.cues import FEET_CHANNELS, CueSpec
from stereosync.feet import extend_feet, feet_array
from stereosync.scene import SIDES, Foot
from stereosync_model.config import GeneratorConfig
from stereosync_scenes.casting import make_plan
from stereosync_scenes.telling import told_feet
from stereosync_scenes.truth import walk_truth
from stereosync_training.data import feet_courses
from stereosync_training.data.feet_courses import (
    BEFORE_S,
    FASTEST_HZ,
    SLOWEST_HZ,
    FeetCourse,
    feet_examples,
    own_courses,
    tell,
    until,
)

SEED, DURATION_S = 902, 4.0
SPEC, CONFIG = CueSpec(), GeneratorConfig()
TOLD = FEET_CHANNELS.index("told")
BINS_S = CONFIG.forecast_start_s + CONFIG.forecast_step_s * np.arange(CONFIG.forecast_steps)
ANKLE, HEEL, TOE, SOLE = range(4)


@pytest.fixture(scope="module")
def courses() -> list[FeetCourse]:
    return own_courses(SEED, DURATION_S)


@pytest.fixture
def plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines that tell courses in their own size and tempo, without shaking."""
    for name in ("TEMPO_SPREAD", "SIZE_SPREAD", "LIFT_SPREAD", "SHAPE_SPREAD", "SHAKE_M", "LINGER_S"):
        monkeypatch.setattr(feet_courses, name, 0.0)


def still_course(contacts_s: list[float], duration_s: float = 3.0) -> FeetCourse:
    """Feet that do not move, with contacts all the same."""
    times_s = np.arange(0, duration_s, 1 / 60)
    return FeetCourse(times_s, np.zeros((len(times_s), 2, 4, 3)), np.array(contacts_s))


def test_a_course_is_what_an_engine_could_tell_of_the_scene(courses: list[FeetCourse]) -> None:
    plan = make_plan(SEED, DURATION_S)
    assert len(courses) == len(plan.characters)
    for course, character in zip(courses, plan.characters, strict=True):
        at = int(np.abs(course.times_s - 2.0).argmin())
        told = told_feet(plan, float(course.times_s[at]))[character.id]
        np.testing.assert_allclose(course.points_m[at, :, ANKLE], [foot.world_m for foot in told], atol=1e-9)
        exact = [one.time_s for one in walk_truth(plan).contacts if one.character_id == character.id]
        assert set(exact) <= set(course.contacts_s.tolist())


def test_soles_are_under_ankles_and_come_down_to_the_ground(courses: list[FeetCourse]) -> None:
    for course in courses:
        ankle, heel, toe, sole = (course.points_m[:, :, kind] for kind in range(4))
        np.testing.assert_array_equal(sole[..., 1], np.minimum(heel[..., 1], toe[..., 1]))
        np.testing.assert_array_equal(sole[..., (0, 2)], ankle[..., (0, 2)])
        assert (sole[..., 1] < ankle[..., 1]).all()
        assert np.abs(sole[..., 1].min(0)).max() < 1e-6


@pytest.mark.usefixtures("plainly")
def test_an_example_is_what_the_live_path_makes_of_the_same_frames(courses: list[FeetCourse]) -> None:
    told, _ = tell(courses[0], np.random.default_rng(4))
    left, right = (told.feet[side, 0] for side in SIDES)
    track, last = None, 40
    for index in range(last + 1):
        points = [tuple(foot.points_m[index].tolist()) for foot in (left, right)]
        feet = [Foot(side, point) for side, point in zip(SIDES, points, strict=True)]
        track = extend_feet(track, feet, float(left.times_s[index]))
    np.testing.assert_allclose(feet_array(SPEC, until(told, last)), feet_array(SPEC, track), atol=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_every_engine_has_a_rate_of_its_own(courses: list[FeetCourse], seed: int) -> None:
    told, _ = tell(courses[0], np.random.default_rng(seed))
    rate_hz = 1 / np.diff(told.feet["left", 0].times_s)
    assert rate_hz.min() == pytest.approx(rate_hz.max())
    assert SLOWEST_HZ <= rate_hz[0] <= FASTEST_HZ


@pytest.mark.usefixtures("plainly")
def test_told_plainly_a_foot_comes_down_when_it_does(courses: list[FeetCourse]) -> None:
    course = courses[0]
    _, contacts_s = tell(course, np.random.default_rng(0))
    inside = course.contacts_s[(course.contacts_s >= course.times_s[0]) & (course.contacts_s <= course.times_s[-1])]
    np.testing.assert_allclose(contacts_s, inside)
    assert 0 < len(inside) < len(course.contacts_s)


@pytest.mark.parametrize("seed", range(6))
def test_another_tempo_takes_the_contacts_along(seed: int) -> None:
    """Of a foot that goes up and down once a second: it is lowest where its contacts are said to be."""
    times_s = np.arange(0, 8, 1 / 60)
    points = np.zeros((len(times_s), 2, 4, 3))
    points[..., 1] = (1 - np.cos(2 * np.pi * times_s))[:, None, None] / 10
    course = FeetCourse(times_s, points, np.arange(1.0, 8.0))
    told, contacts_s = tell(course, np.random.default_rng(seed))
    foot = told.feet["left", 0]
    heights = np.interp(contacts_s, foot.times_s, foot.heights_m)
    span = np.ptp(foot.heights_m)
    assert span > 0.05
    assert (heights < foot.heights_m.min() + 0.15 * span).all()
    assert np.ptp(np.diff(contacts_s)) < 0.2
    assert (np.diff(contacts_s) > 0.6).all()


def test_contacts_lie_in_the_bins_of_the_forecast(plainly: None) -> None:  # noqa: ARG001
    examples = feet_examples([still_course([1.5])], 400, SPEC, CONFIG, np.random.default_rng(0))
    contacts = examples.contacts.astype(float)
    seen = contacts.sum(-1) > 0.99
    ahead_s = (contacts * BINS_S).sum(-1)[seen]
    assert seen.mean() == pytest.approx((BINS_S[-1] - BINS_S[0]) / 2.7, abs=0.05)
    assert ahead_s.min() < -0.03
    assert ahead_s.max() > 0.25
    assert contacts.sum(-1).max() < 1.01


def test_contacts_beyond_the_course_are_not_asked_for() -> None:
    """Neither do they move to its ends, nor is a moment asked about whose future is not known."""
    course = still_course([-5.0, -0.3, 3.2, 9.0])
    assert not feet_examples([course], 400, SPEC, CONFIG, np.random.default_rng(0)).contacts.any()
    last = still_course([2.95])
    told, (contact_s,) = tell(last, np.random.default_rng(3))
    examples = feet_examples([last], 400, SPEC, CONFIG, np.random.default_rng(3))
    assert told.feet["left", 0].times_s[-1] >= contact_s - 0.1
    assert examples.contacts[:, BINS_S < 0.1].sum() < 1  # nobody is asked so close to the end


def test_every_course_gives_as_many_examples_and_they_are_finite(courses: list[FeetCourse]) -> None:
    examples = feet_examples(courses * 4, 8, SPEC, CONFIG, np.random.default_rng(1))
    assert examples.feet.shape == (32 * len(courses), SPEC.track_steps, len(FEET_CHANNELS))
    assert examples.contacts.shape == (32 * len(courses), CONFIG.forecast_steps)
    assert examples.feet.dtype == examples.contacts.dtype == np.float16
    assert np.isfinite(examples.feet).all()
    assert (examples.feet[:, 0, TOLD] == 1).all()  # the newest moment is told
    assert 0 <= examples.contacts.min() <= examples.contacts.max() <= 1
    assert examples.contacts.max() > 0.5


def test_no_more_is_told_than_is_remembered(courses: list[FeetCourse]) -> None:
    told, _ = tell(courses[0], np.random.default_rng(0))
    whole = told.feet["left", 0]
    foot = until(told, len(whole.times_s) - 1).feet["left", 0]
    assert foot.times_s[-1] == whole.times_s[-1]
    assert 0.9 * BEFORE_S < foot.times_s[-1] - foot.times_s[0] <= BEFORE_S + 1e-9
