"""`stereosync-serve` as a process of its own, with its live report and its processor time."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import psutil
from clients import Place
from setting import BUNDLES_CHOICE

from stereosync_runtime.bundles import DEFAULT_BUNDLE
from stereosync_tools.audition.host import MODULE, ServiceProcess

COUNTERS = ("late_chunks", "concealed_chunks", "degraded_chunks", "underruns", "dropped_frames", "errors")


@dataclass(frozen=True)
class ServerOptions:
    """Options of the service."""

    bundle: str = DEFAULT_BUNDLE
    device: str = "cpu"
    precision: str = BUNDLES_CHOICE
    steps: int = 2
    threads: int = 1
    chunk_ms: int = 40
    max_sessions: int = 16

    def arguments(self) -> list[str]:
        """The command line; a precision stands there only if one was asked for."""
        named = ("bundle", "device", "steps", "threads", "chunk_ms", "max_sessions")
        out = [word for name in named for word in (f"--{name.replace('_', '-')}", str(getattr(self, name)))]
        return out if self.precision == BUNDLES_CHOICE else [*out, "--precision", self.precision]


class MeasuredService(ServiceProcess):
    """A service whose processor time and counters can be read.

    Raises:
        AuditionError: it did not get ready.
    """

    def __init__(self, options: ServerOptions) -> None:
        super().__init__(options.arguments())
        self._measured = _newest_service()

    @property
    def place(self) -> Place:
        return Place(self.control_address, self.frames_address)

    @property
    def cpu_s(self) -> float:
        """Processor time so far."""
        times = self._measured.cpu_times()
        return float(times.user + times.system)

    @property
    def rss_mib(self) -> float:
        """Resident memory now."""
        return round(float(self._measured.memory_info().rss) / 2**20, 1)

    def counters(self) -> dict[str, int]:
        """The counters as the service wrote them last, at most a second ago."""
        report = self.report()
        return {name: int(report.get(name, 0)) for name in COUNTERS}

    def __enter__(self) -> MeasuredService:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _newest_service() -> psutil.Process:
    """The service itself: in a virtual environment on Windows, what was started is a launcher that starts it."""
    services = [child for child in psutil.Process().children(recursive=True) if MODULE in child.cmdline()]
    return max(services, key=lambda child: child.create_time())


def counted(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """The difference of two counts."""
    return {name: after[name] - before[name] for name in COUNTERS}


def add_server_options(parser: argparse.ArgumentParser) -> None:
    """The options of the service on a bench's command line."""
    defaults = ServerOptions()
    parser.add_argument("--bundle", default=defaults.bundle, metavar="NAME|PATH")
    parser.add_argument("--device", default=defaults.device)
    parser.add_argument("--precision", default=defaults.precision, help=f"fp32, int8, fp16 or {BUNDLES_CHOICE}")
    parser.add_argument("--steps", type=int, default=defaults.steps)
    parser.add_argument("--threads", type=int, default=defaults.threads)
    parser.add_argument("--chunk-ms", type=int, default=defaults.chunk_ms)


def server_options(found: argparse.Namespace, max_sessions: int = ServerOptions.max_sessions) -> ServerOptions:
    """The options that were given."""
    names = ("bundle", "device", "precision", "steps", "threads", "chunk_ms")
    return ServerOptions(**{name: getattr(found, name) for name in names}, max_sessions=max_sessions)


def reported(report: Mapping[str, Any], *path: str) -> float:
    """A number somewhere in the live report; not a number where there is none."""
    value: Any = report
    for name in path:
        value = value.get(name, {}) if isinstance(value, Mapping) else {}
    return float(value) if isinstance(value, int | float) else float("nan")
