"""What the Unity layer tells beside pictures and boxes, on stand-ins for Unity: feet, grounds, contacts, places."""

from __future__ import annotations

import itertools
import math

import pytest
from unity_layer import Answers, ask, numbers, sentence

from stereosync.vocabulary import PLACES

ANKLE_M = 0.09


@pytest.fixture(scope="module")
def told(layer: list[str]) -> Answers:
    return ask(layer, "told")


@pytest.fixture(scope="module")
def contacts(layer: list[str]) -> Answers:
    return ask(layer, "contacts")


@pytest.fixture(scope="module")
def places(layer: list[str]) -> Answers:
    return ask(layer, "places")


@pytest.fixture(scope="module")
def finder(layer: list[str]) -> Answers:
    return ask(layer, "finder")


def feet(told: Answers, name: str) -> list[tuple[str, float, float, float]]:
    return [(side, *(round(float(number), 4) for number in place)) for side, *place, _ in told[name]]


# Feet


@pytest.mark.parametrize("rig", ["flat", "no_toes"])
def test_feet_of_a_humanoid_are_told_by_themselves(told: Answers, rig: str) -> None:
    assert feet(told, rig) == [("left", -0.1, ANKLE_M, 0), ("right", 0.1, ANKLE_M, 0)]


def test_a_foot_is_down_with_its_heel_or_its_toes_whichever_comes_first(told: Answers) -> None:
    assert [foot[2] for foot in feet(told, "heel_and_toe")] == [ANKLE_M, ANKLE_M]
    assert [foot[0] for foot in feet(told, "one_gone")] == ["right"]


def test_feet_of_other_rigs_are_two_or_four_fields(told: Answers) -> None:
    assert [foot[0] for foot in feet(told, "two")] == ["left", "right"]
    assert [foot[:2] for foot in feet(told, "four")] == [("left", 0), ("right", 0.1), ("left", 0.2), ("right", 0.3)]


# Grounds


@pytest.mark.parametrize(
    ("ground", "word"),
    [
        ("material", "PM_Gravel_01"),
        ("tag", "Wood"),
        ("nothing", "nil"),
        ("above", "Snow"),
        ("far_below", "nil"),
        ("ignored_layer", "nil"),
        ("nearest", "Wood"),
        ("own_collider", "Snow"),
        ("void", "nil"),
    ],
)
def test_ground_under_each_foot_is_the_nearest_that_is_not_the_body(told: Answers, ground: str, word: str) -> None:
    assert told[ground] == [["left", word], ["right", word]]


def test_terrain_says_its_strongest_layer_and_its_paint_is_read_once(told: Answers) -> None:
    layers = {(float(x), float(z)): name for x, z, name in told["layer"]}
    assert {name for (x, _), name in layers.items() if x < -10} == {"Grass"}
    assert {name for (x, z), name in layers.items() if x > -10 and z < -10} == {"Mud"}
    assert {name for (x, z), name in layers.items() if x > -10 and z > -10} == {"nil"}, "a layer without a name"
    before, after = (int(reads) for (reads,) in told["layer_reads"])
    assert before == after == 6, "a block for each quarter and edge, whoever asks"
    assert told["terrain_material"] == [["Sand", str(after)]]


def test_what_is_switched_off_is_not_told_and_the_game_s_own_word_replaces_rays(told: Answers) -> None:
    assert sentence(told, "own_word_surface") == "Ice"
    assert {words[-1] for words in told["own_word"]} == {words[-1] for words in told["no_ground"]} == {"nil"}
    assert told["rays_without"] == [["0"]]
    assert (told["no_feet"], sentence(told, "no_feet_surface")) == ([], "Gravel")
    assert sentence(told, "no_rig_surface") == "PM_Gravel_01"
    assert (told["nothing_told"], sentence(told, "nothing_told_surface")) == ([], "")


def test_a_frame_casts_one_ray_per_foot_and_makes_no_garbage(told: Answers) -> None:
    assert told["rays"] == [["2"]]
    allocated, contacts = told["bytes"][0]
    assert float(allocated) < 0.1, "per frame, over a thousand"
    assert contacts == "True"


# Contacts


def ahead(contacts: Answers, name: str) -> list[tuple[str, float]]:
    assert numbers(contacts, f"{name}_count") == [len(contacts[name])]
    return sorted((side, round(float(time_s), 3)) for side, time_s, *_ in contacts[name])


