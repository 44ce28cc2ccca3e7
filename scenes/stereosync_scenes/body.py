"""Bodies and the people who have them. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from stereosync_scenes.step_style import PLAIN, Jump, StepStyle
from stereosync_scenes.track import Track

Colour = tuple[float, float, float]  # 0 to 1


@dataclass(frozen=True)
class Body:
    """A person's build."""

    height_m: float
    leg_ratio: float  # hip height over body height
    bulk: float  # scales every width; 1: slim average
    shoulder: float
    skirt: bool
    sleeves: bool
    skin: Colour
    hair: Colour
    shirt: Colour
    trousers: Colour
    shoes: Colour
    hem: float = 0.4  # of skirt or coat: 0.5 at the knees, 1 at the ankles
    coat: bool = False
    bare_legs: bool = False
    hat: bool = False
    backpack: bool = False
    extra: Colour = (0.3, 0.3, 0.3)  # of hat and backpack
    shape: tuple[float, ...] = ()  # the share of each of `skins.file.SHAPES`; (): rounded limbs
    parts: tuple[str, ...] = ()  # of `skins.file.PARTS`, beside the body
    carries: tuple[str, ...] = ()  # of `figure.CARRIED`

    @property
    def hip_m(self) -> float:
        return self.height_m * self.leg_ratio

    @property
    def ankle_m(self) -> float:
        return 0.048 * self.height_m

    @property
    def leg_m(self) -> float:
        return self.hip_m - self.ankle_m


@dataclass(frozen=True, eq=False)
class Character:
    """One person who walks."""

    id: int
    seed: int  # decides the small unevenness of the steps
    body: Body
    track: Track  # of the hips
    arm_swing: float
    foot_spread: float
    cadence: float = 1.0  # scales the steps per second at every speed
    # The share by which the step onto the bad foot is late and the next one early: above 0 for the left foot.
    limp: float = 0.0
    sneak: float = 0.0  # 1: crouched and softly
    style: StepStyle = PLAIN
    jumps: tuple[Jump, ...] = ()
    sideways: bool = False  # the track's heading is where the body faces, not where it goes

    def limp_of(self, side: int) -> float:
        """The limp of the foot of `side` (0 left, 1 right): above 0 for the bad one, below 0 for the one that helps."""
        return self.limp if side == 0 else -self.limp

    def jump_that_ends(self, rest_s: float) -> Jump | None:
        """The jump whose landing this footfall is."""
        return next((one for one in self.jumps if one.down_s - 1e-6 <= rest_s <= one.down_s + one.apart_s + 1e-6), None)
