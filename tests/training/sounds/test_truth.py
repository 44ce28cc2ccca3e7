"""Imaginary walks are plausible, and every recording has a licence."""

from __future__ import annotations

import csv
import math
from itertools import pairwise
from pathlib import Path

import numpy as np

from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_training import sounds
from stereosync_training.sounds import random_truth


def test_random_truth_is_plausible_and_repeatable() -> None:
    assert random_truth(3) == random_truth(3)
    grounds, places = set(), set()
    for seed in range(200):
        truth = random_truth(seed)
        places.add(truth.place)
        assert 0 <= truth.amount <= 1
        assert [contact.time_s for contact in truth.contacts] == sorted(contact.time_s for contact in truth.contacts)
        for contact in truth.contacts:
            x_m, _, z_m = contact.position_m
            assert abs(math.atan2(x_m, z_m)) <= math.pi / 3 + 1e-6
            assert 1 <= math.hypot(*contact.position_m) <= 12 + 1e-6
            assert 0 <= contact.time_s < truth.duration_s
            assert 0 <= contact.occlusion <= 1
            grounds.add(contact.ground)
    assert grounds == set(GROUNDS)
    assert places == {*PLACES, ""}


def test_feet_alternate_at_a_human_cadence() -> None:
    for seed in range(50):
        truth = random_truth(seed)
        for character_id in {contact.character_id for contact in truth.contacts}:
            steps = [contact for contact in truth.contacts if contact.character_id == character_id]
            assert all(first.foot != second.foot for first, second in pairwise(steps))
            periods_s = np.diff([contact.time_s for contact in steps])
            assert np.all((periods_s > 0.3) & (periods_s < 1.1))


def test_the_manifest_covers_all_grounds_and_places_with_a_licence_each() -> None:
    with (Path(sounds.__file__).parent / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    kinds = {(row["kind"], row["file"].split("/")[1]) for row in rows}
    assert kinds == {("footstep", ground) for ground in GROUNDS} | {("ambience", place) for place in PLACES}
    assert all(row["author"] and row["licence"].startswith(("CC0-1.0", "CC-BY-3.0", "CC-BY-SA-3.0")) for row in rows)
    assert len({row["file"] for row in rows}) == len(rows)
    assert all(Path(row["file"]).name.startswith(row["package"].replace("-", "_") + "__") for row in rows)