def test_events_say_their_side_in_many_ways_and_their_strength(contacts: Answers) -> None:
    texts = {text.strip("'"): side for text, side in contacts["text"]}
    for side in ("Left", "Right"):
        words = (side.lower(), side, side[0], side[0].lower(), f"foot_{side.lower()}_01")
        assert {texts[word] for word in words if word in texts} == {side}
    assert texts[""] == texts["Ball"] == texts["leftright"] == "One"
    functions = dict(contacts["function"])
    assert functions["FootL"] == functions["leftFootDown"] == "Left"
    assert functions["FootR"] == functions["StepRight"] == "Right"
    assert functions["OnLand"] == "Both"
    assert functions["OnFootstep"] == functions["OnFootfall"] == "One"
    assert contacts["strength"][0][::3] == ["nil", "nil"]
    assert [float(word) for word in contacts["strength"][0][1:3]] == pytest.approx([0.9, 0.25])


def test_a_light_clip_s_events_do_not_count_and_a_met_one_is_told_for_a_tenth_of_a_second(contacts: Answers) -> None:
    assert ahead(contacts, "light") == []
    assert ahead(contacts, "heavy") == [("left", -0.01)], "when the clip had it, not when it was met"
    assert ahead(contacts, "a_frame_later") == [("left", -0.06)]
    assert ahead(contacts, "gone") == ahead(contacts, "off") == []
    assert ahead(contacts, "land") == [("left", 0), ("right", 0)]
    assert ahead(contacts, "sides_in_turn") == [("left", -0.05), ("right", 0)]


def test_the_newest_word_for_a_step_counts_and_a_frame_tells_eight_at_most(contacts: Answers) -> None:
    assert ahead(contacts, "merged") == [("left", 0.25), ("left", 0.45), ("right", 0.3)]
    assert contacts["merged"][0][2:] == ["0.75", "Ice"]
    many = ahead(contacts, "many")
    assert 6 <= len(many) <= 8
    for side in ("left", "right"):
        times_s = [time_s for name, time_s in many if name == side]
        assert min(later - sooner for sooner, later in itertools.pairwise(times_s)) > 0.12


def test_contacts_of_the_playing_clip_are_told_up_to_half_a_second_ahead(contacts: Answers) -> None:
    expected = {
        "30": [("left", 0.2)],
        "30.15": [("left", 0.05)],
        "30.5": [("right", 0.2)],
        "30.75": [("left", 0.45)],
        "30.9": [("left", 0.3)],
    }
    assert {name: ahead(contacts, f"ahead_{name}") for name in expected} == expected
    assert contacts["reads"] == [["1"]], "Unity copies a clip's events each time"
    for name in ("weight", "transition", "no_layer", "disabled", "other_name"):
        assert ahead(contacts, name) == [], name
    assert ahead(contacts, "once_0.1") == [("left", 0.1)]
    assert ahead(contacts, "once_0.75") == ahead(contacts, "once_1.5") == []


def test_the_side_of_an_event_without_words_is_that_of_the_foot_that_swung(contacts: Answers) -> None:
    assert ahead(contacts, "learned_10") == []
    assert ahead(contacts, "learned_21") == [("left", -0.01)]
    assert ahead(contacts, "learned_71") == [("left", 0.49), ("right", -0.01)]
    assert ahead(contacts, "learned_110") == [("left", 0.1)]


def test_the_speed_of_a_state_is_measured(contacts: Answers) -> None:
    assert ahead(contacts, "speed_0") == ahead(contacts, "speed_unknown") == [("left", 0.2)], "by its figures"
    share = 1.6 * 12 / 30 % 1
    expected = [("left", round((1.2 - share) / 1.6, 3)), ("right", round((0.7 - share) / 1.6, 3))]
    assert ahead(contacts, "speed_12") == [(side, pytest.approx(time_s, abs=2e-3)) for side, time_s in expected]


def test_contacts_beside_a_clip_count_where_it_has_no_events(contacts: Answers) -> None:
    assert [(side, round(float(time_s), 3)) for side, time_s, *_ in contacts["beside"]] == [
        ("right", 0.3),
        ("left", 0.2),
    ]
    assert contacts["beside_count"] == [["1"], ["1"], ["0"]]


def test_slow_motion_stretches_what_lies_ahead(contacts: Answers) -> None:
    assert ahead(contacts, "slow") == [("left", 0.2)]
    assert ahead(contacts, "slow_far") == []


# Places


def place(places: Answers, name: str) -> tuple[str, float, float]:
    word, _, size_m, hardness, _ = places[name][0]
    return word, float(size_m), round(float(hardness), 3)


