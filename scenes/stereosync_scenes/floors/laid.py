"""Laying floors: picture, size and turn of the ground that a patch shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from stereosync_scenes.floors.packages import Split
from stereosync_scenes.floors.store import photos_of, read_photo
from stereosync_scenes.plan import Patch
from stereosync_scenes.textures import Picture, ground_texture

NARROWEST_M, WIDEST_M = 1.2, 5.0  # that a photo covers
LIGHT_SPREAD, TINT_SPREAD, POWER_SPREAD = 0.22, 0.06, 0.15  # natural log


@dataclass(frozen=True, eq=False)
class Laid:
    """An RGB `picture` (256, 256, 3) that repeats every `span_m`, turned by `turn_rad`."""

    picture: Picture
    span_m: float
    turn_rad: float


def photographed(patch: Patch, split: Split, odds: float) -> Patch:
    """The patch with a photo of its ground by these odds; as it was where the split has none of that ground.

    Raises:
        UserError: no photos were fetched.
    """
    names, rng = photos_of(split)[patch.ground], np.random.default_rng([patch.texture_seed, 6])
    if rng.random() >= odds or not names:
        return patch
    return replace(patch, photo=names[int(rng.integers(len(names)))])


def laid(patch: Patch) -> Laid:
    """The patch's photo in a light, size and turn of its own, or the pattern that is painted of its ground.

    Raises:
        UserError: the photo is not there.
    """
    if not patch.photo:
        picture, span_m = ground_texture(patch.ground, patch.texture_seed)
        return Laid(picture, span_m, patch.texture_seed % 4 * math.pi / 2)
    rng = np.random.default_rng([patch.texture_seed, 7])
    span_m = math.exp(rng.uniform(math.log(NARROWEST_M), math.log(WIDEST_M)))
    return Laid(_in_light(read_photo(patch.photo), rng), span_m, float(rng.uniform(0, 2 * math.pi)))


def _in_light(picture: Picture, rng: np.random.Generator) -> Picture:
    """The picture brighter or darker, in a tint, harder or softer, perhaps mirrored."""
    gains = math.exp(rng.normal(0, LIGHT_SPREAD)) * np.exp(rng.normal(0, TINT_SPREAD, 3))
    power = math.exp(rng.normal(0, POWER_SPREAD))
    seen = picture[:, ::-1] if rng.random() < 0.5 else picture
    return np.clip(255 * gains * (seen / 255) ** power + 0.5, 0, 255).astype(np.uint8)
