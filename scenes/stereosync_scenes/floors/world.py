"""The worlds with photo floors: walks of the varied world on grounds of games."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from stereosync_scenes.floors.laid import photographed
from stereosync_scenes.varied import VARIED_WORLD

PHOTO_ODDS = 0.8  # in training; the rest keeps painted grounds known

FLOORS_WORLD = replace(VARIED_WORLD, floor=partial(photographed, split="train", odds=PHOTO_ODDS))
FLOORS_TEST_WORLD = replace(VARIED_WORLD, floor=partial(photographed, split="test", odds=1.0))
