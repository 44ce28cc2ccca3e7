"""Truth: what really happens in a plan, told in camera space. Needs no engine."""

from __future__ import annotations

from stereosync_scenes.contact import Definition
from stereosync_scenes.feet import contact_times_s
from stereosync_scenes.gait import FEET, footfalls, pose
from stereosync_scenes.looks import surface
from stereosync_scenes.occlusion import hidden_share
from stereosync_scenes.plan import Character, FloatArray, Plan
from stereosync_scenes.walk import Contact, WalkTruth

EVERY_VERTEX = 13  # of the drawn surface, that is asked whether it is hidden; shares no factor with a limb's 48


def walk_truth(plan: Plan, definition: Definition = "contact") -> WalkTruth:
    """Every contact of every character in time order, also of feet beside the picture."""
    contacts = [contact for character in plan.characters for contact in _contacts(plan, character, definition)]
    contacts.sort(key=lambda contact: contact.time_s)
    return WalkTruth(plan.seed, plan.duration_s, tuple(contacts), plan.room, plan.place, plan.amount)


def _contacts(plan: Plan, character: Character, definition: Definition) -> list[Contact]:
    falls, times_s = footfalls(character), contact_times_s(character, definition)
    contacts = []
    for time, (x, y), foot, force in zip(times_s, falls.position_m, falls.foot, falls.force, strict=True):
        if 0 <= time < plan.duration_s:
            position = as_triple(plan.shot.to_camera([x, y, 0.0], float(time)))
            ground, hidden = plan.ground_at(float(x), float(y)), occlusion(plan, character, float(time))
            contacts.append(Contact(float(time), character.id, FEET[int(foot)], ground, position, float(force), hidden))
    return contacts


def occlusion(plan: Plan, character: Character, time_s: float) -> float:
    """Share of the character's surface that the plan's blockers hide from the camera, 0 to 1."""
    if not plan.blockers:
        return 0.0
    points, _ = surface(character.body, pose(plan, character, time_s))
    return hidden_share(plan.blockers, plan.shot.eye_at(time_s), points[::EVERY_VERTEX])


def character_position(plan: Plan, character_id: int, time_s: float) -> tuple[float, float, float]:
    """Camera-space midpoint of the feet (of both ankles, on the ground) of one character.

    Raises KeyError when the plan has no such character.
    """
    character = next((one for one in plan.characters if one.id == character_id), None)
    if character is None:
        raise KeyError(f"the plan has no character {character_id}; it has {[one.id for one in plan.characters]}")
    return feet_position(plan, pose(plan, character, time_s).points_m, time_s)


def feet_position(plan: Plan, joints_m: FloatArray, time_s: float) -> tuple[float, float, float]:
    """Camera-space midpoint of the feet for joints (J, 3) of one pose."""
    middle = joints_m[14:16].mean(axis=0)
    return as_triple(plan.shot.to_camera([middle[0], middle[1], 0.0], time_s))


def as_triple(point: FloatArray) -> tuple[float, float, float]:
    return float(point[0]), float(point[1]), float(point[2])
