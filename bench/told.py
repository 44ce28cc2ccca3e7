"""The cost of being told: `python bench/told.py [--frames 600]`.

Six characters, 30 frames a second: what the runtime does of each frame outside the graphs, for a client that tells
nothing, one that tells feet, and one that tells feet, contacts ahead, grounds and the place. No graph runs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from conditions import machine
from tables import console, percentiles_ms, table, write_json

from stereosync.bundle import Bundle, Forecast
from stereosync.clock import Clock
from stereosync.cues import CueSpec
from stereosync.listening import Listening, listen
from stereosync.scene import Box, Camera, Foot, SceneFrame, ToldContact, ToldRoom, ToldScene
from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_runtime.foresight import Foresight, foresee
from stereosync_runtime.known import known_arrays
from stereosync_runtime.stream import CueTokens

CHARACTERS, BINS, FPS = 6, 18, 30
STEP_S, LEAD_S, AHEAD_S = 0.5, 0.08, 0.45
BAR_MS = 0.2
BUNDLE = Bundle(
    name="none",
    version="0",
    clock=Clock(),
    cue_spec=CueSpec(),
    latent_dim=1,
    schedules={},
    graphs={},
    max_lead_s=0.2,
    forecast=Forecast(-0.06, 0.02),
    grounds=GROUNDS,
    places=PLACES,
)

Change = Callable[[Box, float], Box]


def silent(box: Box, _time_s: float) -> Box:
    return box


def with_feet(box: Box, time_s: float) -> Box:
    """A walker's box and its feet."""
    swing = [np.sin(2 * np.pi * (time_s / (2 * STEP_S) + half)) for half in (0.0, 0.5)]
    points = [(1.4 * time_s + 0.3 * at, max(0.12 * at, 0.0), 0.1) for at in map(float, swing)]
    feet = tuple(Foot(side, point, None, "gravel") for side, point in zip(("left", "right"), points, strict=True))
    return Box(box.id, box.label, box.x0, box.y0, box.x1, box.y1, feet=feet)


def with_all(box: Box, time_s: float) -> Box:
    """A walker that also knows its steps."""
    first = int(time_s / STEP_S) + 1
    steps = [number for number in range(first, first + 2) if number * STEP_S < time_s + AHEAD_S]
    contacts = tuple(ToldContact(("left", "right")[number % 2], number * STEP_S, 0.5, "gravel") for number in steps)
    feet = with_feet(box, time_s).feet
    return Box(box.id, box.label, box.x0, box.y0, box.x1, box.y1, feet=feet, contacts=contacts, surface="wood")


def frame(time_s: float, change: Change, scene: ToldScene | None) -> SceneFrame:
    boxes = tuple(change(Box(number, "walker", 1.0, 1.0, 9.0, 30.0), time_s) for number in range(CHARACTERS))
    picture, depth_m = np.zeros((36, 64, 3), np.uint8), np.ones((18, 32), np.float32)
    return SceneFrame(0, time_s, Camera(1.0, 16 / 9), picture, depth_m, boxes, scene)


def seen(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Outputs that a cue encoder might give."""
    return {
        "forecast": (0.4 * rng.random((1, CHARACTERS, BINS))).astype(np.float32),
        "grounds": np.full((1, CHARACTERS, len(GROUNDS)), 1 / len(GROUNDS), np.float32),
        "force": np.zeros((1, CHARACTERS, 1), np.float32),
        "place": np.full((1, len(PLACES) + 1), 0.05, np.float32),
        "room": np.zeros((1, 2), np.float32),
    }


def seconds(frames: int, change: Change, scene: ToldScene | None = None) -> tuple[list[float], list[float]]:
    """Seconds of each frame: to listen to its words, and to plan and make the arrays for the backbone."""
    listening, foresight, rng = Listening(), Foresight(), np.random.default_rng(0)
    ids, listened_s, planned_s = tuple(range(CHARACTERS)), [], []
    for index in range(frames):
        time_s = 10 + index / FPS
        shown, arrays = frame(time_s, change, scene), seen(rng)
        started_s = time.perf_counter()
        listening, told = listen(listening, shown)
        between_s = time.perf_counter()
        chances = {character: arrays["forecast"][0, character] for character in ids}
        foresight = foresee(Forecast(-0.06, 0.02), foresight, time_s, chances, time_s + LEAD_S, told)
        known_arrays(BUNDLE, foresight, CueTokens(arrays, time_s, ids, told), time_s + LEAD_S)
        listened_s.append(between_s - started_s)
        planned_s.append(time.perf_counter() - between_s)
    return listened_s, planned_s


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=600)
    parser.add_argument("--out", type=Path, help="write the figures")
    options = parser.parse_args()
    conditions = machine(characters=CHARACTERS)
    place = ToldScene("forest", 0.5, ToldRoom(4.0, 0.5))
    took = {
        "nothing": seconds(options.frames, silent),
        "feet": seconds(options.frames, with_feet),
        "everything": seconds(options.frames, with_all, place),
    }
    found = {name: [percentiles_ms(part) for part in parts] for name, parts in took.items()}
    rows = [[name, *(part[point] for part in parts for point in ("p50_ms", "p95_ms"))] for name, parts in found.items()]
    more_ms = max(parts[1]["p50_ms"] for parts in found.values()) - found["nothing"][1]["p50_ms"]
    columns = ("told", "listening p50 ms", "p95 ms", "planning p50 ms", "p95 ms")
    note = f"The most that telling adds to planning, at p50: {more_ms:.2f} ms; bar {BAR_MS} ms."
    console().print(table("What being told costs a frame of six characters", columns, rows, (note,)))
    write_json(options.out, {"conditions": conditions, "rows": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
