"""The form that each graph gets for a request, and the number of streams that are made at once."""

from __future__ import annotations

from dataclasses import dataclass

from stereosync.bundle import Bundle, GraphSpec
from stereosync_runners.runner import Form, RunnerError

TOGETHER = {"cpu": 4}  # streams worth making at once: on the CPU more only wait for each other
MOST_TOGETHER = 64  # on devices


@dataclass(frozen=True)
class RunnerRequest:
    """A request for runners."""

    device: str = "auto"
    threads: int = 1  # of the processor
    precision: str | None = None  # of the graphs that have it; None: what the bundle prefers for the device
    sessions: int = 1  # streams that a device must keep the states of
    cuda_graphs: bool = True  # replay each run as one launch


def form_for(spec: GraphSpec, device: str, precision: str | None) -> Form:
    """The form of a graph that a device runs, by default or in a precision; the plain one where there is no such."""
    forms = [variant for variant in spec.variants if device in variant.devices]
    if precision is None:
        return forms[0] if forms else spec
    return next((form for form in forms if form.precision == precision), spec)


def check_precision(bundle: Bundle, device: str, precision: str | None) -> None:
    """Refuse a precision that no graph of the bundle has for the device.

    Raises:
        RunnerError: the message says what there is.
    """
    if precision is None:
        return
    forms = {form_for(spec, device, known).precision for spec in bundle.graphs.values() for known in _precisions(spec)}
    if precision not in forms:
        variants = [variant for spec in bundle.graphs.values() for variant in spec.variants]
        others = sorted({name for variant in variants if variant.precision == precision for name in variant.devices})
        cure = f"it is there for {', '.join(others)}" if others else f"export it again with --precision {precision}"
        raise RunnerError(
            f"bundle {bundle.name} has no graph in {precision} for {device}, only {', '.join(sorted(forms))}: {cure}"
        )


def _precisions(spec: GraphSpec) -> set[str]:
    return {spec.precision, *(variant.precision for variant in spec.variants)}


def streams_together(device: str, sessions: int) -> int:
    """The number of streams that are made at once on a device that serves so many sessions."""
    return min(TOGETHER.get(device, MOST_TOGETHER), sessions)
