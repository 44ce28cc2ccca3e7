"""The real TensorRT for the doctor."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from importlib import util

from stereosync.bundle import Bundle
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runners.runner import Runner
from stereosync_runners.tensorrt.backend import BACKENDS
from stereosync_runners.tensorrt.bindings import check_bindings
from stereosync_runners.tensorrt.build import build_engine
from stereosync_runners.tensorrt.runners import engine_jobs, tensorrt_runners
from stereosync_tools.doctor.finding import Finding
from stereosync_tools.doctor.replay import record
from stereosync_tools.doctor.tensorrt import BuiltGraph, TensorRTAccess, check_installed, check_tensorrt

AHEAD_FOR = (86, 89)  # compute capabilities to build for where no card is: RTX 30 and RTX 40


def installed_devices() -> tuple[str, ...]:
    """The devices whose library is installed."""
    return tuple(device for device, backend in BACKENDS.items() if util.find_spec(backend.module) is not None)


def build_ahead(bundle: Bundle, device: str, say: Callable[[str], None]) -> Sequence[BuiltGraph]:
    """Build every graph for cards that are not here, and keep nothing.

    Raises:
        RunnerError: a graph cannot be built.
    """
    graphs = []
    for name, job in engine_jobs(bundle, RunnerRequest(device), AHEAD_FOR).items():
        say(f"building {name} for {device}")
        built = build_engine(BACKENDS[device], job.name, job.graph, job.options, time.perf_counter)
        check_bindings(built.bindings, job.bindings, job.name)
        graphs.append(BuiltGraph(name, built.seconds, len(built.engine)))
    return graphs


def _open(bundle: Bundle, device: str, say: Callable[[str], None]) -> Mapping[str, Runner]:
    """Runners on the card that is here; engines that are not kept are built."""
    return tensorrt_runners(bundle, RunnerRequest(device), say)


def _ignore(_text: str) -> None:
    """A console that shows nothing of the processor's own runners."""


def look_at_tensorrt(bundle: Bundle, has_gpu: bool, say: Callable[[str], None]) -> list[Finding]:
    """Every library that is installed."""
    devices = installed_devices()
    if not devices:
        return check_installed(devices)
    runs = record(bundle, load_runners(bundle, RunnerRequest("cpu", precision="fp32"), _ignore), time.perf_counter)
    findings = []
    for device in devices:
        access = TensorRTAccess(_open, build_ahead if BACKENDS[device].ahead else None)
        findings += check_tensorrt(bundle, device, access, runs, has_gpu, time.perf_counter, say)
    return findings
