"""A stream through the runtime's own pipeline, over frames of a walk that repeats."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from stereosync.bundle import Bundle
from stereosync.scene import SIDES, Foot, SceneFrame
from stereosync_bridge.repeated_tape import RepeatedTape
from stereosync_runners.runner import Runner
from stereosync_runtime.offline import demo_tape_path, render_tape
from stereosync_runtime.pipeline import Pipeline

LEAD_S, SEED = 0.1, 0
UNTOLD_S = 0.5  # of every second, so that what is seen is compared as well as what is told
PACE_M_S, LIFT_M = 1.4, 0.15  # of the feet
Sound = npt.NDArray[np.float32]
Heard = Callable[[float], None]  # seconds made so far


def demo_frames(seconds: float, heard: Heard) -> Iterator[SceneFrame]:
    """Frames of the demo tape, over and over, for so long; they are told half of the time."""
    for time_s, frame in RepeatedTape(demo_tape_path()).timeline():
        if time_s >= seconds:
            return
        heard(time_s)
        yield telling(frame.stamped(time_s))


def telling(frame: SceneFrame) -> SceneFrame:
    """The frame without what it tells in the first half of every second, and in the second half as it is, with made-up
    feet in the boxes that have none of their own."""
    time_s = frame.capture_time_s
    if time_s % 1.0 < UNTOLD_S:
        boxes = (replace(box, feet=(), contacts=(), surface=None) for box in frame.boxes)
        return replace(frame, boxes=tuple(boxes), scene=None)
    feet = tuple(
        Foot(side, (0.2 * number, max(LIFT_M * math.sin(2 * math.pi * (time_s + number / 2)), 0.0), PACE_M_S * time_s))
        for number, side in enumerate(SIDES)
    )
    return replace(frame, boxes=tuple(replace(box, feet=box.feet or feet) for box in frame.boxes))


def play(
    bundle: Bundle, runners: Mapping[str, Runner], seconds: float, steps: int = 2, heard: Heard = lambda _s: None
) -> Sound:
    """The sound (n, 2) that these runners make of the demo walk; the same random numbers each time."""
    pipeline = Pipeline(bundle, runners, time.perf_counter)
    return render_tape(pipeline, bundle.cue_spec, demo_frames(seconds, heard), seconds, LEAD_S, steps, SEED)
