"""Counters and times. Any thread may call any method; a lock is held for a few assignments."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import psutil

from stereosync_runtime.budget import StageTimes
from stereosync_runtime.knowledge import Knowledge

KEPT = 4096  # newest values behind each percentile, so that memory stays flat
COUNTERS = ("late_chunks", "degraded_chunks", "concealed_chunks", "dropped_frames", "underruns", "errors")
BRIDGE_COUNTERS = (
    "audio_dropped",
    "credits_restored",
    "keys_refused",
    "messages_passed_over",
    "memory_bounded",
    "connections_too_fast",
    "connections_too_many",
    "connections_flooding",
    "connections_wasting",
    "connections_refused",
    "connections_for_memory",
)  # as the server of the bridge names them
MORE_COUNTERS = (
    *BRIDGE_COUNTERS,
    "ages_bounded",
    "invalid_messages",
    "unknown_words",
    "contacts_out_of_time",
)  # counted and shown, and no part of the report's form
STAGES = ("cues", "cue_encoder", "backbone", "flow_head", "decoder", "chunk")


@dataclass(frozen=True)
class RunConditions:
    """The conditions under which the figures of a run were measured."""

    bundle: str
    device: str
    threads: int
    steps: int
    chunk_ms: int


@dataclass(frozen=True)
class ChunkMade:
    """One chunk, made at once with those of `streams - 1` others."""

    audio_s: float
    compute_s: float
    streams: int = 1
    frame_to_chunk_s: float | None = None  # the newest frame's age when the chunk was ready
    lead_s: float | None = None  # and when it is heard
    late: bool = False
    concealed: bool = False
    degraded: bool = False  # fewer steps than were asked for
    ages_bounded: int = 0  # latents whose frame was older than the model knows
    broken: int = 0  # latents that were not finite


class Telemetry:
    """Counters and newest times of a service."""

    def __init__(self, conditions: RunConditions) -> None:
        self.conditions = conditions
        self._lock = threading.Lock()
        self._counters: Counter[str] = Counter(dict.fromkeys((*COUNTERS, *MORE_COUNTERS), 0))
        self._times: dict[str, deque[float]] = {}
        self._frame_to_chunk: deque[float] = deque(maxlen=KEPT)
        self._leads: deque[float] = deque(maxlen=KEPT)
        self._audio_s = self._compute_s = self._elapsed_s = 0.0
        self._rss_start_mib = self._rss_mib = resident_mib()
        self._sessions = 0
        self._known: tuple[Knowledge, ...] = ()

    def stages(self, times: StageTimes) -> None:
        """Runs of stages took so long."""
        with self._lock:
            for name, seconds in times:
                self._times.setdefault(name, deque(maxlen=KEPT)).append(seconds)

    def count(self, **amounts: int) -> None:
        """Raise counters."""
        with self._lock:
            self._counters.update(amounts)

    def chunk(self, made: ChunkMade) -> None:
        """One chunk was made."""
        with self._lock:
            self._times.setdefault("chunk", deque(maxlen=KEPT)).append(made.compute_s)
            self._counters.update(
                late_chunks=made.late,
                concealed_chunks=made.concealed,
                degraded_chunks=made.degraded,
                ages_bounded=made.ages_bounded,
                errors=made.broken,
            )
            self._audio_s += made.audio_s
            self._compute_s += made.compute_s / made.streams
            if made.frame_to_chunk_s is not None:
                self._frame_to_chunk.append(made.frame_to_chunk_s)
            if made.lead_s is not None:
                self._leads.append(made.lead_s)

    def work(self, seconds: float) -> None:
        """Compute that was done before the chunk that it is for."""
        with self._lock:
            self._compute_s += seconds

    def tick(self, elapsed_s: float, sessions: int) -> None:
        """Once a second: how long the service has run, and with how many sessions."""
        rss_mib = resident_mib()
        with self._lock:
            self._elapsed_s, self._sessions, self._rss_mib = elapsed_s, sessions, rss_mib

    def know(self, known: tuple[Knowledge, ...]) -> None:
        """Once a second: what the newest sound of each session was made from."""
        self._known = known

    @property
    def known(self) -> tuple[Knowledge, ...]:
        return self._known

    @property
    def sessions(self) -> int:
        return self._sessions

    def report(self) -> dict[str, Any]:
        """The live report: times in ms, memory in MiB; percentiles over the newest `KEPT` values, 0 without any."""
        with self._lock:  # the worker waits for this lock, so figures are made of copies
            times_s = {name: list(self._times[name]) for name in STAGES if name in self._times}
            frame_to_chunk_s, leads_s = list(self._frame_to_chunk), list(self._leads)
            counters = {name: self._counters[name] for name in COUNTERS}
            audio_s, compute_s = self._audio_s, self._compute_s
        return {
            **asdict(self.conditions),
            "lead_ms": percentiles_ms(leads_s)["p50"],
            "seconds": round(self._elapsed_s, 3),
            "rtf": round(compute_s / audio_s, 4) if audio_s else 0.0,
            "stages": {name: _stage_ms(seconds) for name, seconds in times_s.items()},
            "frame_to_chunk_ms": percentiles_ms(frame_to_chunk_s),
            **counters,
            "rss_mib": {"start": round(self._rss_start_mib, 1), "end": round(self._rss_mib, 1)},
        }

    def values(self) -> dict[str, float]:
        """The counters and the times that matter most, as flat numbers; names end in their unit."""
        report = self.report()
        with self._lock:
            counters = {name: float(value) for name, value in self._counters.items()}
        chunk = report["stages"].get("chunk", percentiles_ms(()))
        return {
            **counters,
            "rtf": report["rtf"],
            "lead_ms": report["lead_ms"],
            "chunk_p50_ms": chunk.get("p50_ms", 0.0),
            "chunk_p95_ms": chunk.get("p95_ms", 0.0),
            "frame_to_chunk_p50_ms": report["frame_to_chunk_ms"]["p50"],
            "frame_to_chunk_p95_ms": report["frame_to_chunk_ms"]["p95"],
            "sessions": float(self._sessions),
            "rss_mib": report["rss_mib"]["end"],
        }


def percentiles_ms(seconds: Iterable[float]) -> dict[str, float]:
    """p50, p95 and p99 of times, in milliseconds."""
    values = np.fromiter(seconds, dtype=np.float64) * 1000
    if not values.size:
        return {"p50": 0.0, "p95": 0.0, "p99": 0.0}
    found = np.percentile(values, (50, 95, 99))
    return {name: round(float(value), 3) for name, value in zip(("p50", "p95", "p99"), found, strict=True)}


def _stage_ms(seconds: Iterable[float]) -> dict[str, float]:
    return {f"{name}_ms": value for name, value in percentiles_ms(seconds).items()}


def resident_mib() -> float:
    """Memory of this process in MiB."""
    return float(psutil.Process().memory_info().rss) / 2**20
