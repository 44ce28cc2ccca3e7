"""One truth for every world: a contact is the moment at which a sole comes down to 5 % of its lift.

Others could be defended: `DEFINITIONS` names them, so that it can be said how far a truth depends on the choice.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from stereosync.errors import UserError

DOWN_SHARE = 0.05  # of a foot's lift
HIGHER_SHARE = 0.15  # that the definition "higher" has in its place
TRUTH = 2  # rises with every change of what is true: part of the names of what was made of it

# "contact" is the truth; "higher" the same at `HIGHER_SHARE`; "rest" when the foot has come to rest over the ground;
# "ahead" when it is furthest ahead of the body.
Definition = Literal["contact", "higher", "rest", "ahead"]
DEFINITIONS: tuple[Definition, ...] = get_args(Definition)


class NoContactError(UserError):
    """A foot has no clear contact; the message says why."""


def contact_phase(height_m: npt.NDArray[np.floating], down_share: float = DOWN_SHARE) -> float:
    """The phase, 0 to 1, at which a sole comes down in one turn of a gait.

    Where it comes down more than once, it is the moment that begins its longest stand. Other shares than `DOWN_SHARE`
    serve to ask how clear a contact is.

    Args:
        height_m: (N,) heights in metres of a sole's lowest point, evenly spread over the turn; the last is followed by
            the first.

    Raises:
        NoContactError: the foot never leaves the floor.
    """
    floor, lift = float(height_m.min()), float(np.ptp(height_m))
    if lift <= 0:
        raise NoContactError("a foot never leaves the floor: give one whole turn of a walk or run")
    above = height_m - floor - down_share * lift
    before = np.roll(above, 1)
    falls = np.flatnonzero((above <= 0) & (before > 0))
    rises = np.flatnonzero((above > 0) & (before <= 0))
    stands = [(rises[np.searchsorted(rises, fall) % len(rises)] - fall) % len(above) for fall in falls]
    fall = int(falls[int(np.argmax(stands))])
    since = before[fall] / (before[fall] - above[fall])  # the crossing lies between two heights
    return float((fall - 1 + since) / len(above) % 1.0)


def swing_contact_s(
    times_s: npt.NDArray[np.floating], height_m: npt.NDArray[np.floating], down_share: float = DOWN_SHARE
) -> float:
    """The time in seconds at which a sole comes down in one swing; the last of the times if it never left the floor.

    Args:
        times_s: (N,) ascending, from the foot's lift to its rest.
        height_m: (N,) heights in metres of the sole's lowest point over the floor.
    """
    above = height_m - down_share * float(height_m.max())
    up = np.flatnonzero(above > 0)
    if len(up) == 0 or up[-1] == len(above) - 1:
        return float(times_s[-1])
    last, after = up[-1], up[-1] + 1
    since = above[last] / (above[last] - above[after])  # the crossing lies between two heights
    return float(times_s[last] + since * (times_s[after] - times_s[last]))
