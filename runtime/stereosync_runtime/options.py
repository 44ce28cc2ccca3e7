"""Options of the service: the fields of the command line, checked, with every default in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from stereosync.bundle_spec import PRECISIONS
from stereosync.clock import Clock
from stereosync.errors import StereoSyncError
from stereosync_bridge.tape import LARGEST_RECORDING_MB
from stereosync_runners.devices import DEVICES
from stereosync_runtime.bundles import DEFAULT_BUNDLE

MOST_STEPS = 64
MAX_CHUNK_LATENTS = 5


class OptionError(StereoSyncError, ValueError):
    """A value out of its rule; the message names the field and the rule."""


@dataclass(frozen=True)
class ServeOptions:
    """Options of the service.

    Raises:
        OptionError: a value is out of its rule.
    """

    bundle: str = DEFAULT_BUNDLE  # name or path
    bind: str = "tcp://127.0.0.1:5750"  # address of the control lane
    frames_bind: str = "tcp://127.0.0.1:5751"  # address of the frames lane
    device: str = "auto"  # one of `DEVICES`
    precision: str | None = None  # None: as the bundle prefers for the device
    steps: int = 2  # of the sampler, at most
    threads: int = 1  # of computing; one is best beside a game
    chunk_ms: int = 40
    lead_ms: float | None = None  # None: when a chunk will be heard follows from the client's reports
    seed: int | None = None  # None: another for each session
    metrics_port: int | None = None  # of the Prometheus page; None: no page
    stats: Path | None = None  # file of the live report, written again and again
    record: Path | None = None  # tape of the first session that joins
    record_max_mb: float = LARGEST_RECORDING_MB  # where the tape ends
    insecure: bool = False  # listen beyond this machine without keys
    keys: Path | None = None  # the server's key folder, made by stereosync-keys
    seconds: float | None = None  # None: until stopped
    max_sessions: int = 16

    def __post_init__(self) -> None:
        latent_ms = round(Clock().latent_s * 1000)
        chunks_ms = range(latent_ms, latent_ms * MAX_CHUNK_LATENTS + 1, latent_ms)
        _demand(self.device in DEVICES, "device", f"one of {', '.join(DEVICES)}", self.device)
        _demand(1 <= self.steps <= MOST_STEPS, "steps", f"1 to {MOST_STEPS}", self.steps)
        _demand(self.precision in (None, *PRECISIONS), "precision", f"one of {', '.join(PRECISIONS)}", self.precision)
        _demand(1 <= self.threads <= 64, "threads", "1 to 64", self.threads)
        _demand(
            self.chunk_ms in chunks_ms, "chunk-ms", f"a multiple of {latent_ms}, up to {chunks_ms[-1]}", self.chunk_ms
        )
        _demand(1 <= self.max_sessions <= 256, "max-sessions", "1 to 256", self.max_sessions)
        _demand(0 < self.record_max_mb < math.inf, "record-max-mb", "above 0", self.record_max_mb)
        if self.lead_ms is not None:
            _demand(0 <= self.lead_ms <= 1000, "lead-ms", "auto or 0 to 1000", self.lead_ms)
        if self.seed is not None:
            _demand(0 <= self.seed < 2**63, "seed", "0 to 2**63 - 1", self.seed)
        if self.metrics_port is not None:
            _demand(0 <= self.metrics_port <= 65535, "metrics-port", "0 to 65535", self.metrics_port)
        if self.seconds is not None:
            _demand(math.isfinite(self.seconds) and self.seconds > 0, "seconds", "above 0", self.seconds)
        for field, address in (("bind", self.bind), ("frames-bind", self.frames_bind)):
            _demand(_is_tcp(address), field, "an address like tcp://127.0.0.1:5750 (port 0: any free one)", address)

    @property
    def chunk_latents(self) -> int:
        return round(self.chunk_ms / 1000 / Clock().latent_s)


def _demand(holds: bool, field: str, rule: str, value: object) -> None:
    if not holds:
        raise OptionError(f"--{field} must be {rule}, got {value!r}")


def _is_tcp(address: str) -> bool:
    scheme, _, place = address.partition("://")
    host, _, port = place.rpartition(":")
    return scheme == "tcp" and bool(host) and (port == "*" or (port.isdecimal() and int(port) <= 65535))
