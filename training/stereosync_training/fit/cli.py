"""`stereosync-fit GAITS --bundle NAME --out BUNDLE`: fits the contact forecaster to a game's own walk cycles."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from stereosync import commands
from stereosync.errors import StereoSyncError, file_troubles
from stereosync_runtime.bundles import DEFAULT_BUNDLE
from stereosync_training.cli import MISSING

LONGEST_MIN = 600.0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    arguments = argparse.ArgumentParser(
        prog="stereosync-fit",
        description="Fit the contact forecaster to a game's own bodies and gaits, in minutes on one CPU core.",
    )
    add = arguments.add_argument
    add("gaits", type=Path, metavar="FILE|DIR", help="glTF, BVH or gait file, or a folder of them (docs/fit.md)")
    add("--bundle", default=DEFAULT_BUNDLE, metavar="NAME|PATH", help="bundle to begin with (default: %(default)s)")
    add(
        "--checkpoint",
        type=Path,
        help="of the bundle (default: beside it, or checkpoints/walk.safetensors)",
    )
    add("--out", type=Path, required=True, help="folder of the new bundle; its weights go beside it, .safetensors")
    add("--minutes", type=_minutes, default=4.0, help="about how long, on one free core (default: 4)")
    add("--seed", type=int, default=0, help="of all that is drawn at random (default: 0)")
    return arguments


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not 0 < minutes <= LONGEST_MIN:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most {LONGEST_MIN:g}, got {text!r}")
    return minutes


def main(argv: Sequence[str] | None = None) -> int:
    """Fit; 0 when the bundle is written."""
    options = parser().parse_args(argv)
    try:
        import torch

        from stereosync_training.fit.fitting import FitOptions
        from stereosync_training.fit.run import FitRun, run_fit
    except ImportError as error:
        print(MISSING.format(command="stereosync-fit", error=error), file=sys.stderr)
        return 2
    torch.set_num_threads(1)
    try:
        with file_troubles():
            fit_options = FitOptions(options.minutes, options.seed)
            run_fit(FitRun(options.gaits, options.bundle, options.checkpoint, options.out, fit_options))
    except StereoSyncError as error:
        print(f"stereosync-fit: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(commands.run("stereosync-fit"))
