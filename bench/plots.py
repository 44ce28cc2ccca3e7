"""Pictures of the benches' results: `python bench/plots.py FOLDER --out docs/performance.png`.

FOLDER holds latency.json, cpu.json, peers.json and streams.json, as the benches write them. What is missing is left
out.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STAGES = ("cues", "cue_encoder", "backbone", "flow_head", "decoder")
CHUNK_LATENTS = 2
REAL_TIME = 1.0


def latency(axes: Axes, found: dict[str, Any]) -> None:
    """The time of a chunk by stage, precision and steps: medians, stacked."""
    runs = [run for run in found["runs"] if "median" in run]
    left = np.zeros(len(runs))
    names = [f"{run['precision']}, {run['steps']} steps" for run in runs]
    for stage in STAGES:
        times = np.array([run["median"][f"{stage}_p50_ms"] * _runs(stage, run["steps"]) for run in runs])
        axes.barh(names, times, left=left, label=stage)
        left += times
    axes.plot([run["median"]["chunk_p95_ms"] for run in runs], names, "k|", markersize=14, label="chunk, p95")
    axes.invert_yaxis()
    axes.set(title="One stream, one thread: a chunk of 40 ms", xlabel="ms")
    axes.legend(fontsize=7)


def _runs(stage: str, steps: int) -> int:
    """The number of runs of a stage for a chunk with a new frame."""
    return {"cues": 1, "cue_encoder": 1, "flow_head": CHUNK_LATENTS * steps}.get(stage, CHUNK_LATENTS)


def cpu(axes: Axes, found: dict[str, Any]) -> None:
    """Ways to run the graphs, alone and beside a busy neighbour."""
    names = list(found["chunk_ms"])
    counts = list(next(iter(found["chunk_ms"].values())))
    for index, count in enumerate(counts):
        times = [float(np.median(found["chunk_ms"][name][count])) for name in names]
        axes.barh(np.arange(len(names)) + 0.4 * index, times, height=0.38, label=f"{count} busy neighbours")
    axes.set_yticks(np.arange(len(names)) + 0.2, names, fontsize=7)
    axes.invert_yaxis()
    axes.set(title="The graphs of a chunk on the CPU", xlabel="ms")
    axes.legend(fontsize=7)


def peers(axes: Axes, found: dict[str, Any]) -> None:
    """Compute time over audio time, on a logarithmic scale."""
    measured = [peer for peer in found["peers"] if peer["median"]]
    names = [f"{peer['title']}, {peer['threads']} thread{'s' * (peer['threads'] > 1)}" for peer in measured]
    axes.barh(names, [peer["median"]["rtf"] for peer in measured], color="tab:purple")
    axes.axvline(REAL_TIME, color="k", linestyle=":")
    axes.invert_yaxis()
    axes.tick_params("y", labelsize=7)
    axes.set(title="Compute time over audio time", xscale="log", xlabel="right of 1: not live")


def streams(axes: Axes, found: dict[str, Any]) -> None:
    """The service's load by number of sessions, and the delay from frame to sound."""
    trials = found["trials"]
    counts = [trial["count"] for trial in trials]
    axes.plot(counts, [100 * trial["service_cores"] for trial in trials], "o-", label="service, % of a core")
    axes.plot(counts, [trial["frame_to_chunk_ms"]["p95_ms"] for trial in trials], "s-", label="frame to chunk, p95, ms")
    for trial in trials:
        if not trial["held"]:
            axes.axvline(trial["count"], color="tab:red", linestyle=":")
    axes.set(title="Live sessions on two cores (red: not held)", xlabel="sessions", ylim=(0, None))
    axes.legend(fontsize=7)


def main() -> int:
    """Draw what there is."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    out = argparse.ArgumentParser(description="Pictures of the benches' results.")
    out.add_argument("folder", type=Path)
    out.add_argument("--out", type=Path, required=True)
    options = out.parse_args()
    read = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(options.folder.glob("*.json"))}
    figure, places = plt.subplots(2, 2, figsize=(14, 9), layout="constrained")
    draws = {"latency": latency, "cpu": cpu, "peers": peers, "streams": streams}
    for axes, (name, draw) in zip(places.flat, draws.items(), strict=True):
        if name in read:
            draw(axes, read[name])
    figure.savefig(options.out, dpi=90)
    return 0


if __name__ == "__main__":
    sys.exit(main())
