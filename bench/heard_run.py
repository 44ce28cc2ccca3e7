"""One walk through one client: what was heard, and how long each frame took to be heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from carrying import Carried, Carrier, Change, on_timeline, perform
from heard_figures import Heard, judge
from heard_walks import FROM_S, WALK_S

from stereosync.scene import Float32Array, SceneFrame
from stereosync_bridge import wire
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.messages import AudioMessage
from stereosync_bridge.tape import TapeReader
from stereosync_scenes.plan import Plan
from stereosync_scenes.truth import walk_truth
from stereosync_tools.audition.host import ServiceProcess

BUNDLE = "walk"
RATE_HZ, BLOCK = 48_000, 480


@dataclass(frozen=True)
class Run:
    """`heard` holds the figures, `timeline` (n, 2) the sound from the walk's time 0 on, `delays_s` for each chunk the
    age of its newest frame when its first sample was taken, `expected_s` the same as the service expected it, and
    `buffered_ms` what each frame said of the ring."""

    carried: Carried
    timeline: Float32Array
    heard: Heard
    delays_s: list[float]
    expected_s: list[float]
    buffered_ms: list[float]


def unchanged(frame: SceneFrame) -> SceneFrame:
    """The change of a run that is no control."""
    return frame


def hear(program: Sequence[str], plan: Plan, folder: Path, change: Change = unchanged) -> Run:
    """Play `plan` to a service of its own, with the client in between; `folder` takes the recordings."""
    tape = folder / "session.tape"
    tape.unlink(missing_ok=True)
    with (
        ServiceProcess(["--bundle", BUNDLE, "--record", str(tape)]) as service,
        Carrier(program, service.control_address, folder / "heard.f32", rate_hz=RATE_HZ, block=BLOCK) as carrier,
    ):
        carrier.wait_for("state", "connected")
        start_s = perform(plan, carrier, WALK_S, change)
        carried = carrier.finish()
    timeline = on_timeline(carried, start_s, WALK_S)
    heard = judge(carried, timeline, walk_truth(plan), FROM_S)
    messages = list(told(tape))
    delays_s, expected_s = ages_s(carried, [message for message in messages if isinstance(message, AudioMessage)])
    reports = [message.playback for message in messages if isinstance(message, FrameMessage)]
    buffered_ms = [report.buffered_ms for report in reports if report is not None]
    return Run(carried, timeline, heard, delays_s, expected_s, buffered_ms)


def told(tape: Path) -> Iterator[wire.Message]:
    """Every message of a session that the service recorded."""
    return (wire.decode(list(record.parts)) for record in TapeReader(tape, strict=False).records())


def ages_s(carried: Carried, chunks: Sequence[AudioMessage]) -> tuple[list[float], list[float]]:
    """Ages of frames at the first samples of their chunks, measured and expected; sound must not have broken off.

    The first sound that was taken is the stream's first sample, so a sample's place in the recording is its time.
    """
    (playing,) = (line for line in carried.lines if line.words[0] == "playing")
    first_s = float(playing.words[1]) + int(np.flatnonzero(carried.samples.any(axis=1))[0]) / RATE_HZ
    made = [chunk for chunk in chunks if chunk.n_samples and chunk.capture_client_s is not None]
    measured = [first_s + chunk.start_sample / RATE_HZ - (chunk.capture_client_s or 0.0) for chunk in made]
    return measured, [chunk.age_s for chunk in made]
