"""Everything worth measuring on a machine with a GPU, in one go and in bounded time.

    python bench/gpu.py [--device cuda] [--minutes 9] [--out FILE.json]
    python bench/gpu.py --dry-run       the same on the CPU with tiny counts, to try it out

Parts: the latency of one stream in every precision, with and without CUDA graphs; many streams made together; the sound
of the device beside that of the CPU. A part that fails says why, and the others still run. Tables come last.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import batch
import latency
import numpy as np
from conditions import machine, told
from one_stream import StreamPlan, StreamTimes, make_stream
from rich.console import Console, Group
from setting import Setting, runners_for, why
from tables import console, table, write_json
from walkers import PICTURE

from stereosync.bundle import Bundle
from stereosync.scene import Float32Array
from stereosync.stereo import level_db
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle
from stereosync_runtime.pipeline import Pipeline

PRECISIONS = ("fp32", "fp16")
STREAMS = (1, 2, 4, 8, 16, 32, 64)
CHECK_S = 10.0  # of sound, for parity
NVIDIA_SMI = ("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader")


@dataclass(frozen=True)
class Run:
    """A run's options, and its end by the performance counter."""

    bundle: Bundle
    devices: tuple[str, ...]
    precisions: tuple[str, ...]
    streams: tuple[int, ...]
    plan: StreamPlan
    rounds: int
    check_s: float
    end_s: float

    def out_of_time(self) -> bool:
        return time.perf_counter() >= self.end_s

    def settings(self) -> list[Setting]:
        """Devices and precisions."""
        return [Setting(device, precision) for device in self.devices for precision in self.precisions]


@dataclass(frozen=True)
class Part:
    """The result of a part for the file and the console; or why it has none."""

    found: Any = None
    tables: tuple[Group, ...] = ()
    reason: str = ""


def one_stream(run: Run, screen: Console) -> Part:
    """Latency, with CUDA graphs and without where the device has that choice; the CPU beside it."""
    switches = {device: (True, False) if device == "cuda" else (None,) for device in run.devices}
    settings = [replace(one, cuda_graphs=switch) for one in run.settings() for switch in switches[one.device]]
    asked = [latency.Case(setting, run.plan.steps) for setting in (*settings, Setting("cpu"))]
    outcomes, _ = latency.measure(run.bundle, asked, run.plan, run.rounds, screen)
    return Part([latency.as_json(one) for one in outcomes], latency.tables(outcomes))


def many_streams(run: Run, screen: Console) -> Part:
    """More and more streams made together, for each device and precision, until they are not made in time."""
    found: list[batch.Batched] = []
    for setting in run.settings():
        counts = [replace(setting, sessions=count) for count in run.streams]
        for one in batch.upwards(run.bundle, counts, run.plan, run.out_of_time):
            screen.print(f"{one.streams} streams on {setting}: {one.reason or dict(one.whole_ms)}", highlight=False)
            found.append(one)
    notes = [f"not measured: {one.setting}, {one.streams} streams: {one.reason}" for one in found if one.reason]
    rows = [batch.row(one) for one in found if not one.reason]
    title = "Streams made together, in one process, cues included"
    return Part([batch.as_json(one) for one in found], (table(title, batch.COLUMNS, rows, notes),))


def parity(run: Run, _screen: Console) -> Part:
    """The same stream on the CPU in fp32 and on each device: they should sound the same."""
    plan = replace(run.plan, seconds=run.check_s)
    true = _sound(run.bundle, Setting("cpu", "fp32"), plan)
    found: dict[str, Mapping[str, float]] = {}
    reasons: dict[str, str] = {}
    for setting in run.settings():
        try:
            found[str(setting)] = differences(true, _sound(run.bundle, setting, plan))
        except Exception as error:
            reasons[str(setting)] = why(error)
    rows = [[name, *values.values()] for name, values in found.items()]
    columns = ("against cpu fp32", "largest difference", "relative", "level difference dB", "correlation")
    notes = [f"not measured: {name}: {reason}" for name, reason in reasons.items()]
    title = f"Sound of {run.check_s:g} s, each on its own states"
    return Part({"found": found, "reasons": reasons}, (table(title, columns, rows, notes),))


