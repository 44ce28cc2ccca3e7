"""An engine for a graph: the one that was kept, or a new one, with a line that says why it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.backend import Backend, import_library, in_words
from stereosync_runners.tensorrt.bindings import Bindings, check_bindings
from stereosync_runners.tensorrt.build import BuildOptions, build_engine
from stereosync_runners.tensorrt.cache import EngineCache, why_built
from stereosync_runners.tensorrt.cuda import Card
from stereosync_runners.tensorrt.keys import ANY, EngineKey
from stereosync_runners.tensorrt.messages import Progress, ignore_progress

Say = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """A graph to be made an engine of, and the tensors that it must have; messages and files call it `name`."""

    name: str
    graph: Path
    graph_sha256: str
    precision: str
    options: BuildOptions
    bindings: Bindings
    weights_sha256: str = ""


def key_of(backend: Backend, job: Job, card: Card | None) -> EngineKey:
    """The key of a job's engine. Without a card, and where engines are finished on the card, any card's.

    Raises:
        RunnerError: the library is not installed.
    """
    bound = card is not None and not backend.ahead
    return EngineKey(
        graph_sha256=job.graph_sha256,
        weights_sha256=job.weights_sha256,
        library=backend.module,
        library_version=str(import_library(backend).__version__),
        gpu=card.name if card and bound else ANY,
        compute_capability=_capability(job.options.capabilities, card),
        driver=card.driver if card and bound else ANY,
        precision=job.precision,
        profile=job.options.profile,
        options=job.options.other,
    )


def prepared_engine(
    cache: EngineCache,
    backend: Backend,
    job: Job,
    card: Card | None,
    say: Say,
    clock: Callable[[], float],
    progress: Progress = ignore_progress,
) -> bytes:
    """The serialized engine of a job, from the cache or built and kept there.

    Raises:
        RunnerError: it cannot be built, or is not the graph that the bundle says. That it cannot be kept is only said.
    """
    job = _for_card(backend, job, card)
    key = key_of(backend, job, card)
    try:
        engine, record = cache.load(job.name, key)
        check_bindings(record.bindings, job.bindings, job.name)
        return engine
    except RunnerError as refusal:
        expected = cache.estimate(backend, job.graph.stat().st_size)
        say(f"{why_built(cache, job.name, key, refusal)}; it takes {expected}")
    built = build_engine(backend, job.name, job.graph, job.options, clock, progress)
    check_bindings(built.bindings, job.bindings, job.name)
    try:
        cache.keep(job.name, key, built, job.graph.stat().st_size)
    except RunnerError as error:
        say(f"{error}; it is used now and built again next time")
    return built.engine


def is_kept(cache: EngineCache, backend: Backend, job: Job, card: Card) -> bool:
    """True if there is a kept engine that serves the card."""
    job = _for_card(backend, job, card)
    try:
        cache.load(job.name, key_of(backend, job, card))
    except RunnerError:
        return False
    return True


def _for_card(backend: Backend, job: Job, card: Card | None) -> Job:
    """The job with this card's capability named, where engines can be built for cards by name."""
    if not backend.ahead or job.options.capabilities or card is None:
        return job
    return replace(job, options=replace(job.options, capabilities=(card.capability,)))


def _capability(capabilities: tuple[int, ...], card: Card | None) -> str:
    named = capabilities or ((card.capability,) if card else ())
    return ",".join(map(in_words, named)) or ANY
