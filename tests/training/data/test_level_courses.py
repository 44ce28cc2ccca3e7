"""Courses of the people of levels: where these were fetched. Those of own scenes need nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stereosync.cues import FEET_CHANNELS, CueSpec
from stereosync.feet import FootTrack
from stereosync.footfalls import contact_s
from stereosync.scene import SIDES
from stereosync_model.config import GeneratorConfig
from stereosync_scenes.arena import archives
from stereosync_scenes.arena.archives import LevelsUnavailable
from stereosync_scenes.casting import make_plan
from stereosync_training.data.feet_courses import FeetCourse, feet_examples, own_courses
from stereosync_training.data.level_courses import draw_courses, level_course

SEED = 902
SOLE = 3


@pytest.fixture(scope="module")
def course() -> FeetCourse:
    try:
        return level_course(np.random.default_rng(0))
    except LevelsUnavailable as error:
        pytest.skip(f"NO LEVEL IS TESTED: {error}")


def test_own_courses_are_those_of_everybody() -> None:
    courses = draw_courses(2, SEED, False, np.random.default_rng(0))
    assert len(courses) == sum(len(make_plan(seed, 6.0).characters) for seed in (SEED, SEED + 1))
    np.testing.assert_array_equal(courses[0].points_m, own_courses(SEED)[0].points_m)


def test_varied_scenes_come_besides() -> None:
    courses = draw_courses(1, SEED, False, np.random.default_rng(0), varied_scenes=1)
    varied = make_plan(SEED, 6.0, variety="varied").characters
    assert len(courses) == len(make_plan(SEED, 6.0).characters) + len(varied)


def test_people_of_levels_walk_along_where_they_are_wanted(course: FeetCourse) -> None:
    del course  # the people are there
    own, both = (draw_courses(1, SEED, levels, np.random.default_rng(0)) for levels in (False, True))
    assert len(both) == 2 * len(own)


def test_levels_that_were_not_fetched_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_given: object) -> object:
        raise LevelsUnavailable("run scripts/fetch_levels.py")

    monkeypatch.setenv(archives.LEVELS_VARIABLE, str(tmp_path))
    monkeypatch.setattr("stereosync_training.data.level_courses.load_person", missing)
    with pytest.raises(LevelsUnavailable, match="fetch_levels"):
        draw_courses(1, SEED, True, np.random.default_rng(0))


def test_a_course_of_a_level_has_the_shape_of_an_own_one(course: FeetCourse) -> None:
    own = own_courses(SEED)[0]
    assert course.points_m.shape[1:] == own.points_m.shape[1:]
    assert len(course.points_m) == len(course.times_s)
    assert (np.diff(course.contacts_s) >= 0).all()
    sole = course.points_m[:, :, SOLE]
    assert (sole[..., 1] <= course.points_m[:, :, :SOLE, 1].min(-1) + 1e-9).all()
    assert np.ptp(sole[..., 2]) > 1.5  # they go somewhere
    assert np.ptp(sole[..., 0]) < 1.0


def test_feet_come_down_where_the_course_says(course: FeetCourse) -> None:
    """The rule on heights finds most of the contacts."""
    found = []
    for number, _ in enumerate(SIDES):
        points = course.points_m[:, number, SOLE]
        for last in range(60, len(points)):
            kept = slice(max(last - 100, 0), last + 1)
            said = contact_s(FootTrack(course.times_s[kept], points[kept], np.full(last + 1 - kept.start, np.nan)))
            found += [] if said is None else [said]
    wanted = course.contacts_s[(course.contacts_s > 0.3) & (course.contacts_s < course.times_s[-1] - 0.1)]
    assert len(wanted) > 5
    near = [np.abs(np.array(found) - time_s).min() < 0.1 for time_s in wanted]
    assert np.mean(near) > 0.7


def test_examples_of_levels_are_finite_and_have_contacts(course: FeetCourse) -> None:
    examples = feet_examples([course] * 8, 8, CueSpec(), GeneratorConfig(), np.random.default_rng(0))
    assert np.isfinite(examples.feet).all()
    assert (examples.feet[:, 0, FEET_CHANNELS.index("told")] == 1).all()
    assert examples.contacts.max() > 0.5
