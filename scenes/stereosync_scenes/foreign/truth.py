"""Truth of a walk of foreign bodies: every contact by the cycle's own phases, told in camera space. Needs no engine."""

from __future__ import annotations

import numpy as np

from stereosync_scenes.contact import Definition
from stereosync_scenes.foreign.catalogue import person_of
from stereosync_scenes.foreign.plan import ForeignPlan, ForeignWalker
from stereosync_scenes.occlusion import hidden_share
from stereosync_scenes.plan import FloatArray
from stereosync_scenes.steps import FEET, RUN_M_S
from stereosync_scenes.track import RATE_HZ
from stereosync_scenes.truth import EVERY_VERTEX, as_triple
from stereosync_scenes.walk import Contact, WalkKinds, WalkTruth

ORDINARY_M_S, LEAST_FORCE, FORCE_POWER = 1.35, 0.4, 0.7  # as of the project's own people who walk


def foreign_kinds(plan: ForeignPlan) -> WalkKinds:
    """The kinds of a walk of foreign bodies. The game calls every gait a walk; what is as fast as a run is one."""
    people = {walker.id: person_of(walker.name) for walker in plan.walkers}
    gaits = {walker.id: "run" if np.median(walker.track.speed_m_s) > RUN_M_S else "walk" for walker in plan.walkers}
    return WalkKinds(plan.kind, people, gaits)


def foreign_truth(plan: ForeignPlan, definition: Definition = "contact") -> WalkTruth:
    """Every contact of every walker in time order, also of feet beside the picture."""
    scene = plan.scene
    contacts = [contact for walker in plan.walkers for contact in _contacts(plan, walker, definition)]
    contacts.sort(key=lambda contact: contact.time_s)
    return WalkTruth(scene.seed, scene.duration_s, tuple(contacts), scene.room, scene.place, scene.amount)


def contact_times_s(walker: ForeignWalker, side: int, definition: Definition = "contact") -> list[float]:
    """Times in seconds at which the left (0) or the right (1) foot comes down, over the whole track."""
    start, phase = walker.body.gait.stride.phase(side, definition), walker.phase
    turns = np.arange(np.ceil(phase[0] - start), np.floor(phase[-1] - start) + 1)
    samples = np.interp(turns + start, phase, np.arange(len(phase)))
    return [float(sample) for sample in samples / RATE_HZ + walker.track.start_s]


def _contacts(plan: ForeignPlan, walker: ForeignWalker, definition: Definition) -> list[Contact]:
    scene, found = plan.scene, []
    for side, foot in enumerate(FEET):
        for time_s in contact_times_s(walker, side, definition):
            if 0 <= time_s < scene.duration_s:
                x, y, _ = as_triple(walker.foot_m(side, time_s))
                position, ground = as_triple(scene.shot.to_camera([x, y, 0.0], time_s)), scene.ground_at(x, y)
                force, hidden = force_at(walker.track.speed_at(time_s)), occlusion(plan, walker, time_s)
                found.append(Contact(time_s, walker.id, foot, ground, position, force, hidden))
    return found


def force_at(speed_m_s: float) -> float:
    """The force of a contact at a speed, 1 in an ordinary walk."""
    return max(LEAST_FORCE, float((speed_m_s / ORDINARY_M_S) ** FORCE_POWER))


def occlusion(plan: ForeignPlan, walker: ForeignWalker, time_s: float) -> float:
    """Share of the walker's surface that the scene's blockers hide from the camera, 0 to 1."""
    if not plan.scene.blockers:
        return 0.0
    points, _ = walker.surface(time_s)
    return hidden_share(plan.scene.blockers, plan.scene.shot.eye_at(time_s), points[::EVERY_VERTEX])


def feet_middle(plan: ForeignPlan, walker: ForeignWalker, time_s: float) -> FloatArray:
    """Camera-space point (3,) on the ground between both feet."""
    middle = (walker.foot_m(0, time_s) + walker.foot_m(1, time_s)) / 2
    return plan.scene.shot.to_camera([middle[0], middle[1], 0.0], time_s)