def test_every_place_of_the_vocabulary_can_be_chosen(places: Answers) -> None:
    words = {kind: (word, empty) for kind, word, empty in places["kind"]}
    assert words.pop("Seen") == ("nil", "True")
    assert words.pop("Quiet") == ("''", "False")
    assert {word.strip("'") for word, _ in words.values()} == set(PLACES)


def test_a_place_tells_what_it_is_asked_to(places: Answers) -> None:
    assert places["none"] == places["disabled"] == [["nil", "nil", "-1", "-1", "True"]]
    assert places["all"] == [["'fountain'", "0.25", "10000", "0.5", "False"]]
    assert places["forgotten"] == [["'fountain'", "nil", "-1", "-1", "False"]]


def test_the_smallest_place_says_what_it_knows_and_larger_ones_the_rest(places: Answers) -> None:
    assert place(places, "cellar") == ("''", 4, 0.9)
    assert place(places, "hall") == place(places, "cellar_grown") == ("''", 20, 0.8)
    assert place(places, "world") == ("'city'", 0, 0)
    assert place(places, "along")[0] == "'sea'"
    assert place(places, "across")[0] == "nil"


def test_a_reverb_zone_is_a_room_where_no_place_tells_one(places: Answers) -> None:
    assert place(places, "near_zone")[1] == 2.5
    assert place(places, "far_zone")[1] == place(places, "zone_off")[1] == 45
    assert place(places, "no_zone")[1] == place(places, "zone_gone")[1] == -1
    assert place(places, "new_scene")[1] == place(places, "place_without_room")[1] == 15
    assert place(places, "place_with_room")[1] == place(places, "zones_not_used")[1] == 7
    assert place(places, "zones_not_used_alone")[1] == -1
    assert places["searches"] == [["0"]]


def test_rooms_of_presets_decay_as_the_presets_do(places: Answers) -> None:
    rooms = {name: (float(size_m), float(hardness)) for name, size_m, hardness in places["preset"]}
    decay_s = {name: 0.161 * size_m / (-6 * math.log(hard)) for name, (size_m, hard) in rooms.items() if size_m > 0}
    expected = {
        "PaddedCell": 0.17,
        "Livingroom": 0.5,
        "Bathroom": 1.49,
        "Concerthall": 3.92,
        "Hangar": 10.05,
        "User": 1.5,
    }
    assert {name: decay_s[name] for name in expected} == pytest.approx(expected)
    outdoors = {"Alley", "Forest", "City", "Mountains", "Quarry", "Plain"}
    assert {name for name, room in rooms.items() if room == (0, 0)} == outdoors
    assert {name for name, room in rooms.items() if room == (-1, -1)} == {
        "Off",
        "Underwater",
        "Drugged",
        "Dizzy",
        "Psychotic",
    }
    assert all(0 < hardness < 1 for size_m, hardness in rooms.values() if size_m > 0)


# The tool


@pytest.mark.parametrize(
    ("clip", "moments_s"),
    [
        ("loop", [0.3]),
        ("loop_over_the_end", [0.02]),
        ("twice", [0.15, 0.65]),
        ("once", [0.3]),
        ("stands", []),
        ("trembles", [0.3]),
        ("on_a_step", [0.3]),
    ],
)
def test_a_foot_is_down_where_its_sole_nears_its_lowest_place(
    finder: Answers, clip: str, moments_s: list[float]
) -> None:
    found = [float(word) for word in finder[clip][0] if word]
    assert found == pytest.approx(moments_s, abs=0.008)


def test_contacts_are_written_as_events_or_beside_clips_of_models(finder: Answers) -> None:
    events = [(name, pytest.approx(float(time_s), abs=0.008), side) for name, time_s, side, _ in finder["event"]]
    assert events == [("OnFootstep", 0.3, "left"), ("OnFootstep", 0.8, "right")]
    assert {words[-1] for words in finder["event"]} == {"DontRequireReceiver"}
    assert finder["others"] == [["0", "1", "0"]], "a model's clip, one with events, one that stands"
    assert finder["asset"] == [["Assets/hero/hero_contacts.asset", "1", "True"]]
    beside = [(pytest.approx(float(time_s), abs=0.008), side) for time_s, side in finder["beside"]]
    assert beside == [(0.15, "Left"), (0.4, "Right")]
    assert finder["saved"] == [["True", "True"]]


def test_the_tool_leaves_the_character_alone_and_can_run_again(finder: Answers) -> None:
    assert finder["untouched"] == [["True", "0"]]
    assert finder["again"] == [["2", "1", "True"]]
    assert "events into 1 clips, and beside 1 others" in sentence(finder, "console")
    assert "make the rig humanoid" in sentence(finder, "no_feet")
