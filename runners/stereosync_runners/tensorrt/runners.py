"""Runners of TensorRT for all graphs of a bundle, and the engines that must be built for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from stereosync.bundle import Bundle, GraphForm
from stereosync_runners.forms import RunnerRequest, check_precision, form_for, streams_together
from stereosync_runners.runner import Form, Runner, RunnerError
from stereosync_runners.tensorrt.backend import BACKENDS, NATIVE, check_capability, import_library, precision_for
from stereosync_runners.tensorrt.bindings import expected_bindings
from stereosync_runners.tensorrt.build import BuildOptions
from stereosync_runners.tensorrt.cache import user_cache
from stereosync_runners.tensorrt.cuda import Card, CudaRuntime
from stereosync_runners.tensorrt.messages import Progress, ignore_progress
from stereosync_runners.tensorrt.prepare import Job, Say, is_kept, prepared_engine
from stereosync_runners.tensorrt.runner import TensorRTRunner

USUAL_BATCH = 4  # what the builder tunes for


def tensorrt_runners(
    bundle: Bundle,
    request: RunnerRequest,
    say: Say,
    clock: Callable[[], float] = time.perf_counter,
    progress: Progress = ignore_progress,
) -> dict[str, Runner]:
    """A runner for every graph, on the first card; TensorRT engines that were not kept are built, which `say` is told.

    Args:
        request: its device is "tensorrt" or "rtx".
        progress: told how far a build is, from threads of the library.

    Raises:
        RunnerError: a package is missing, the card is not served, or the bundle has no form of a graph for it.
    """
    backend, cache = BACKENDS[request.device], user_cache()
    trt, cuda = import_library(backend), CudaRuntime(backend.extra)
    card = cuda.card()
    request = _for_card(request, card)
    together = streams_together(request.device, request.sessions)
    runners: dict[str, Runner] = {}
    for name, job in engine_jobs(bundle, request).items():
        serialized = prepared_engine(cache, backend, job, card, say, clock, progress)
        spec, sessions = bundle.graphs[name], request.sessions
        runners[name] = TensorRTRunner(
            trt, cuda, name, serialized, spec, sessions, together, request.device, job.precision
        )
        say(f"graph {name}: {backend.module} {trt.__version__} {job.precision}, {card.name}")
    return runners


def missing_engines(bundle: Bundle, request: RunnerRequest) -> list[str]:
    """Graphs whose TensorRT engine for the card that is here is not kept, or not to be trusted.

    Raises:
        RunnerError: a package is missing, the card is not served, or the bundle has no form of a graph for it.
    """
    backend, cache = BACKENDS[request.device], user_cache()
    import_library(backend)
    card = CudaRuntime(backend.extra).card()
    jobs = engine_jobs(bundle, _for_card(request, card))
    return [name for name, job in jobs.items() if not is_kept(cache, backend, job, card)]


def _for_card(request: RunnerRequest, card: Card) -> RunnerRequest:
    """The request in the precision that the card is served in. Raises RunnerError where it is not served."""
    backend = BACKENDS[request.device]
    check_capability(backend, card.capability, card.name)
    return replace(request, precision=precision_for(backend, card.capability, request.precision))


def engine_jobs(bundle: Bundle, request: RunnerRequest, capabilities: tuple[int, ...] = NATIVE) -> dict[str, Job]:
    """The engines that must be built for a request, by graph. A card finds an engine again that was built for its own
    compute capability alone, for as many sessions.

    Raises:
        RunnerError: the bundle has no form of a graph for the device, or none in that precision.
    """
    check_precision(bundle, request.device, request.precision)
    together = streams_together(request.device, request.sessions)
    options = BuildOptions((1, min(USUAL_BATCH, together), together), request.sessions + 1, capabilities=capabilities)
    return {name: _job(bundle, name, request, options) for name in bundle.graphs}


def _job(bundle: Bundle, name: str, request: RunnerRequest, options: BuildOptions) -> Job:
    spec = bundle.graphs[name]
    form = form_for(spec, request.device, request.precision)
    _check_form(bundle, name, form, request.device)
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
