"""Parts of a service, runners and a pipeline over them, from the options of the command line."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from stereosync.bundle import Bundle, check_steps
from stereosync_runners.devices import NATIVE, device_of, load_runners
from stereosync_runners.forms import RunnerRequest, streams_together
from stereosync_runners.pool_rows import presets_up_to
from stereosync_runners.runner import Runner
from stereosync_runners.tensorrt.background import BackgroundBuild, build_command
from stereosync_runners.tensorrt.runners import missing_engines
from stereosync_runtime.budget import StageCosts
from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.options import ServeOptions
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.session import Shared, StreamOptions
from stereosync_runtime.telemetry import RunConditions, Telemetry

Say = Callable[[str], None]
Runners = Mapping[str, Runner]


def make_shared(options: ServeOptions, clock: Callable[[], float], say: Say) -> tuple[Shared, BackgroundBuild | None]:
    """The parts that all sessions use, warm, and the build that will bring better runners.

    Raises:
        BundleError, RunnerError, UserError: with cause and cure.
    """
    bundle = open_bundle(options.bundle)
    check_steps(bundle, options.steps)
    runners, build = first_runners(bundle, options, say)
    device = device_of(runners["backbone"])
    telemetry = Telemetry(RunConditions(bundle.name, device, options.threads, options.steps, options.chunk_ms))
    together = streams_together(device, options.max_sessions)
    costs = StageCosts(telemetry.stages)
    pipeline = Pipeline(bundle, runners, time.perf_counter, costs.record)
    pipeline.warm_up(streams=range(1, together + 1) if device == "cpu" else presets_up_to(together))
    return Shared(pipeline, _stream_options(pipeline, options, together), costs, telemetry, clock), build


def first_runners(bundle: Bundle, options: ServeOptions, say: Say) -> tuple[Runners, BackgroundBuild | None]:
    """Runners to begin with, and what will bring better ones.

    Raises:
        RunnerError: the device does not serve.
    """

    request = RunnerRequest(options.device, options.threads, options.precision, options.max_sessions)
    missing = missing_engines(bundle, request) if options.device in NATIVE else []
    if not missing:
        return load_runners(bundle, request, say), None
    say(f"{options.device}: engines of {', '.join(missing)} must be built first; until then ONNX Runtime serves")
    build = BackgroundBuild(build_command(bundle.folder, request), lambda: load_runners(bundle, request, say), say)
    return load_runners(bundle, replace(request, device="auto"), say), build


def _stream_options(pipeline: Pipeline, options: ServeOptions, together: int) -> StreamOptions:
    return StreamOptions(
        ladder=tuple(steps for steps in pipeline.ladder if steps <= options.steps),
        chunk_latents=options.chunk_latents,
        lead_s=None if options.lead_ms is None else options.lead_ms / 1000,
        together=together,
    )
