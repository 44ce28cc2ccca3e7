"""The outcome of a trial with many sessions, told by both sides, and whether it is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from clients import Heard
from crowd import CrowdPlan, Report
from server import ServerOptions, reported
from tables import percentiles_ms

from stereosync.clock import Clock

MISSING_SHARE = 0.01  # of the chunks expected: the ends of a count do not fall on chunks


@dataclass(frozen=True)
class Trial:
    """The outcome of `count` sessions in `seconds`, told by both sides."""

    count: int
    seconds: float
    late: int  # at their client
    underruns: int
    concealed: int
    degraded: int
    received: int  # chunks
    expected: int
    service: dict[str, int]  # its own counters
    chunk_p95_ms: float  # making one, as the service says
    slack_p1_ms: float
    frame_to_chunk_ms: dict[str, float]
    service_cores: float
    client_cores: float

    @property
    def faults(self) -> list[str]:
        """The reasons why this is not held; none if it is."""
        told = {
            "late at clients": self.late,
            "late at the service": self.service["late_chunks"],
            "concealed": max(self.concealed, self.service["concealed_chunks"]),
            "degraded": max(self.degraded, self.service["degraded_chunks"]),
            "underruns": max(self.underruns, self.service["underruns"]),
            "missing": max(0, self.expected - self.received - round(MISSING_SHARE * self.expected)),
        }
        return [f"{amount} {name}" for name, amount in told.items() if amount]

    @property
    def held(self) -> bool:
        return not self.faults


def judged(
    plan: CrowdPlan,
    options: ServerOptions,
    reports: Sequence[Report],
    service: dict[str, int],
    live: dict[str, Any],
    cpu_s: float,
) -> Trial:
    """A trial of what both sides saw; `live` is the service's report at the end."""
    heard = [one for report in reports for one in report.heard]
    arrivals = [arrival for one in heard for arrival in one.arrivals]
    chunk_samples = Clock().sample_rate_hz * options.chunk_ms // 1000
    return Trial(
        count=plan.count,
        seconds=plan.seconds,
        late=sum(arrival.slack_s < 0 for arrival in arrivals),
        underruns=_total(heard, "underruns"),
        concealed=sum(arrival.steps == 0 for arrival in arrivals),
        degraded=sum(0 < arrival.steps < options.steps for arrival in arrivals),
        received=sum(arrival.samples for arrival in arrivals) // chunk_samples,
        expected=round(plan.count * plan.seconds * 1000 / options.chunk_ms),
        service=service,
        chunk_p95_ms=reported(live, "stages", "chunk", "p95_ms"),
        slack_p1_ms=percentiles_ms((arrival.slack_s for arrival in arrivals), (1,)).get("p1_ms", float("nan")),
        frame_to_chunk_ms=percentiles_ms(arrival.age_s for arrival in arrivals if not np.isnan(arrival.age_s)),
        service_cores=round(cpu_s / plan.seconds, 3),
        client_cores=round(sum(report.cpu_s for report in reports) / plan.seconds, 3),
    )


def _total(heard: Sequence[Heard], name: str) -> int:
    return sum(one.counts[name] for one in heard)


def verdict(trial: Trial) -> str:
    """The verdict in words."""
    return "held" if trial.held else "; ".join(trial.faults)
