"""Kinds of own walks, in a few words that figures are told apart by."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.plan import Character, Plan
from stereosync_scenes.steps import RUN_M_S
from stereosync_scenes.walk import WalkKinds

CHILD_BELOW_M = 1.45
STANDS_BELOW_M_S = 0.1


def walk_kinds(plan: Plan) -> WalkKinds:
    """The kinds of a plan of an own scene."""
    people = {one.id: "child" if one.body.height_m < CHILD_BELOW_M else "grown-up" for one in plan.characters}
    return WalkKinds(plan.shot.style, people, {one.id: gait_of(one) for one in plan.characters})


def gait_of(character: Character) -> str:
    """The gait of a character: "stand", "run" or "walk" by its middle speed under way, or in what other manner."""
    under_way = character.track.speed_m_s[character.track.speed_m_s > STANDS_BELOW_M_S]
    if len(under_way) == 0:
        return "stand"
    if character.jumps or character.sideways:
        return "jump" if character.jumps else "sideways"
    if character.sneak or character.limp:
        return "sneak" if character.sneak else "limp"
    return "run" if np.median(under_way) > RUN_M_S else "walk"
