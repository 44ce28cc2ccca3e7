"""Offline: a source through the pipeline without sockets or pacing. The same source and seed give the same samples."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from stereosync.bundle import check_steps
from stereosync.scene import SceneFrame
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runtime.budget import StageTimes
from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline
from stereosync_tools.audition.gauges import percentiles
from stereosync_tools.audition.options import DEFAULT_STEPS, AuditionOptions
from stereosync_tools.audition.outcome import Outcome
from stereosync_tools.audition.performance import Keeper
from stereosync_tools.audition.recorder import Writer, told_if_not_whole
from stereosync_tools.audition.report import merge
from stereosync_tools.audition.saving import open_sink
from stereosync_tools.audition.sources import Source

DEFAULT_LEAD_MS = 100.0
DEVICE, THREADS = "cpu", 1
BLOCK_SAMPLES = 4800


def audition_offline(options: AuditionOptions, source: Source, console: Console) -> Outcome:
    """Render and write. Raises BundleError, RunnerError or UserError when there is nothing to render with."""
    seconds = options.seconds or source.duration_s
    times_s: dict[str, list[float]] = defaultdict(list)
    bundle, steps = open_bundle(options.bundle), options.steps or DEFAULT_STEPS
    check_steps(bundle, steps)
    runners = load_runners(bundle, RunnerRequest(DEVICE, THREADS), say=lambda _text: None)

    def record(times: StageTimes) -> None:
        for stage, taken_s in times:
            times_s[stage].append(taken_s)

    pipeline = Pipeline(bundle, runners, time.perf_counter, record)
    rate_hz = bundle.clock.sample_rate_hz
    writer = Writer(Keeper(rate_hz), None if options.save is None else open_sink(options.save, rate_hz))
    lead_ms = DEFAULT_LEAD_MS if options.lead_ms is None else options.lead_ms
    console.print(f"Rendering {seconds:g} s of {source.title} with {bundle.name}.")
    frames = _written(source, seconds, writer)
    broken: list[int] = []
    with _whole(writer):
        samples = render_tape(
            pipeline,
            bundle.cue_spec,
            frames,
            seconds,
            lead_ms / 1000,
            steps,
            options.seed or 0,
            watch=lambda made: broken.append(made.broken),
        )
        for start in range(0, len(samples), BLOCK_SAMPLES):
            with told_if_not_whole():
                writer.sound(samples[start : start + BLOCK_SAMPLES])
    figures = {
        "bundle": bundle.name,
        "device": DEVICE,
        "threads": THREADS,
        "steps": steps,
        "lead_ms": lead_ms,
        "chunk_ms": 1000 * bundle.clock.chunk_s,
        "seconds": seconds,
        "errors": sum(broken),
        **_costs(times_s, seconds),
    }
    report = merge(figures, {}, "an offline run has no service, no pacing and no client")
    return Outcome(f"{source.title}, offline", writer.keeper.performance(source.contacts(seconds)), report, {})


@contextmanager
def _whole(writer: Writer) -> Iterator[None]:
    """The writer's file is whole when the block ends, or not there."""
    try:
        yield
    except BaseException:
        writer.abandon()
        raise
    with told_if_not_whole():
        writer.close()


def _written(source: Source, seconds: float, writer: Writer) -> Iterator[SceneFrame]:
    for time_s, frame in source.timeline():
        if time_s >= seconds:
            return
        with told_if_not_whole():
            writer.frame(time_s, frame)
        yield frame.stamped(time_s)


def _costs(times_s: dict[str, list[float]], seconds: float) -> dict[str, Any]:
    stages = {stage: percentiles((1000 * taken_s for taken_s in taken), "_ms") for stage, taken in times_s.items()}
    return {"stages": stages, "rtf": round(sum(map(sum, times_s.values())) / seconds, 4)}
