"""Kills the service, again and again, under a client that stays, and clients under a service that stays.

    python scripts/kills.py [--times N]

The service comes back on the same ports, and the client must hear it again by itself. The exit code is 1 where it does
not within `BACK_S`, where a client beside the killed ones lost its session, or where files stay open for the dead.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from served import HealthyClient, ServedProcess, healthy, served, until
from tqdm import tqdm

BACK_S = 10.0
LIFE_S, LIVES = 0.9, 7  # a victim's shortest life, and how many lengths there are
LOOK_EVERY_S = 0.1


def kill_services(times: int, folder: Path) -> tuple[list[float], list[float]]:
    """Seconds until each service was ready again, and from then until the client heard it (inf: not within BACK_S)."""
    log = folder / "service.log"
    service = ServedProcess(log)
    places = ("--bind", service.control_address, "--frames-bind", service.frames_address)
    ready_s, back_s = [], []
    try:
        with healthy(service.control_address) as client:
            for _ in tqdm(range(times), desc="services", disable=None):
                service.process.kill()
                service.close()
                killed_s = time.monotonic()
                service = ServedProcess(log, *places)
                ready_s.append(time.monotonic() - killed_s)
                client.take_record()
                back_s.append(_heard_after_s(client))
    finally:
        service.close()
    return ready_s, back_s


def _heard_after_s(client: HealthyClient) -> float:
    begun_s = time.monotonic()
    while (waited_s := time.monotonic() - begun_s) < BACK_S:
        time.sleep(LOOK_EVERY_S)
        if client.take_record().chunks:
            return waited_s
    return float("inf")


def kill_clients(times: int) -> tuple[int, int, float]:
    """Files that stayed open for the dead, disconnects of a client beside them, and its seconds of silence."""
    with served() as service, healthy(service.control_address) as beside:
        open_before = service.descriptors
        beside.take_record()
        for number in tqdm(range(times), desc="clients", disable=None):
            victim = HealthyClient(service.control_address)
            time.sleep(LIFE_S + number % LIVES * 0.05)
            victim.process.kill()
            victim.close()
        until(lambda: service.descriptors <= open_before, BACK_S)
        record = beside.take_record()
        return service.descriptors - open_before, record.disconnected, record.silence_s


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100, help="kills of each kind")
    times = parser.parse_args(arguments).times
    with tempfile.TemporaryDirectory() as folder:
        ready_s, back_s = kill_services(times, Path(folder))
    stayed, disconnected, silence_s = kill_clients(times)
    table = Table("figure", title=f"{times} kills of each kind", title_justify="left")
    table.add_column("value", justify="right")
    for name, seconds in (("service ready again", ready_s), ("client hears it", back_s)):
        table.add_row(f"{name}, median and most", f"{statistics.median(seconds):.2f} s, {max(seconds):.2f} s")
    table.add_row("files left open by dead clients", str(stayed))
    table.add_row("beside them: disconnects, silence", f"{disconnected}, {silence_s:.2f} s")
    Console().print(table)
    return int(max(back_s) > BACK_S or stayed > 0 or disconnected > 0)


if __name__ == "__main__":
    sys.exit(main())
