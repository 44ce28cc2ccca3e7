"""The library's messages while it works: a logger that collects, and a monitor that tells how far it is.

Both are classes of the library's own that are derived here by call, since its module is known only when it is used.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from typing import Any

log = logging.getLogger("stereosync.tensorrt")

Progress = Callable[[str, float], None]  # phase, share of the whole that is done, 0 to 1
ERRORS = ("INTERNAL_ERROR", "ERROR")
LEVELS = {"INFO": logging.DEBUG, "WARNING": logging.INFO, **dict.fromkeys(ERRORS, logging.INFO)}

# What stands in the way, by what the library says, and the cure
Trouble = tuple[str, str, str]
CARD_TROUBLES: tuple[Trouble, ...] = (
    (r"OLD_CUDA_DRIVER|driver version is insufficient", "the NVIDIA driver is missing or too old", "update the driver"),
    (r"no CUDA-capable device", "there is no NVIDIA GPU that CUDA sees", "use --device cpu"),
    (r"out of memory|INSUFFICIENT_GPU_MEMORY", "the card's memory is full", "close programs, or lower --max-sessions"),
)
ENGINE_TROUBLES: tuple[Trouble, ...] = (
    *CARD_TROUBLES,
    (r"UNSUPPORTED_CC|compute capability|incompatible device", "it is for another card", "build it on this one"),
    (r"VERSION_MISMATCH|version", "it is of another version of the library", "build it again"),
    (r"MALFORMED_ENGINE|magic|truncat|corrupt|header|size", "it is damaged or cut short", "build it again"),
)


def ignore_progress(_phase: str, _share: float) -> None:
    """Tells nobody."""


class Said:
    """The messages that a logger collected: errors, oldest first, for the sentence that is raised where something fails
    because of them. The library calls it from threads of its own."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def take(self, severity: str, message: str) -> None:
        """One message; what is less than information is dropped."""
        if severity in LEVELS:
            log.log(LEVELS[severity], "%s", message)
        if severity in ERRORS:
            self.errors.append(message)

    def reason(self) -> str:
        """The errors since the last call, in one line."""
        errors, self.errors = self.errors, []
        return "; ".join(dict.fromkeys(" ".join(error.split()) for error in errors))[:600] or "it gave no reason"


def new_logger(trt: Any, said: Said) -> Any:
    """An `ILogger` of module `trt` that gives all to `said`. It must outlive whatever is made with it."""

    def start(self: Any) -> None:
        trt.ILogger.__init__(self)

    def take(_self: Any, severity: Any, message: str) -> None:
        said.take(severity.name, message)

    return type("Logger", (trt.ILogger,), {"__init__": start, "log": take})()


def trouble(reason: str, known: tuple[Trouble, ...], otherwise: str) -> str:
    """Cause, cure and the library's own words, in one sentence; `otherwise` is the cure of one that is not known."""
    for pattern, cause, cure in known:
        if re.search(pattern, reason, re.IGNORECASE):
            return f"{cause} ({reason}): {cure}"
    return f"{reason}: {otherwise}"


class Phases:
    """Phases that lie in phases, each of so many steps, made into one share of the whole, which never falls."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._open: dict[str, tuple[str | None, int, int]] = {}  # parent, steps, steps done
        self._share = 0.0

    def start(self, phase: str, parent: str | None, steps: int) -> None:
        """A phase begins."""
        with self._lock:
            self._open[phase] = (parent, max(steps, 1), 0)
        self._tell(phase)

    def step(self, phase: str, step: int) -> None:
        """A step of a phase is done; they count from 0."""
        with self._lock:
            parent, steps, _ = self._open.get(phase, (None, step + 1, 0))
            self._open[phase] = (parent, steps, step + 1)
        self._tell(phase)

    def finish(self, phase: str) -> None:
        """A phase is over, even if not all of its steps were made."""
        with self._lock:
            parent, steps, _ = self._open.get(phase, (None, 1, 0))
            self._open[phase] = (parent, steps, steps)
        self._tell(phase)
        with self._lock:
            self._open.pop(phase, None)

    def _tell(self, phase: str) -> None:
        with self._lock:
            self._share = max(self._share, min(self._done(phase), 1.0))
            share = self._share
        self._progress(phase, share)

    def _done(self, phase: str) -> float:
        share, inside, name = 0.0, False, phase
        while name in self._open:
            parent, steps, done = self._open[name]
            share = min((done + share * inside) / steps, 1.0)
            if parent is None or parent == name:
                return share
            inside, name = True, parent
        return 0.0


def new_monitor(trt: Any, progress: Progress) -> Any:
    """An `IProgressMonitor` of module `trt`, or None where it has none."""
    if not hasattr(trt, "IProgressMonitor"):
        return None
    phases = Phases(progress)

    def start(self: Any) -> None:
        trt.IProgressMonitor.__init__(self)

    def step(_self: Any, phase: str, step: int) -> bool:
        phases.step(phase, step)
        return True  # go on

    methods = {
        "__init__": start,
        "phase_start": lambda _self, phase, parent, steps: phases.start(phase, parent, steps),
        "step_complete": step,
        "phase_finish": lambda _self, phase: phases.finish(phase),
    }
    return type("Monitor", (trt.IProgressMonitor,), methods)()
