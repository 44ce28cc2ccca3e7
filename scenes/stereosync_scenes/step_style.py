"""Step styles: how one person's steps differ from the plain ones, in time and in form. Plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StepStyle:
    """A personal style; its defaults are the plain steps.

    They move the widest moment of a body against its contacts, as the cycles of games differ in it.
    """

    early: float = 0.0  # share of a swing by which the foot is over its place before it comes down
    retract: float = 0.0  # share of a swing's way that the foot goes too far, and comes back before it is down
    stance: float = 1.0  # scales the time on the ground
    ahead: float = 1.0  # scales how far before the hips a foot comes down
    strike: float = 1.0  # scales the lifted toes at landing; 0: flat, below 0: on the toes
    uneven: float = 0.0  # share of a step by which the left foot is late and the next one early
    lift: float = 1.0  # scales how high a foot swings
    skim: float = 1.0  # above 1 the foot skims the ground before it rests, so that its contact is earlier
    arms_late_s: float = 0.0  # after the legs
    arms: tuple[float, float] = (1.0, 1.0)  # scales the swing of each arm; 0: still
    held: tuple[float, float] = (0.0, 0.0)  # how far each arm is raised and bent, radians
    elbows_out: float = 0.0
    twist: float = 1.0  # of hips and shoulders
    bob: float = 1.0
    bob_late: float = 0.0  # steps
    sway: float = 1.0
    lean_rad: float = 0.0
    alert: bool = False  # steps are as quick as the fastest pace of the next half second asks for
    keys: int = 0  # key poses to a step, between which poses are blended; 0: none

    def uneven_of(self, side: int) -> float:
        """Steps by which the foot of `side` (0 left, 1 right) is late."""
        return self.uneven if side == 0 else -self.uneven


PLAIN = StepStyle()


@dataclass(frozen=True)
class Jump:
    """Both feet leave at `take_off_s` and are down `flight_s` later, the second `apart_s` after the first."""

    take_off_s: float
    flight_s: float
    apart_s: float = 0.0
    first: int = 0  # foot that lands first, 0 left, 1 right

    @property
    def down_s(self) -> float:
        return self.take_off_s + self.flight_s

    def rise(self, time_s: float) -> float:
        """Metres that the body is up at `time_s`: a throw, after Galileo."""
        since_s = time_s - self.take_off_s
        return max(0.5 * 9.81 * since_s * (self.flight_s - since_s), 0.0)
