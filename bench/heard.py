"""Sound at the ear: `python bench/heard.py --client csharp="mono conformance.exe" --picture docs/clients/heard.png`.

Panda3D draws walks by the wall clock, a client's test program carries them to the real service, and what its audio
callback took is held against the feet. The Python client always takes its turn; `--client NAME=COMMAND` adds others.
With `--busy N`, N processes that never rest stand for a game beside the service.
"""

from __future__ import annotations

import argparse
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from conditions import machine
from heard_figures import CHUNK_SAMPLES, judge, pool, seam, shifted
from heard_picture import draw
from heard_run import BLOCK, BUNDLE, Run, hear
from heard_walks import FROM_S, SEEDS, quiet_walk
from tables import console, table, tracked, write_json

from stereosync.scene import Float32Array
from stereosync_scenes.truth import walk_truth
from stereosync_tools.audition.sources import mirrored
from stereosync_training.evaluate.rows import shuffled, to_mono

PYTHON = [sys.executable, "-m", "stereosync_bridge.conformance"]
SETTLED_CHUNKS = 10  # until then the ring fills
LATE_S = 0.1
MISSING_SAMPLES = 4
COLUMNS = (
    "row", "frame to heard p50 ms", "p95 ms", "in the ring ms", "underruns", "longest gap samples", "seam ratio",
    "pan correlation", "right side", "onset F1", "AV offset median ms", "MAD ms",
)  # fmt: skip
FIGURES = (
    "frame_to_heard_p50_ms", "frame_to_heard_p95_ms", "buffered_ms", "underruns", "longest_gap_samples", "seam_ratio",
    "ild_corr", "ild_sign", "onset_f1", "av_offset_median_ms", "av_offset_mad_ms",
)  # fmt: skip


def figures(runs: Sequence[Run]) -> dict[str, float]:
    """A client's figures over its walks."""
    delays_ms = 1000 * np.concatenate([run.delays_s[SETTLED_CHUNKS:] for run in runs])
    errors_ms = delays_ms - 1000 * np.concatenate([run.expected_s[SETTLED_CHUNKS:] for run in runs])
    return {
        "frame_to_heard_p50_ms": float(np.median(delays_ms)),
        "frame_to_heard_p95_ms": float(np.percentile(delays_ms, 95)),
        "later_than_expected_ms": float(np.median(errors_ms)),
        "buffered_ms": statistics.median(ms for run in runs for ms in run.buffered_ms[SETTLED_CHUNKS:]),
        "underruns": sum(run.carried.counters["underruns"] for run in runs),
        **pool([run.heard for run in runs]),
    }


def controls(runs: Sequence[Run], seeds: Sequence[int]) -> dict[str, dict[str, float]]:
    """The same recordings spoilt: what the figures say when something is wrong."""
    truths = [walk_truth(quiet_walk(seed)) for seed in seeds]
    sounds = [run.timeline for run in runs]
    spoilt = {
        "in mono": [to_mono(sound) for sound in sounds],
        "100 ms late": [shifted(sound, LATE_S) for sound in sounds],
    }
    if len(sounds) > 1:
        spoilt["of the next walk"] = shuffled(sounds)
    found = {
        name: pool(
            [judge(run.carried, sound, truth, FROM_S) for run, sound, truth in zip(runs, those, truths, strict=True)]
        )
        for name, those in spoilt.items()
    }
    joints = {"longest_gap_samples", "seam_ratio"}  # of the recording itself, which is not spoilt here
    found = {name: {figure: row[figure] for figure in row.keys() - joints} for name, row in found.items()}
    return found | {"with short chunks": {"seam_ratio": max(seam(cut_short(run.carried.samples)) for run in runs)}}


def cut_short(samples: Float32Array) -> Float32Array:
    """(n, 2) with the first samples of each chunk missing, as where each chunk is a source of its own."""
    first = int(np.flatnonzero(samples.any(axis=1))[0])
    at = np.arange(len(samples)) - first
    return np.where(((at % CHUNK_SAMPLES < MISSING_SAMPLES) & (at >= CHUNK_SAMPLES))[:, None], np.float32(0), samples)


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--client", action="append", default=[], metavar="NAME=COMMAND", help="another test program")
    parser.add_argument("--walks", type=int, default=len(SEEDS), help=f"how many, at most {len(SEEDS)}")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="processes that never rest, meanwhile")
    parser.add_argument("--json", type=Path, help="write the figures")
    parser.add_argument("--picture", type=Path, help="write a picture of the first walk")
    return parser.parse_args(arguments)


def programs(clients: Sequence[str]) -> dict[str, list[str]]:
    """Each client's command by its name."""
    named = (client.partition("=") for client in clients)
    return {"python": PYTHON} | {name: shlex.split(command) for name, _, command in named}


@contextmanager
def neighbours(count: int) -> Iterator[None]:
    """Start `count` processes that never rest."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def listen(program: Sequence[str], seeds: Sequence[int], what: str, **options: Any) -> list[Run]:
    """Every walk through one client."""
    with tempfile.TemporaryDirectory() as folder:
        turns = tracked(seeds, lambda seed: f"{what}, walk {seed}", console())
        return [hear(program, quiet_walk(seed), Path(folder), **options) for seed in turns]


def report(heard: dict[str, dict[str, float]], seeds: Sequence[int]) -> None:
    """The table for people."""
    rows = [[name, *(row.get(figure) for figure in FIGURES)] for name, row in heard.items()]
    late = {name: row["later_than_expected_ms"] for name, row in heard.items() if "later_than_expected_ms" in row}
    later = ", ".join(f"{name} {late_ms:.1f}" for name, late_ms in late.items())
    notes = (
        f"Bundle {BUNDLE}; walks {', '.join(map(str, seeds))}: one walker on hard ground, no ambience.",
        f"Frame to heard: from a picture's capture to the first sample made from it; callback of {BLOCK} samples.",
        f"Later than the service expected, ms: {later}.",
        "Controls, of the Python client: boxes mirrored; its recordings in mono, late, of the next walk, and with "
        f"{MISSING_SAMPLES} samples missing at each joint.",
    )
    console().print(table("What is heard of rendered walks", COLUMNS, rows, notes))


def main() -> int:
    """The command."""
    options = parse()
    seeds, clients = SEEDS[: options.walks], programs(options.client)
    conditions = machine(busy_neighbours=options.busy)
    with neighbours(options.busy):
        runs = {name: listen(program, seeds, name) for name, program in clients.items()}
        runs["boxes mirrored"] = listen(PYTHON, seeds, "mirrored", change=mirrored)
    found = {name: figures(those) for name, those in runs.items()} | controls(runs["python"], seeds)
    report(found, seeds)
    write_json(options.json, {"conditions": conditions, "walks": list(seeds), "rows": found})
    if options.picture is not None:
        draw(
            {name: those[0].timeline for name, those in runs.items()}, walk_truth(quiet_walk(seeds[0])), options.picture
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
