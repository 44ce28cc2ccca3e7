"""Measure when bodies are widest against when their feet come down, in each world of the own scenes.

    python scripts/gait_phases.py [--people 200] [--seed 970000] [--out FILE.png]

A forecaster that sees boxes learns this relation; where it is the same for everybody, it fails on bodies of games, whose
own relations differ by 50 to 90 ms. Bodies walk straight on and are seen from beside and from the front, 5 m away.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stereosync_scenes.casting import WORLDS
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.own import own_cycles

AWAY_M = 5.0
FloatArray = npt.NDArray[np.float64]


def widths(cycle: BodyCycle, view: str) -> FloatArray:
    """Width (F,) of the body's box over its turn."""
    ahead, across = cycle.points_m[..., 2], cycle.points_m[..., 0]
    seen = ahead / (AWAY_M + across) if view == "side" else across / (AWAY_M - ahead)
    return np.asarray(np.ptp(seen, axis=1))


def widest_after_s(cycle: BodyCycle, view: str) -> float:
    """Seconds from a contact to the moment that is widest, by the first harmonic of a step: half a step each way."""
    frames = len(cycle.points_m)
    turns = np.arange(frames) / frames
    marks = np.array([0.0, cycle.contact_phase[1], 1.0])
    steps = np.interp(turns, marks, [0.0, 1.0, 2.0])  # contacts are whole numbers
    wave = np.sum((widths(cycle, view) - widths(cycle, view).mean()) * np.exp(-2j * np.pi * steps))
    return float(-np.angle(wave) / (2 * np.pi) * cycle.period_s / 2)


def spread_ms(late_s: FloatArray) -> tuple[float, float, float, float]:
    """Median, standard deviation by the middle two thirds, and the 10th and 90th percentile, milliseconds."""
    low, ten, middle, ninety, high = np.percentile(late_s, [16, 10, 50, 90, 84]) * 1e3
    return float(middle), float((high - low) / 2), float(ten), float(ninety)


def main(argv: list[str] | None = None) -> int:
    """Print the figures and write the histograms; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=970_000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(argv)
    late: dict[str, dict[str, FloatArray]] = {}
    for world in WORLDS:
        cycles = own_cycles(options.people, options.seed, world)
        late[world] = {
            view: np.array([widest_after_s(cycle, view) for cycle in cycles]) for view in ("side", "front")
        }
        for view, late_s in late[world].items():
            middle, spread, ten, ninety = spread_ms(late_s)
            print(f"{world:8s} {view:6s} widest {middle:+4.0f} ms after, spread {spread:3.0f} ms, 10 to 90 % {ten:+.0f} to {ninety:+.0f} ms")
    if options.out:
        draw(options.out, late)
    return 0


def draw(path: Path, late: dict[str, dict[str, FloatArray]]) -> None:
    """Histograms by view, one colour a world."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    for number, view in enumerate(("side", "front")):
        axes = figure.add_subplot(1, 2, number + 1)
        for world, views in late.items():
            axes.hist(views[view] * 1e3, bins=np.arange(-250, 251, 20), alpha=0.6, label=world)
        axes.set(title=f"seen from the {view}", xlabel="widest moment after the contact, ms", ylabel="people")
        axes.legend()
    figure.savefig(path)


if __name__ == "__main__":
    sys.exit(main())
