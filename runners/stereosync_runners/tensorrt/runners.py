"""Runners of TensorRT for all graphs of a bundle, and the engines that must be built for them."""

from __future__ import annotations

import time
from collections.abc import Callable

from stereosync.bundle import Bundle, GraphForm
from stereosync_runners.devices import check_precision, form_for, streams_together
from stereosync_runners.runner import Form, Runner, RunnerError
from stereosync_runners.tensorrt.backend import BACKENDS, NATIVE, check_capability, import_library, precision_for
from stereosync_runners.tensorrt.bindings import expected_bindings
from stereosync_runners.tensorrt.build import BuildOptions
from stereosync_runners.tensorrt.cache import user_cache
from stereosync_runners.tensorrt.cuda import CudaRuntime
from stereosync_runners.tensorrt.messages import Progress, ignore_progress
from stereosync_runners.tensorrt.prepare import Job, Say, is_kept, prepared_engine
from stereosync_runners.tensorrt.runner import TensorRTRunner

USUAL_BATCH = 4  # what the builder tunes for


def tensorrt_runners(
    bundle: Bundle,
    device: str,
    say: Say,
    precision: str | None = None,
    sessions: int = 1,
    clock: Callable[[], float] = time.perf_counter,
    progress: Progress = ignore_progress,
) -> dict[str, Runner]:
    """A runner for every graph, on the first card; TensorRT engines that were not kept are built, which `say` is told.

    Args:
        device: "tensorrt" or "rtx".
        sessions: how many streams there are places for.
        progress: told how far a build is, from threads of the library.

    Raises:
        RunnerError: a package is missing, the card is not served, or the bundle has no form of a graph for it.
    """
    backend = BACKENDS[device]
    trt, cuda, cache = import_library(backend), CudaRuntime(backend.extra), user_cache()
    card = cuda.card()
    check_capability(backend, card.capability, card.name)
    precision = precision_for(backend, card.capability, precision)
    runners: dict[str, Runner] = {}
    for name, job in engine_jobs(bundle, device, precision, sessions).items():
        serialized = prepared_engine(cache, backend, job, card, say, clock, progress)
        together = streams_together(device, sessions)
        spec = bundle.graphs[name]
        runners[name] = TensorRTRunner(trt, cuda, name, serialized, spec, sessions, together, device, job.precision)
        say(f"graph {name}: {backend.module} {trt.__version__} {job.precision}, {card.name}")
    return runners


def missing_engines(bundle: Bundle, device: str, precision: str | None = None, sessions: int = 1) -> list[str]:
    """Graphs whose engine for the card that is here is not kept, or not to be trusted.

    Raises:
        RunnerError: a package is missing, the card is not served, or the bundle has no form of a graph for it.
    """
    backend, cache = BACKENDS[device], user_cache()
    import_library(backend)
    card = CudaRuntime(backend.extra).card()
    check_capability(backend, card.capability, card.name)
    jobs = engine_jobs(bundle, device, precision_for(backend, card.capability, precision), sessions)
    return [name for name, job in jobs.items() if not is_kept(cache, backend, job, card)]


def engine_jobs(
    bundle: Bundle,
    device: str,
    precision: str | None = None,
    sessions: int = 1,
    capabilities: tuple[int, ...] = NATIVE,
) -> dict[str, Job]:
    """The builds that a device needs, by graph. A card finds an engine again that was built for its own compute
    capability alone, for as many sessions.

    Raises:
        RunnerError: the bundle has no form of a graph for the device, or none in that precision.
    """
    check_precision(bundle, device, precision)
    together = streams_together(device, sessions)
    options = BuildOptions((1, min(USUAL_BATCH, together), together), sessions + 1, capabilities=capabilities)
    return {name: _job(bundle, name, device, precision, options) for name in bundle.graphs}


def _job(bundle: Bundle, name: str, device: str, precision: str | None, options: BuildOptions) -> Job:
    spec = bundle.graphs[name]
    form = form_for(spec, device, precision)
    _check_form(bundle, name, form, device)
    return Job(
        name=f"{bundle.name}-{name}",
        graph=bundle.folder / form.file,
        graph_sha256=form.sha256,
        precision=form.precision,
        options=options,
        bindings=expected_bindings(spec),
        weights_sha256=bundle.weights.sha256 if bundle.weights else "",
    )


def _check_form(bundle: Bundle, name: str, form: Form, device: str) -> None:
    spec = bundle.graphs[name]
    pooled = isinstance(form, GraphForm) and form.pooled
    if not spec.batched or (spec.states and not pooled):
        raise RunnerError(f"bundle {bundle.name} has no form of graph {name} for {device}: export it again")
