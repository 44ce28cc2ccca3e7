"""Clear and unclear gaits: by how much other definitions of a contact differ from the truth's.

    python -m stereosync_scenes.arena.agreement

prints it for every gait that is known. Needs the people of OpenArena (`scripts/fetch_levels.py`).
"""

from __future__ import annotations

import numpy as np

from stereosync_scenes.arena.catalogue import PEOPLE, UNCLEAR
from stereosync_scenes.arena.courses import TURNS_PER_S
from stereosync_scenes.arena.people import load_person
from stereosync_scenes.arena.strides import FEET, Stride
from stereosync_scenes.contact import DEFINITIONS, Definition
from stereosync_scenes.plan import FloatArray

UNCLEAR_S = 0.05
OTHERS: tuple[Definition, ...] = DEFINITIONS[1:]


def later_s(stride: Stride, period_s: float) -> FloatArray:
    """Seconds (2 feet, 3) by which each of `OTHERS` is later than the contact, for turns of `period_s`."""
    phases = np.array([[stride.phase(side, other) for other in OTHERS] for side in range(len(FEET))])
    return np.asarray(((phases - np.array(stride.contact_phase)[:, None] + 0.5) % 1.0 - 0.5) * period_s)


def is_unclear(stride: Stride, period_s: float) -> bool:
    """True where the truth stands alone: both a higher share of the lift and the rule of rest are more than `UNCLEAR_S`
    away from the contact of one of the feet. Where one of them agrees, the contact is taken as clear."""
    higher_and_rest = np.abs(later_s(stride, period_s))[:, : OTHERS.index("ahead")]
    return bool((higher_and_rest.min(axis=1) > UNCLEAR_S).any())


def stride_of(person: str, gait: str) -> tuple[Stride, float]:
    """The stride of a person's gait and the seconds of its middle turn.

    Raises LevelsUnavailable when the people were not fetched.
    """
    return load_person(person, (gait,)).cycles[gait].stride, 2 / sum(TURNS_PER_S[gait])


def main() -> None:
    """Print the table."""
    print(f"{'':32}" + "".join(f"{other:>8}" for other in OTHERS) + "   ms later than the contact")
    for split in PEOPLE:
        known = [*PEOPLE[split].items(), *UNCLEAR[split].items()]
        for person, gait in sorted((person, gait) for person, gaits in known for gait in gaits):
            stride, period_s = stride_of(person, gait)
            verdict = "unclear" if is_unclear(stride, period_s) else ""
            for foot, values_s in zip(FEET, later_s(stride, period_s), strict=True):
                numbers = "".join(f"{1000 * value_s:8.0f}" for value_s in values_s)
                print(f"{split:6} {person:10} {gait:7} {foot:6}{numbers}   {verdict}")


if __name__ == "__main__":
    main()
