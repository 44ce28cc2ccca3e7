"""`stereosync-train RECIPE`: trains a model, resumes what was begun."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stereosync import commands
from stereosync.errors import StereoSyncError, file_troubles
from stereosync_training.stages import STAGES

MISSING = "{command} needs the extra 'train' ({error}): pip install 'stereosync[train]'"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    arguments = argparse.ArgumentParser(
        prog="stereosync-train", description="Train the model of a recipe; the same command goes on where it stopped."
    )
    arguments.add_argument("recipe", type=Path, help="a TOML file, or the name of a recipe that ships: tiny, walk-cpu")
    arguments.add_argument("--out", type=Path, help="folder of the run (default: runs/RECIPE)")
    arguments.add_argument(
        "--cache", type=Path, default=Path("cache"), help="folder of mixed sounds and rendered walks"
    )
    arguments.add_argument(
        "--sounds", type=Path, help="folder of recordings (default: what scripts/fetch_sounds.py made)"
    )
    arguments.add_argument(
        "--stage", choices=STAGES, action="append", help="only this part; may be given several times"
    )
    arguments.add_argument("--minutes", type=float, help="stop a part after this long, to go on later")
    arguments.add_argument("--device", default="cpu", help="cpu or cuda")
    arguments.add_argument("--threads", type=int, default=1, help="CPU threads (1 is fastest on a busy machine)")
    arguments.add_argument("--start-from", type=Path, help="a checkpoint to fine-tune")
    return arguments


def main(argv: list[str] | None = None) -> int:
    """Train; 0 when every asked part is done, 3 when one ran out of minutes."""
    options = parser().parse_args(argv)
    try:
        import torch

        from stereosync_training.recipe import read_recipe
        from stereosync_training.run import Run, train_run
    except ImportError as error:
        print(MISSING.format(command="stereosync-train", error=error), file=sys.stderr)
        return 2
    torch.set_num_threads(options.threads)
    try:
        with file_troubles():
            recipe = read_recipe(options.recipe)
            run = Run(
                recipe=recipe,
                folder=options.out or Path("runs") / recipe.name,
                cache=options.cache,
                sounds=options.sounds,
                device=options.device,
                minutes=options.minutes,
                start_from=options.start_from,
            )
            done = train_run(run, tuple(options.stage or STAGES))
    except StereoSyncError as error:
        print(f"stereosync-train: {error}", file=sys.stderr)
        return 1
    return 0 if done else 3


if __name__ == "__main__":
    raise SystemExit(commands.run("stereosync-train"))
