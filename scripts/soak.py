"""Runs a service for long, with one healthy client and one that joins and leaves each second.

    python scripts/soak.py [--minutes N] [--json FILE]

Printed are the slope of the service's memory after the first minute (or fifth, where that is shorter), the most files
and threads that it had, and the healthy client's sound.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from served import HealthyClient, ServedProcess, healthy, served
from tqdm import tqdm

from stereosync_bridge.client import BridgeClient, BridgeConnectError, ClientOptions

SETTLING_S, SETTLING_SHARE = 60.0, 0.2
ROUND_S = 1.0


@dataclass(frozen=True)
class Sample:
    """The service at one time."""

    at_s: float
    mib: float
    descriptors: int
    threads: int


@dataclass(frozen=True)
class Soaked:
    """The whole run. Gaps are times at which the healthy client's sound ran out."""

    minutes: float
    joined: int
    mib_first: float
    mib_last: float
    slope_mib_per_min: float
    most_descriptors: int
    most_threads: int
    chunks: int
    gaps: int
    silence_s: float
    worst_silence_s: float
    disconnected: int


def soak(service: ServedProcess, client: HealthyClient, minutes: float) -> Soaked:
    """Join and leave each second for so long."""
    client.take_record()
    samples, joined, begun_s = [], 0, time.monotonic()
    for number in tqdm(range(max(round(60 * minutes), 2)), desc="seconds", disable=None):
        joined += _join_and_leave(service)
        time.sleep(max(begun_s + (number + 1) * ROUND_S - time.monotonic(), 0.0))
        now_s = time.monotonic() - begun_s
        samples.append(Sample(now_s, service.resident_mib, service.descriptors, service.threads))
    record = client.take_record()
    return Soaked(
        minutes=record.seconds / 60,
        joined=joined,
        mib_first=samples[0].mib,
        mib_last=samples[-1].mib,
        slope_mib_per_min=slope_mib_per_min(samples),
        most_descriptors=max(one.descriptors for one in samples),
        most_threads=max(one.threads for one in samples),
        chunks=record.chunks,
        gaps=record.underruns,
        silence_s=record.silence_s,
        worst_silence_s=record.worst_silence_s,
        disconnected=record.disconnected,
    )


def _join_and_leave(service: ServedProcess) -> bool:
    options = ClientOptions(service.control_address, name="churn", reconnect=False)
    with BridgeClient(options, time.perf_counter) as client, suppress(BridgeConnectError):
        client.connect()
        return True
    return False


def slope_mib_per_min(samples: Sequence[Sample]) -> float:
    """The least squares line through the samples that come after the settling."""
    settled_s = min(SETTLING_S, SETTLING_SHARE * samples[-1].at_s)
    after = [one for one in samples if one.at_s >= settled_s]
    if len(after) < 2:
        return 0.0
    return float(np.polyfit([one.at_s / 60 for one in after], [one.mib for one in after], 1)[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak; the exit code is 1 where the service ended or the healthy client lost its session."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args(arguments)
    with served() as service, healthy(service.control_address) as client:
        soaked = soak(service, client, options.minutes)
        alive = service.alive
    table = Table("figure", title="Soak", title_justify="left")
    table.add_column("value", justify="right")
    for name, value in asdict(soaked).items():
        table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    Console().print(table)
    if options.json is not None:
        options.json.write_text(json.dumps(asdict(soaked), indent=1) + "\n", encoding="utf-8")
    return int(not alive or soaked.disconnected > 0)


if __name__ == "__main__":
    sys.exit(main())
