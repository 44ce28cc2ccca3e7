"""Draws docs/clients/conventions.png: one rendered frame, its depth read rightly, and the same depth read wrongly.

`python scripts/draw_conventions.py [--out FILE]`; needs the extra `scenes`.
What is drawn went through the bridge's own decoder.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from stereosync.scene import Box, Float32Array, SceneFrame
from stereosync_bridge.depth import decode_depth
from stereosync_bridge.frame_message import CameraSpec, DepthSpec
from stereosync_scenes.casting import make_plan
from stereosync_scenes.renderer import Renderer

SEED, TIME_S = 11, 2.0
NEAR_M, FAR_M = 0.05, 1000.0
SHOWN_M = 40.0
PERCENTILE = 25  # of the depth in a box; the nearer part is the character, the rest what is behind


@dataclass(frozen=True)
class Reading:
    """A buffer as it was stored and as it is declared."""

    title: str
    stored: Float32Array  # (h, w)
    encoding: str = "linear"
    dtype: str = "float32"
    row_origin: str = "top"


def readings(depth_m: Float32Array) -> list[Reading]:
    """The right reading first, then what goes wrong in practice."""
    reversed_z = ((NEAR_M * FAR_M / depth_m - NEAR_M) / (FAR_M - NEAR_M)).clip(0, 1).astype(np.float32)
    standard = (1 - reversed_z).astype(np.float32)
    return [
        Reading("right: linear metres, rows from the top", depth_m, dtype="float16"),
        Reading("WRONG: a reversed buffer declared standard", reversed_z, "standard"),
        Reading("WRONG: non-linear depth as float16", standard, "standard", "float16"),
        Reading("WRONG: rows from the bottom declared top", depth_m[::-1], dtype="float16"),
        Reading("WRONG: centimetres, metres_per_unit left at 1", 100 * depth_m),
    ]


def read(reading: Reading) -> Float32Array:
    """(h, w) metres, as the service would understand them."""
    height, width = reading.stored.shape
    payload = reading.stored.astype(np.dtype(reading.dtype).newbyteorder("<"))
    spec = DepthSpec(reading.encoding, reading.dtype, width, height, payload.nbytes, reading.row_origin)
    return decode_depth(spec, CameraSpec(60.0, NEAR_M, FAR_M), payload.tobytes(), width / height)


def distance_m(depth_m: Float32Array, box: Box, frame: SceneFrame) -> float:
    """Planar metres of a character, from the depth inside its box."""
    scale = depth_m.shape[1] / frame.width_px
    rows, columns = slice(int(box.y0 * scale), int(box.y1 * scale)), slice(int(box.x0 * scale), int(box.x1 * scale))
    return float(np.percentile(depth_m[rows, columns], PERCENTILE))


def draw_box(axes: Axes, box: Box, scale: float) -> None:
    corner, size = (box.x0 * scale, box.y0 * scale), ((box.x1 - box.x0) * scale, (box.y1 - box.y0) * scale)
    axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor="red", linewidth=1.5))


def draw(out: Path) -> None:
    """Render the frame and write the picture."""
    with Renderer(make_plan(SEED, 10.0), 320, 180) as renderer:
        frame = renderer.frame(TIME_S)
    box = max(frame.boxes, key=lambda one: one.y1 - one.y0)
    figure, grid = plt.subplots(2, 3, figsize=(13.5, 5.6), layout="constrained")
    grid[0, 0].imshow(frame.picture)
    draw_box(grid[0, 0], box, 1.0)
    grid[0, 0].set_title("the picture, and the box of a character")
    depth_m = np.where(np.isfinite(frame.depth_m), frame.depth_m, FAR_M).astype(np.float32)[::2, ::2]
    shown = None
    for axes, reading in zip(grid.flat[1:], readings(depth_m), strict=True):
        understood = read(reading)
        shown = axes.imshow(understood, cmap="viridis_r", vmin=0, vmax=SHOWN_M)
        draw_box(axes, box, understood.shape[1] / frame.width_px)
        axes.set_title(
            f"{reading.title}\nthe character seems {distance_m(understood, box, frame):.3g} m away", fontsize=10
        )
    for axes in grid.flat:
        axes.set_axis_off()
    assert shown is not None
    figure.colorbar(shown, ax=grid, label="metres, as the service understands them", extend="max", shrink=0.8)
    figure.savefig(out, dpi=110)


def main() -> None:
    """The command."""
    default = Path(__file__).resolve().parents[1] / "docs" / "clients" / "conventions.png"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=default)
    draw(parser.parse_args().out)


if __name__ == "__main__":
    main()
