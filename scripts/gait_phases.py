"""Measure when bodies are widest against when their feet come down, in each world of the own scenes.

    python scripts/gait_phases.py [--people 200] [--seed 970000] [--out FILE.png]

A forecaster that sees boxes learns this relation; where it is the same for everybody, it fails on bodies of games,
whose own relations differ by 50 to 90 ms. Bodies walk straight on, 5 m away, and are seen from beside and from the
front.
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
VIEWS = ("side", "front")
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


PACES = {"slow": (0.0, 0.9), "walk": (0.9, 2.05), "run": (2.05, 9.0)}  # m/s: from one to the next the relation jumps


def pace_of(cycle: BodyCycle) -> str:
    """The name of a cycle's pace."""
    pace_m_s = cycle.way_m / cycle.period_s
    return next(name for name, (low, high) in PACES.items() if low <= pace_m_s < high)


def spread_ms(cycles: list[BodyCycle], view: str) -> tuple[float, float]:
    """Middle and standard deviation in milliseconds, both of angles (K. Mardia, "Directional Statistics")."""
    late_s = np.array([widest_after_s(cycle, view) for cycle in cycles])
    step_s = np.array([cycle.period_s / 2 for cycle in cycles])
    mean = np.mean(np.exp(2j * np.pi * late_s / step_s))
    turn_ms = float(np.median(step_s)) * 1e3 / (2 * np.pi)
    return float(np.angle(mean)) * turn_ms, float(np.sqrt(-2 * np.log(abs(mean)))) * turn_ms


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
        late[world] = {view: np.array([widest_after_s(cycle, view) for cycle in cycles]) for view in VIEWS}
        for pace in PACES:
            some = [cycle for cycle in cycles if pace_of(cycle) == pace]
            for view in VIEWS:
                middle, spread = spread_ms(some, view)
                print(
                    f"{world:7s} {pace:5s} {view:6s} {len(some):3d} people: {middle:+5.0f} ms, spread {spread:3.0f} ms"
                )
    if options.out:
        draw(options.out, late)
    return 0


def draw(path: Path, late: dict[str, dict[str, FloatArray]]) -> None:
    """Histograms by view, one colour a world."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    for number, view in enumerate(VIEWS):
        axes = figure.add_subplot(1, 2, number + 1)
        for world, views in late.items():
            axes.hist(views[view] * 1e3, bins=np.arange(-250, 251, 20), alpha=0.6, label=world)
        axes.set(title=f"seen from the {view}", xlabel="widest moment after the contact, ms", ylabel="people")
        axes.legend()
    figure.savefig(path)


if __name__ == "__main__":
    sys.exit(main())
