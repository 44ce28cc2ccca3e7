"""Sets of walks that nothing was trained on, by name, and scenes in which nobody moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from stereosync.scene import SceneFrame
from stereosync_scenes.casting import make_plan
from stereosync_scenes.contact import TRUTH
from stereosync_scenes.foreign.cameras import KINDS, seed_of_kind
from stereosync_scenes.walk import WalkTruth
from stereosync_training.data.sources import walk_source
from stereosync_training.evaluate.walks import CLIP_S, HEIGHT_PX, WIDTH_PX, Draw, drawn_walk, frame_times_s

# No set of the plain world is as large as to reach them. In the first long scene somebody walks near all the time.
FIRST_LONG_SEED, FIRST_STILL_SEED = 950_001, 960_000
Stream = tuple[WalkTruth, Iterator[SceneFrame]]


@dataclass(frozen=True)
class WalkSet:
    """Walks of one of `data.sources.SOURCES`, with seeds from `first_seed` on, `step` apart."""

    source: str
    first_seed: int
    step: int = 1


SETS: Mapping[str, WalkSet] = {
    "test": WalkSet("own", 900_000),
    "valid": WalkSet("own", 800_000),
    "test-varied": WalkSet("varied", 950_000),
    "test-floors": WalkSet("floors-test", 970_000),
    "test-shift": WalkSet("levels-shift", 900_000),
    "test-foreign": WalkSet("foreign", 900_000),
    "test-close": WalkSet("foreign", seed_of_kind(900_000, "close"), len(KINDS)),
}


def set_label(chosen: str) -> str:
    """A set's name with the version of its truth, as "test@2"; a folder's as it is."""
    return f"{chosen}@{TRUTH}" if chosen in SETS else chosen


def walks_of_set(name: str, clips: int, cache: Path) -> list[Draw]:
    """Functions that draw or read each of the first `clips` walks of a set when it is its turn.

    Raises:
        KeyError: there is no set of this name.
    """
    chosen = SETS[name]
    return [
        partial(drawn_walk, chosen.source, chosen.first_seed + index * chosen.step, cache) for index in range(clips)
    ]


def long_walk(number: int, duration_s: float) -> Stream:
    """A walk of any length through an own scene: its truth, and its frames as they are asked for."""
    return _stream(FIRST_LONG_SEED + number, duration_s, still=False)


def still_walk(number: int, duration_s: float = CLIP_S) -> Stream:
    """A quiet own scene where everybody stands all the time: its truth, and its frames as they are asked for."""
    return _stream(FIRST_STILL_SEED + number, duration_s, still=True)


def _stream(seed: int, duration_s: float, still: bool) -> Stream:
    drawing, plan = walk_source("own"), make_plan(seed, duration_s, still)
    return drawing.truth(plan), drawing.frames(plan, frame_times_s(duration_s), (WIDTH_PX, HEIGHT_PX))
