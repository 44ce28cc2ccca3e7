"""Rooms: what is heard of a place follows from its size and its surfaces."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from stereosync_scenes.casting import make_plan
from stereosync_scenes.plan import Plan, Setting
from stereosync_scenes.rooms import room_of
from stereosync_scenes.walk import Room

SMALL = Setting("hall", 1, 6.0, 3.0, 3.0, -2.0, "brick")


def _room(setting: Setting, ground: str = "stone") -> Room:
    return room_of(setting, "", ground, np.random.default_rng(1))


def test_larger_and_harder_halls_ring_longer() -> None:
    large = dataclasses.replace(SMALL, reach_m=30.0, half_width_m=15.0, height_m=10.0)
    soft = dataclasses.replace(SMALL, walls="curtain")
    assert _room(large).rt60_s > 1.5 * _room(SMALL).rt60_s
    assert _room(large).size_m > 3 * _room(SMALL).size_m
    assert _room(soft).rt60_s < 0.6 * _room(SMALL).rt60_s
    assert _room(SMALL, "carpet").rt60_s < _room(SMALL).rt60_s


def test_chance_is_a_tenth_at_most() -> None:
    times_s = [room_of(SMALL, "", "stone", np.random.default_rng(seed)).rt60_s for seed in range(200)]
    assert max(times_s) / min(times_s) < 1.1 / 0.9 + 1e-9


def test_streets_slap_and_fields_are_dry() -> None:
    street = dataclasses.replace(SMALL, kind="street", height_m=8.0)
    assert 0.1 < _room(street).rt60_s < 0.5
    assert _room(dataclasses.replace(SMALL, kind="field")) == Room(0.0, 0.0)


@pytest.fixture(scope="module")
def halls() -> list[Plan]:
    return [plan for plan in (make_plan(seed, 0.1) for seed in range(150)) if plan.setting.kind == "hall"]


def test_halls_go_from_corridors_to_hangars(halls: list[Plan]) -> None:
    widths = [2 * plan.setting.half_width_m for plan in halls]
    assert min(widths) < 4.5
    assert max(widths) > 25
    assert min(plan.room.rt60_s for plan in halls) < 0.6
    assert max(plan.room.rt60_s for plan in halls) > 1.5
