"""What a character and the level tell, on the engine's stubs: feet, grounds, contacts, places, and what it costs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(300)  # the first test builds the module
FEET = ["bone foot_l 10 -12 8", "bone foot_r 30 12 20", "bone ball_l 24 -12 2", "bone ball_r 44 12 14"]
GRAVEL = "ground PM_Gravel_01 0 -500 -500 500 500 0 3 0"
WALK = "clip {at} 1.0 1 1 1 1 0"
STEPS = ["step 0.1 left 0.75 water", "step 0.6 right -1 -"]

Told = Callable[..., dict[str, list[list[str]]]]


@pytest.fixture(scope="session")
def told(built: dict[str, Path]) -> Told:
    """Runs `told` on commands and gives the words of its lines by their first one."""

    def run(*commands: str, ends_with: str = "show") -> dict[str, list[list[str]]]:
        text = "\n".join([*commands, ends_with]) + "\n"
        done = subprocess.run([str(built["told"])], input=text, capture_output=True, text=True, timeout=20, check=True)
        found: dict[str, list[list[str]]] = {"foot": [], "contact": [], "surface": [], "cost": [], "scene": []}
        for line in done.stdout.splitlines():
            first, *rest = line.split()
            found[first].append(rest)
        return found

    return run


# Feet and grounds


def test_feet_are_metres_with_y_up_wherever_the_character_stands(told: Told) -> None:
    feet = told(*FEET, "actor 100 0 50 90")["foot"]
    assert [foot[0] for foot in feet] == ["left", "right"]
    assert [[float(number) for number in foot[1:4]] for foot in feet] == [[1.12, 0.58, 0.1], [0.88, 0.7, 0.3]]
    assert {foot[4] for foot in feet} == {"-"}, "sockets say nothing of the ground"


def test_other_sockets_can_be_named_and_a_rig_without_them_has_no_feet(told: Told) -> None:
    named = told(*FEET, "set left ball_l", "set right ball_r")["foot"]
    assert [float(foot[2]) for foot in named] == [0.02, 0.14]
    assert told(*FEET, "set left paw_l")["foot"] == []
    assert told("bone hips 0 0 90")["foot"] == []


def test_feet_stay_where_they_are_when_the_engine_moves_its_origin(told: Told) -> None:
    before = told(*FEET, "actor 1000 200 0 0")["foot"]
    assert told(*FEET, "actor 0 -100 0 0", "origin 1000 300 0")["foot"] == before


def test_a_foot_that_is_no_number_is_left_out(told: Told) -> None:
    feet = told(*FEET, "foot left nan 0 0 1")["foot"]
    assert [foot[0] for foot in feet] == ["right"]


def test_feet_that_the_game_tells_count_for_a_quarter_of_a_second(told: Told) -> None:
    feet = told("foot left 100 200 300 1", "foot right 0 0 0 0")["foot"]
    assert feet == [
        ["left", "1.000000", "3.000000", "2.000000", "1", "-"],
        ["right", "0.000000", "0.000000", "0.000000", "0", "-"],
    ]
    assert told("foot left 100 200 300 1", "wait 0.3")["foot"] == []
    assert float(told(*FEET, "foot left 100 200 300 1", "wait 0.3")["foot"][0][1]) == 0.1, "the socket again"


def grounds(told: Told, *commands: str) -> list[str]:
    return [foot[5] for foot in told(*FEET, *commands)["foot"]]


def test_each_foot_has_the_ground_below_it(told: Told) -> None:
    halves = ["ground PM_Gravel_01 0 -500 -500 500 0 0 3 0", "ground PM_Wood 0 -500 0 500 500 0 3 0"]
    assert grounds(told, *halves) == ["PM_Gravel_01", "PM_Wood"]
    assert grounds(told, GRAVEL, "ground PM_Carpet 0 -500 -500 500 500 5 3 0") == ["PM_Carpet"] * 2, "what lies above"
    assert grounds(told, "ground PM_Deep 0 -500 -500 500 500 -200 3 0") == ["-", "-"]


def test_a_surface_type_of_the_project_wins_over_the_material_s_name(told: Told) -> None:
    assert grounds(told, "type 2 Snow", "ground PM_White 2 -500 -500 500 500 0 3 0") == ["Snow"] * 2
    assert grounds(told, "type 1 Snow", "ground PM_White 2 -500 -500 500 500 0 3 0") == ["PM_White"] * 2
    assert grounds(told, "ground Whatever 0 -500 -500 500 500 0 3 0", "default") == ["-", "-"], (
        "no material is no ground"
    )


def test_a_name_that_is_longer_than_the_wire_takes_is_cut(told: Told) -> None:
    long = "PM_" + "x" * 80
    assert grounds(told, f"ground {long} 0 -500 -500 500 500 0 3 0") == [long[:64]] * 2


def test_the_line_passes_the_actor_itself_and_takes_the_channel_that_is_set(told: Told) -> None:
    assert grounds(told, GRAVEL, "ground PM_Sole 0 -500 -500 500 500 3 3 1") == ["PM_Gravel_01"] * 2
    assert grounds(told, GRAVEL, "set channel 0") == ["-", "-"]


def test_another_ground_is_another_word_and_no_ground_is_none(told: Told) -> None:
    moved = told(*FEET, GRAVEL, "show", "actor 2000 0 0 0", "show", "actor 0 0 0 0")["foot"]
    assert [foot[5] for foot in moved[::2]] == ["PM_Gravel_01", "-", "PM_Gravel_01"]


def test_the_game_s_own_word_is_told_as_it_is_and_traces_nothing(told: Told) -> None:
    found = told(*FEET, GRAVEL, "set surface Marble")
    assert found["surface"] == [["Marble"]]
    assert {foot[5] for foot in found["foot"]} == {"-"}
    assert found["cost"] == [["2", "0"]]


def test_feet_and_ground_are_switched_off_one_by_one(told: Told) -> None:
    no_ground = told(*FEET, GRAVEL, "set ground 0")
    assert [foot[5] for foot in no_ground["foot"]] == ["-", "-"]
    assert no_ground["cost"] == [["2", "0"]]
    no_feet = told(*FEET, GRAVEL, "set feet 0")
    assert (no_feet["foot"], no_feet["surface"], no_feet["cost"]) == ([], [["PM_Gravel_01"]], [["0", "1"]])
    nothing = told(*FEET, GRAVEL, "set feet 0", "set ground 0", "set contacts 0", WALK.format(at=0.0), *STEPS)
    assert (nothing["foot"], nothing["contact"], nothing["surface"]) == ([], [], [["-"]])
    assert nothing["cost"] == [["0", "0"]]


def test_it_costs_two_reads_and_two_lines(told: Told) -> None:
    assert told(*FEET, GRAVEL, WALK.format(at=0.0), *STEPS)["cost"] == [["2", "2"]]


# Contacts


def contacts(told: Told, *commands: str) -> list[tuple[str, float, float, str]]:
    """Side, seconds ahead, strength and surface of each, below 0 and a dash where they are not told."""
    found = told(*commands)["contact"]
    return sorted((side, round(float(ahead), 4), float(strength), surface) for side, ahead, strength, surface in found)


def test_notifies_of_the_playing_clip_are_told_ahead(told: Told) -> None:
    assert contacts(told, WALK.format(at=0.0), *STEPS) == [("left", 0.1, 0.75, "water")]
    assert contacts(told, WALK.format(at=0.3), *STEPS) == [("right", 0.3, -1, "-")]
    around = contacts(told, WALK.format(at=0.7), *STEPS)
    assert around == [("left", 0.4, 0.75, "water")]


@pytest.mark.parametrize(
    ("clip", "speed", "ahead"),
    [
        ("clip 0 1 2 1 1 1 0", "speed 1 1", 0.05),
        ("clip 0 1 1 0.5 1 1 0", "speed 1 1", 0.2),
        ("clip 0 1 1 1 1 1 0", "speed 2 0.5", 0.1),
        ("clip 0 1 1 1 1 1 0", "speed 1 0.25", 0.4),
        ("clip 0.3 1 -1 1 1 1 0", "speed 1 1", 0.2),
    ],
)
def test_every_rate_counts(told: Told, clip: str, speed: str, ahead: float) -> None:
    assert contacts(told, clip, "step 0.1 left 0.5 -", speed) == [("left", ahead, 0.5, "-")]


@pytest.mark.parametrize(
    "clip",
    [
        "clip 0.2 1 1 1 0 1 0",  # passed, and does not loop
        "clip 0 1 0 1 1 1 0",  # stands still
        "clip 0 1 1 1 1 0.4 0",  # another clip has most of the pose
        "clip 0.2 1 1 1 1 1 0",  # 0.9 s ahead
    ],
)
def test_steps_that_do_not_come_soon_are_not_told(told: Told, clip: str) -> None:
    assert contacts(told, clip, "step 0.1 left 0.5 -") == []


def test_of_blended_clips_the_heaviest_one_with_steps_counts(told: Told) -> None:
    walk = ["clip 0 1 1 1 1 0.6 0", "step 0.1 left 0.5 -"]
    other = ["clip 0 1 1 1 1 0.55 0", "step 0.3 right 0.5 -"]
    aim = ["clip 0 1 1 1 1 1.0 0"]
    assert contacts(told, *walk, *other, *aim) == [("left", 0.1, 0.5, "-")]


def test_mirrored_clips_exchange_the_sides(told: Told) -> None:
    assert contacts(told, "clip 0 1 1 1 1 1 1", "step 0.1 left 0.5 -") == [("right", 0.1, 0.5, "-")]


def test_other_notifies_count_by_their_names(told: Told) -> None:
    named = [WALK.format(at=0.0), "named 0.1 foot_l", "named 0.3 Swish", "named 0.4 FootDown_R"]
    assert contacts(told, *named) == [("left", 0.1, -1, "-")]
    both = contacts(told, *named, "set right_contact FootDown_R")
    assert both == [("left", 0.1, -1, "-"), ("right", 0.4, -1, "-")]


def test_a_blend_space_plays_its_clips_equally_long(told: Told) -> None:
    """Of 1.0 s with 0.75 and of 0.6 s with 0.25: 0.9 s for both, so that 0.1 s of the first takes 0.09."""
    blend = ["blend 1 1 0", "sample 0 1.0 1 1 0.75", "step 0.1 left 0.5 -", "sample 0 0.6 1 1 0.25"]
    assert contacts(told, *blend) == [("left", 0.09, 0.5, "-")]
    synced = ["blend 1 1 1", *blend[1:]]
    assert contacts(told, *synced) == [("left", 0.1, 0.5, "-")]


def test_sync_markers_are_told_in_the_leader_s_time(told: Told) -> None:
    group = "group foot_r -0.04 foot_l 0.4"
    assert contacts(told, WALK.format(at=0.0), group) == [
        ("left", 0.4, -1, "-"),
        ("right", -0.04, -1, "-"),
    ]
    fast = contacts(told, "clip 0 1 2 1 1 1 0", "group foot_r -0.3 foot_l 0.4")
    assert fast == [("left", 0.2, -1, "-")]
    assert contacts(told, WALK.format(at=0.0), "group other 0 another 0.1") == []


def test_a_notify_and_a_marker_of_one_contact_are_one(told: Told) -> None:
    both = contacts(told, WALK.format(at=0.0), "step 0.1 left 0.75 water", "group foot_r -0.3 foot_l 0.15")
    assert both == [("left", 0.1, 0.75, "water")]


def test_what_the_game_tells_is_kept_for_the_next_frames_and_the_newest_word_counts(told: Told) -> None:
    once = told("contact left 0.2 0.5 wood", "show", "contact left 0.25 0.75 -", "wait 0.1")["contact"]
    assert [contact[0] for contact in once] == ["left", "left"]
    assert [float(contact[1]) for contact in once] == [0.2, 0.15]
    assert [contact[2:] for contact in once] == [["0.500", "wood"], ["0.750", "-"]]


def test_contacts_that_are_over_or_far_ahead_are_not_told(told: Told) -> None:
    assert contacts(told, "contact left 0 0.5 -", "wait 0.2") == []
    assert contacts(told, "contact left 0.8 0.5 -", "contact right nan 0.5 -") == []
    assert contacts(told, "contact left 0.8 0.5 -", "wait 0.4") == [("left", 0.4, 0.5, "-")]


def test_a_notify_that_is_reached_tells_its_contact(told: Told) -> None:
    assert contacts(told, "fire left 0", "wait 0.05") == [("left", -0.05, -1, "-")]
    assert contacts(told, "fire left 1") == [("right", 0, -1, "-")]
    assert contacts(told, "set contacts 0", "fire left 0", "set contacts 1") == []


def test_more_than_eight_are_never_told(told: Told) -> None:
    many = [f"contact {side} {0.13 * number} 0.5 -" for number in range(4) for side in ("left", "right")]
    assert len(contacts(told, *many, "contact left -0.08 0.5 -")) == 8


# Places


def scene(told: Told, *commands: str) -> list[list[str]]:
    return told(*commands, ends_with="set ground 1")["scene"]


def test_a_place_is_told_while_the_camera_is_in_it(told: Told) -> None:
    place = "place 0 0 0 45 100 forest 0 0.5 12 0.25 1 0"
    inside, turned, outside = scene(told, place, "scene 0 0 99 1", "scene 120 0 0 1", "scene 150 0 0 1")
    assert inside == turned == ["forest", "0.500", "12.000", "0.250", "1"]
    assert outside == ["none"]


def test_what_a_place_does_not_say_is_not_told(told: Told) -> None:
    assert scene(told, "place 0 0 0 0 100 - 0 -1 -1 0.7 1 0", "scene 0 0 0 1") == [
        ["none", "-1.000", "-1.000", "-1.000", "1"]
    ]
    quiet = scene(told, "place 0 0 0 0 100 forest 1 -1 0 0.7 0 0", "scene 0 0 0 1")
    assert quiet == [["-", "-1.000", "0.000", "0.700", "0"]]


def test_where_places_overlap_the_highest_counts(told: Told) -> None:
    places = [
        "place 0 0 0 0 100 sea 0 -1 -1 0 1 0",
        "place 0 0 0 0 50 cave 0 -1 -1 0 1 2",
        "place 0 0 0 0 99 city 0 -1 -1 0 1 1",
    ]
    assert [words[0] for words in scene(told, *places, "scene 0 0 0 1", "scene 70 0 0 1", "scene 99.5 0 0 1")] == [
        "cave",
        "city",
        "sea",
    ]


def test_the_bridge_can_do_without_ambience_everywhere(told: Told) -> None:
    assert scene(told, "scene 0 0 0 0") == [["none", "-1.000", "-1.000", "-1.000", "0"]]
    assert scene(told, "place 0 0 0 0 100 sea 0 -1 -1 0 1 0", "scene 0 0 0 0")[0][-1] == "0"