def _sound(bundle: Bundle, setting: Setting, plan: StreamPlan) -> Float32Array:
    times = StreamTimes()
    return make_stream(
        Pipeline(bundle, runners_for(bundle, setting), time.perf_counter, times.stages), plan, times
    ).sound


def differences(true: Float32Array, made: Float32Array) -> dict[str, float]:
    """The distance of two sounds (n, 2); the relative difference is to the largest magnitude of the first."""
    largest = float(np.abs(true - made).max())
    return {
        "largest": largest,
        "relative": largest / max(float(np.abs(true).max()), 1e-9),
        "level_db": level_db(made) - level_db(true),
        "correlation": float(np.corrcoef(true.ravel(), made.ravel())[0, 1]),
    }


PARTS: dict[str, Callable[[Run, Console], Part]] = {
    "one stream": one_stream,
    "many streams": many_streams,
    "parity": parity,
}


def run_parts(parts: Mapping[str, Callable[[Run, Console], Part]], run: Run, screen: Console) -> dict[str, Part]:
    """Every part; one that fails, or for which there is no time, says so and does not stop the others."""
    done: dict[str, Part] = {}
    for name, part in parts.items():
        if run.out_of_time():
            done[name] = Part(reason="no time was left")
            continue
        screen.print(f"part: {name}", highlight=False)
        try:
            done[name] = part(run, screen)
        except Exception as error:
            done[name] = Part(reason=why(error))
    return done


def gpu() -> str:
    """The GPU's name, driver and memory, as its own tool tells them."""
    try:
        said = subprocess.run(NVIDIA_SMI, capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError) as error:
        return f"unknown ({why(error)})"
    return said.strip()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser(description="Everything worth measuring on a machine with a GPU.")
    out.add_argument("--bundle", default=DEFAULT_BUNDLE, metavar="NAME|PATH")
    out.add_argument("--device", nargs="+", default=["cuda"], help="cuda, ort-tensorrt, tensorrt or rtx")
    out.add_argument("--precision", nargs="+", default=list(PRECISIONS))
    out.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    out.add_argument("--steps", type=int, default=2)
    out.add_argument("--minutes", type=float, default=9.0, help="after which no part is begun")
    out.add_argument("--dry-run", action="store_true", help="on the CPU with tiny counts")
    out.add_argument("--out", type=Path, metavar="FILE.json")
    return out


def planned(found: argparse.Namespace) -> Run:
    """The run that the command line asks for."""
    bundle, precisions = open_bundle(found.bundle), tuple(found.precision)
    end_s = time.perf_counter() + found.minutes * 60
    if found.dry_run:
        return Run(bundle, ("cpu",), precisions, (1, 2), StreamPlan(0.4, found.steps), 2, 0.4, end_s)
    devices, plan = tuple(found.device), StreamPlan(10.0, found.steps)
    return Run(bundle, devices, precisions, STREAMS, plan, 3, CHECK_S, end_s)


def main() -> int:
    """Run and print; 1 if a part failed."""
    found, screen = parser().parse_args(), console()
    run = planned(found)
    asked = {"devices": list(run.devices), "precisions": list(run.precisions), "steps": found.steps}
    conditions = machine(gpu=gpu(), bundle=run.bundle.name, picture=PICTURE, dry_run=found.dry_run, **asked)
    screen.print(told(conditions), highlight=False)
    done = run_parts({name: PARTS[name] for name in found.parts}, run, screen)
    for name, part in done.items():
        for one in part.tables:
            screen.print(one)
        if part.reason:
            screen.print(f"{name}: failed: {part.reason}", highlight=False)
    told_parts = {name: part.found if not part.reason else {"failed": part.reason} for name, part in done.items()}
    write_json(found.out, {"conditions": conditions, **told_parts})
    return 1 if any(part.reason for part in done.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
