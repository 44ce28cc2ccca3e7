"""Plans: the same for the same seed, in every variety, with people in view for any length of time."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from stereosync.scene import Camera
from stereosync.vocabulary import GROUNDS
from stereosync_scenes.casting import make_plan
from stereosync_scenes.plan import Patch, Plan
from stereosync_scenes.truth import walk_truth

PLACES = {
    "", "wind", "forest", "rain", "village", "river", "city", "thunder", "sea", "harbour", "night", "waterfall",
    "machinery", "desert", "snowstorm", "fire", "cave", "jungle", "fountain",
}  # fmt: skip
MANY = range(50)


@pytest.fixture(scope="module")
def many() -> list[Plan]:
    return [make_plan(seed) for seed in MANY]


def test_the_same_seed_is_the_same_walk() -> None:
    first, second = make_plan(11), make_plan(11)
    assert walk_truth(first) == walk_truth(second)
    assert first.mood == second.mood
    assert first.patches == second.patches
    assert first.characters[0].body == second.characters[0].body
    assert walk_truth(first) != walk_truth(make_plan(12))


def test_planning_needs_no_engine() -> None:
    code = (
        "import sys; from stereosync_scenes.casting import make_plan; from stereosync_scenes.truth import walk_truth; "
    )
    code += (
        "assert walk_truth(make_plan(0)).contacts; assert not any(name.startswith('panda3d') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_rooms_have_walls(many: list[Plan]) -> None:
    for plan in many:
        assert (plan.room.size_m > 0) == (plan.room.rt60_s > 0)
        assert plan.room.size_m > 0 or plan.setting.kind != "hall"
        assert plan.room.size_m == 0 or plan.setting.kind != "field"


def test_every_place_turns_up_and_quiet_ones_often() -> None:
    plans = [make_plan(seed, 0.1) for seed in range(300)]
    assert {plan.place for plan in plans} == PLACES
    assert 0.15 < np.mean([plan.place == "" for plan in plans]) < 0.35
    for plan in plans:
        assert (plan.amount == 0) == (plan.place == "")
        assert 0 <= plan.amount <= 1
        assert walk_truth(plan).amount == plan.amount


def test_one_to_four_people_of_all_sizes_and_gaits() -> None:
    people = [one for seed in range(200) for one in make_plan(seed, 0.1).characters]
    counts = [len(make_plan(seed, 0.1).characters) for seed in range(200)]
    assert set(counts) == {1, 2, 3, 4}
    heights_m = np.array([one.body.height_m for one in people])
    assert 0.05 < np.mean(heights_m < 1.4) < 0.16
    assert heights_m.max() > 1.95
    assert 0.06 < np.mean([one.limp != 0 for one in people]) < 0.2
    assert 0.03 < np.mean([one.sneak > 0 for one in people]) < 0.15
    assert np.std([one.cadence for one in people if not one.sneak]) > 0.05


def test_in_some_walks_someone_never_moves() -> None:
    standers = [
        any(not np.ptp(one.track.position_m, axis=0).any() for one in make_plan(seed).characters) for seed in range(150)
    ]
    assert 0.02 < np.mean(standers) < 0.2


def test_a_still_walk_has_people_but_no_contacts_and_no_ambience() -> None:
    for seed in range(30):
        plan = make_plan(seed, 4.0, still=True)
        truth = walk_truth(plan)
        assert plan.characters
        assert truth.contacts == ()
        assert (truth.place, truth.amount) == ("", 0.0)


def test_every_ground_turns_up() -> None:
    grounds = {patch.ground for seed in range(150) for patch in make_plan(seed, 0.1).patches}
    assert grounds == set(GROUNDS)


def test_horizontal_view_is_between_45_and_100_degrees(many: list[Plan]) -> None:
    for plan in many:
        across = 2 * np.degrees(np.arctan(plan.shot.camera(16 / 9).tan_half_horizontal))
        assert 45 <= across <= 100
        assert 1.1 <= plan.shot.height_m <= 2.5


def test_contacts_are_balanced_between_left_and_right(many: list[Plan]) -> None:
    sides = [contact.position_m[0] > 0 for plan in many for contact in walk_truth(plan).contacts]
    assert 0.4 < np.mean(sides) < 0.6


def _in_view(camera: Camera, position: tuple[float, float, float]) -> bool:
    x, y, z = position
    return z > 0.1 and abs(x / z) < camera.tan_half_horizontal and abs(y / z) < camera.tan_half_vertical


def test_most_contacts_are_in_view_at_all_azimuths_and_2_to_12_metres_away(many: list[Plan]) -> None:
    seen, shares, distances = [], [], []
    for plan in many:
        camera = plan.shot.camera(16 / 9)
        for contact in walk_truth(plan).contacts:
            seen.append(_in_view(camera, contact.position_m))
            shares.append(contact.position_m[0] / contact.position_m[2] / camera.tan_half_horizontal)
            distances.append(float(np.linalg.norm(contact.position_m)))
    assert np.mean(seen) > 0.85
    assert np.histogram(shares, bins=np.linspace(-1, 1, 9))[0].min() > 0.01 * len(shares)
    assert np.mean([2 < distance < 9 for distance in distances]) > 0.75
    assert max(distances) < 15


def test_a_long_walk_stays_in_view() -> None:
    plan = make_plan(3, 300.0)
    camera = plan.shot.camera(16 / 9)
    contacts = walk_truth(plan).contacts
    late = [_in_view(camera, contact.position_m) for contact in contacts if contact.time_s > 200]
    assert contacts[-1].time_s > 280
    assert np.mean(late) > 0.8


def test_the_last_patch_that_covers_a_point_is_its_ground(plans: list[Plan]) -> None:
    below, above = Patch("grass", 0), Patch("wood", 0, (1.0, 0.0), 2.0)
    plan = Plan(
        **{**{name: getattr(plans[0], name) for name in plans[0].__dataclass_fields__}, "patches": (below, above)}
    )
    assert plan.ground_at(1.9, 5.0) == "grass"
    assert plan.ground_at(2.1, 5.0) == "wood"
