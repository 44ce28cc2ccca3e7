"""A token bucket: so much a second, and so much at once. Pure; time is passed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Allowance:
    """An amount that grows by `per_s` up to `most`, and may be overdrawn by as much.

    Source: the token bucket of RFC 2697, section 3.
    """

    per_s: float
    most: float
    at_s: float
    left: float = float("inf")

    def spend(self, amount: float, now_s: float) -> bool:
        """Take an amount away; False where that is more than was left."""
        grown = self.left + max(now_s - self.at_s, 0.0) * self.per_s
        self.left, self.at_s = min(grown, self.most) - amount, now_s
        return self.left >= 0

    @property
    def overdrawn(self) -> bool:
        """As much was taken beyond the amount as the amount is."""
        return self.left < -self.most
