"""Milliseconds that one FRAME costs the thread that decodes it: `python bench/decode_cost.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np

from stereosync.scene import UInt8Array
from stereosync_bridge.depth import decode_depth
from stereosync_bridge.frame_message import CameraSpec, DepthSpec, PictureSpec
from stereosync_bridge.jpeg import encode_jpeg
from stereosync_bridge.picture import decode_picture

SIZES = ((640, 360), (1280, 720), (1920, 1080), (2048, 2048))
DEPTHS = (("linear", "float16"), ("reversed", "float32"))
CAMERA = CameraSpec(60.0, 0.1, 1000.0)
REPEATS = 20


def best_ms(work: Callable[[], object]) -> float:
    """The quickest of a few runs: what others do on the machine is not its cost."""
    times_s = []
    for _ in range(REPEATS):
        start_s = time.perf_counter()
        work()
        times_s.append(time.perf_counter() - start_s)
    return 1000 * min(times_s)


def pictures(width: int, height: int) -> dict[str, tuple[PictureSpec, bytes]]:
    """The same soft noise, raw and as JPEG."""
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 4), dtype=np.uint8)
    soft: UInt8Array = np.asarray(cv2.GaussianBlur(noise, (0, 0), 3), np.uint8)
    payloads = {"rgba8": soft.tobytes(), "jpeg": encode_jpeg(soft[..., :3], 80)}
    return {name: (PictureSpec(name, width, height, len(data)), data) for name, data in payloads.items()}


def depth(width: int, height: int, encoding: str, dtype: str) -> tuple[DepthSpec, bytes]:
    values = np.random.default_rng(0).uniform(0.001, 0.9, (height, width)).astype(dtype).tobytes()
    return DepthSpec(encoding, dtype, width, height, len(values)), values


def main() -> None:
    for width, height in SIZES:
        costs = {
            name: best_ms(partial(decode_picture, spec, data)) for name, (spec, data) in pictures(width, height).items()
        }
        for encoding, dtype in DEPTHS:
            spec, values = depth(width, height, encoding, dtype)
            costs[f"{encoding} {dtype}"] = best_ms(partial(decode_depth, spec, CAMERA, values, width / height))
        told = ", ".join(f"{name} {cost_ms:.1f}" for name, cost_ms in costs.items())
        print(f"{width}x{height}: {told} ms")


if __name__ == "__main__":
    main()
