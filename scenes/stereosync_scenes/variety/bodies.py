"""Bodies of the varied world: dressed people of all builds, plain figures, robots; and what they wear and carry."""

from __future__ import annotations

import colorsys
from dataclasses import replace

import numpy as np

from stereosync_scenes.gait import JOINTS
from stereosync_scenes.people import draw_body
from stereosync_scenes.plan import Body, Colour, FloatArray
from stereosync_scenes.skins.file import SHAPES, read_skins

SKIN_ODDS, ROBOT_ODDS = 0.68, 0.12  # of the bodies; the others are plain figures
CHILD_ODDS, GIANT_ODDS, OLD_ODDS = 0.14, 0.08, 0.25
CARRY_ODDS = {"rifle": 0.14, "staff": 0.07, "sword": 0.07, "bag": 0.1, "shield": 0.05, "cape": 0.09}
ONE_OF = ("rifle", "staff", "sword")  # are in the same hand
UNLIKE_SKIN = 0.45  # between colours of equal brightness
DARK_HAIR: Colour = (0.12, 0.07, 0.04)
THIN, HEAVY = -1.0, 1.35  # 0: average, 1: the heaviest shape; above it goes on as it began
SHOULDER = 0.105  # of the height, that a pose gives half the shoulders of a body whose `shoulder` is 1


def draw_varied_body(rng: np.random.Generator) -> Body:
    """A body, its clothes, and what it carries."""
    kind, plain = rng.random(), draw_body(rng)
    if kind < SKIN_ODDS:
        body = _with_skin(plain, rng)
    elif kind < SKIN_ODDS + ROBOT_ODDS:
        body = _robot(plain, rng)
    else:
        body = plain
    return replace(body, carries=_carried(rng), backpack=bool(rng.random() < 0.2))


def _with_skin(plain: Body, rng: np.random.Generator) -> Body:
    """One of the set's shapes in the plain body's clothes."""
    child, old = rng.random() < CHILD_ODDS, rng.random() < OLD_ODDS
    male, weight, muscle = float(rng.random()), float(rng.triangular(THIN, 0.0, HEAVY)), float(rng.random())
    male = float(np.clip(1.6 * male - 0.3, 0.0, 1.0))  # most are one or the other
    age = "child" if child else "old" if old else "young"
    shape = _shape(male, age, weight, muscle)
    joints = np.tensordot(shape, read_skins().joints, axes=1)
    height_m = rng.uniform(1.0, 1.42) if child else rng.uniform(1.5, 2.0)
    if not child and rng.random() < GIANT_ODDS:
        height_m = rng.uniform(2.2, 3.2)
    skirt, long_hair = bool(male < 0.5 and rng.random() < 0.35), bool(rng.random() < 0.65 - 0.6 * male)
    shoes = _cloth(plain.skin, rng) if rng.random() < 0.5 else (0.1, 0.09, 0.08)
    return replace(
        plain,
        height_m=float(height_m),
        leg_ratio=float(joints[JOINTS.index("pelvis"), 2]),
        bulk=1.0 + 0.35 * weight,
        shoulder=float(joints[JOINTS.index("right_shoulder"), 0]) / SHOULDER,
        skirt=False,
        bare_legs=bool(rng.random() < 0.12) and not skirt,
        shoes=shoes,
        shirt=_cloth(plain.skin, rng),
        trousers=_cloth(plain.skin, rng),
        shape=tuple(shape.tolist()),
        parts=(("skirt",) if skirt else ()) + (("long_hair",) if long_hair else ()),
        hair=DARK_HAIR if long_hair else plain.hair,  # light hair down the back would look bare
    )


def _cloth(skin: Colour, rng: np.random.Generator) -> Colour:
    """A colour that nobody takes for skin."""
    while True:
        colour = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.1, 0.9), rng.uniform(0.15, 0.95))
        hue = np.array(colour) / max(colour) - np.array(skin) / max(skin)
        if np.linalg.norm(hue) > UNLIKE_SKIN:
            return colour


def _shape(male: float, age: str, weight: float, muscle: float) -> FloatArray:
    """Shares (S,) of the shapes, which sum to 1."""
    shares = np.zeros(len(SHAPES))
    for sex, of_sex in (("male", male), ("female", 1 - male)):

        def add(build: str, heft: str, share: float, sex: str = sex, of_sex: float = of_sex) -> None:
            shares[SHAPES.index((sex, age, build, heft))] += share * of_sex

        add("average", "max" if weight > 0 else "min", abs(weight))
        strong = muscle * (1 - abs(weight)) if age == "young" and abs(weight) < 1 else 0.0
        if strong:
            add("max", "average", strong)
        add("average", "average", 1 - abs(weight) - strong)
    return shares


def _robot(plain: Body, rng: np.random.Generator) -> Body:
    """Rounded limbs of metal, in proportions that no person has."""
    metal = _metal(rng)
    return replace(
        plain,
        height_m=float(rng.uniform(0.9, 3.2)),
        leg_ratio=float(rng.uniform(0.43, 0.6)),
        bulk=float(rng.uniform(0.7, 2.0)),
        shoulder=float(rng.uniform(0.85, 1.5)),
        skin=metal, hair=metal, shirt=_metal(rng), trousers=metal, shoes=_metal(rng),
        skirt=False, coat=False, bare_legs=False,
    )  # fmt: skip


def _metal(rng: np.random.Generator) -> Colour:
    return colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.0, 0.35), rng.uniform(0.25, 0.85))


def _carried(rng: np.random.Generator) -> tuple[str, ...]:
    drawn = [name for name, odds in CARRY_ODDS.items() if rng.random() < odds]
    in_hand = [name for name in drawn if name in ONE_OF]
    return tuple(name for name in drawn if name not in in_hand[1:])
