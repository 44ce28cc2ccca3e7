"""A stream through the runtime's own pipeline, over frames of a walk that repeats."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync.bundle import Bundle
from stereosync.scene import SceneFrame

LEAD_S, SEED = 0.1, 0
Sound = npt.NDArray[np.float32]
Heard = Callable[[float], None]  # seconds made so far


def demo_frames(seconds: float, heard: Heard) -> Iterator[SceneFrame]:
    """Frames of the demo tape, over and over, for so long."""
    from stereosync_runtime.audition.sources import DEMO, TapeSource

    for time_s, frame in TapeSource(DEMO).timeline():
        if time_s >= seconds:
            return
        heard(time_s)
        yield frame.stamped(time_s)


def play(
    bundle: Bundle, engines: Mapping[str, Any], seconds: float, steps: int = 2, heard: Heard = lambda _s: None
) -> Sound:
    """The sound (n, 2) that these engines make of the demo walk; the same random numbers each time."""
    from stereosync_runtime.offline import render_tape
    from stereosync_runtime.pipeline import Pipeline

    pipeline = Pipeline(bundle, engines, time.perf_counter)
    return render_tape(pipeline, bundle.cue_spec, demo_frames(seconds, heard), seconds, LEAD_S, steps, SEED)
