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
        self._grow(now_s)
        self.left -= amount
        return self.left >= 0

    def take(self, amount: float, now_s: float) -> bool:
        """As `spend`, but what is refused costs nothing: of an amount that many share, nobody can make a debt."""
        self._grow(now_s)
        taken = self.left >= amount
        self.left -= amount * taken
        return taken

    def _grow(self, now_s: float) -> None:
        self.left = min(self.left + max(now_s - self.at_s, 0.0) * self.per_s, self.most)
        self.at_s = now_s

    @property
    def overdrawn(self) -> bool:
        """As much was taken beyond the amount as the amount is."""
        return self.left < -self.most
