"""What one stream costs: compute time over audio time and the time of every stage, at each number of sampler steps.

    python bench/stream.py [--bundle NAME|PATH] [--seconds S] [--threads N] [--chunk-ms N] [--fps N] [--out FILE.json]

Frames of 320x180 with two characters go through the cue code and the pipeline as they do live, without waiting.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from stereosync.bundle import Bundle
from stereosync.cues import CueState, encode
from stereosync.scene import Box, Camera, SceneFrame
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle
from stereosync_runtime.devices import DEVICES, PACKAGES, device_of, installed_packages, load_engines
from stereosync_runtime.pacing import latent_ages
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.telemetry import ChunkMade, RunConditions, Telemetry

WIDTH_PX, HEIGHT_PX = 320, 180
LEAD_S = 0.1


def walkers(index: int, time_s: float, noise: np.random.Generator) -> SceneFrame:
    """A frame of moving noise with two characters that walk."""
    picture = noise.integers(0, 256, (HEIGHT_PX, WIDTH_PX, 3), dtype=np.uint8)
    depth_m = noise.uniform(2.0, 20.0, (HEIGHT_PX // 2, WIDTH_PX // 2)).astype(np.float32)
    boxes = tuple(_box(number, index) for number in (1, 2))
    return SceneFrame(index, time_s, Camera(math.radians(60), WIDTH_PX / HEIGHT_PX), picture, depth_m, boxes)


def _box(number: int, index: int) -> Box:
    x0 = 60.0 * number + 20 * math.sin(index / 20)
    return Box(number, "walker", x0, 60.0, x0 + 30 + 8 * math.sin(index / 4), 150.0)


def run(pipeline: Pipeline, telemetry: Telemetry, steps: int, arguments: argparse.Namespace) -> None:
    """One stream of `arguments.seconds`."""
    clock, noise = pipeline.bundle.clock, np.random.default_rng(0)
    latents = round(arguments.chunk_ms / 1000 / clock.latent_s)
    state, cue_state, frame_index = pipeline.initial(0), CueState(), 0
    for number in range(int(arguments.seconds * 1000 / arguments.chunk_ms)):
        start_s = number * arguments.chunk_ms / 1000
        frames: list[SceneFrame] = []
        while frame_index / arguments.fps <= start_s:
            frames.append(walkers(frame_index, frame_index / arguments.fps, noise))
            frame_index += 1
        began_s = time.perf_counter()
        for frame in frames:
            seen_s = time.perf_counter()
            cue_state, cues = encode(pipeline.bundle.cue_spec, cue_state, frame)
            telemetry.stage("cues", time.perf_counter() - seen_s)
        if frames:
            tokens = pipeline.encode(cues)
        heard_s, capture_s = start_s + LEAD_S, (frame_index - 1) / arguments.fps
        ages_s, _ = latent_ages(heard_s, capture_s, latents, clock.latent_s, pipeline.bundle.max_lead_s)
        state, samples = pipeline.step(state, tokens, ages_s, steps)
        telemetry.chunk(ChunkMade(clock.seconds(len(samples)), time.perf_counter() - began_s))


def measure(bundle: Bundle, steps: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """The live report of one run at `steps`."""
    engines = load_engines(bundle, arguments.device, arguments.threads, say=lambda _text: None)
    device = device_of(engines["backbone"])
    telemetry = Telemetry(RunConditions(bundle.name, device, arguments.threads, steps, arguments.chunk_ms))
    Pipeline(bundle, engines, time.perf_counter).warm_up()
    began_s = time.perf_counter()
    run(Pipeline(bundle, engines, time.perf_counter, telemetry.stage), telemetry, steps, arguments)
    telemetry.tick(time.perf_counter() - began_s, sessions=1)
    return telemetry.report()


def conditions(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the figures were measured under."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "load_percent_before": psutil.cpu_percent(interval=0.5),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES if name in installed_packages()},
        "picture": f"{WIDTH_PX}x{HEIGHT_PX}",
        "fps": arguments.fps,
        "characters": 2,
        "stream": "not paced, cues included",
    }


def processor() -> str:
    """The processor's name, where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def print_row(report: dict[str, Any]) -> None:
    """One run on the console."""
    print(f"steps {report['steps']}: rtf {report['rtf']:.3f}")
    for stage, times in report["stages"].items():
        print(f"  {stage:12} p50 {times['p50_ms']:7.2f}  p95 {times['p95_ms']:7.2f}  p99 {times['p99_ms']:7.2f} ms")


def main() -> int:
    """Measure every number of steps that the bundle has."""
    parser = argparse.ArgumentParser(description="What one stream costs.")
    parser.add_argument("--bundle", default=DEFAULT_BUNDLE)
    parser.add_argument("--device", default="cpu", choices=DEVICES)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--chunk-ms", type=int, default=40)
    parser.add_argument("--fps", type=float, default=30.0)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    bundle = open_bundle(arguments.bundle)
    found = conditions(arguments)
    print(", ".join(f"{name} {value}" for name, value in found.items()))
    runs = []
    for steps in sorted(int(steps) for steps in bundle.schedules):
        runs.append(measure(bundle, steps, arguments))
        print_row(runs[-1])
    if arguments.out is not None:
        arguments.out.write_text(json.dumps({"conditions": found, "runs": runs}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
