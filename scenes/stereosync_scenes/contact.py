"""One truth for every world: a contact is the moment at which a sole comes down to 5 % of its lift."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stereosync.errors import UserError

DOWN_SHARE = 0.05  # of a foot's lift


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
