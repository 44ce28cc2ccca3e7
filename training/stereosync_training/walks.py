"""`stereosync-walks`: renders the walks of a recipe, in several processes, and goes on where it stopped."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from multiprocessing.context import SpawnProcess
from pathlib import Path

from stereosync import commands
from stereosync.errors import StereoSyncError, file_troubles
from stereosync_training.cli import MISSING

POLL_S = 0.5


def parser() -> argparse.ArgumentParser:
    """The command line."""
    arguments = argparse.ArgumentParser(
        prog="stereosync-walks", description="Render the walks that a recipe trains on."
    )
    arguments.add_argument("recipe", type=Path, help="a TOML file, or the name of a recipe that ships")
    arguments.add_argument("--cache", type=Path, default=Path("cache"))
    arguments.add_argument("--sounds", type=Path, help="folder of recordings")
    arguments.add_argument(
        "--mix-again", action="store_true", help="make the sound of rendered walks anew, no pictures"
    )
    arguments.add_argument("--jobs", type=int, default=1, help="processes that render side by side (default 1)")
    return arguments


def main(argv: list[str] | None = None) -> int:
    """Render what is missing."""
    options = parser().parse_args(argv)
    try:
        with file_troubles():
            if options.mix_again:
                _mix_again(options)
                return 0
            if options.jobs > 1:
                return _side_by_side(options)
            render(options.recipe, options.cache, options.sounds)
    except ImportError as error:
        print(MISSING.format(command="stereosync-walks", error=error), file=sys.stderr)
        return 2
    except StereoSyncError as error:
        print(f"stereosync-walks: {error}", file=sys.stderr)
        return 1
    return 0


def render(recipe: Path, cache: Path, sounds: Path | None, job: int = 0, jobs: int = 1, quiet: bool = False) -> None:
    """Render all missing shards; one of `jobs` begins at its own place and helps the others when it is done."""
    from stereosync_training.data.walk_clips import build_walk_clips
    from stereosync_training.recipe import read_recipe
    from stereosync_training.run import Run
    from stereosync_training.sounds import SoundLibrary

    run = Run(read_recipe(recipe), folder=Path("runs"), cache=cache)
    library = SoundLibrary.open(sounds, "train")
    for options in run.recipe.every_walks:
        part = options.shards * job // jobs
        build_walk_clips(run.walk_clips(options), options, library, run.recipe.model.cue_spec, part, quiet)


def _mix_again(options: argparse.Namespace) -> None:
    from stereosync_training.data.walk_clips import mix_again
    from stereosync_training.recipe import read_recipe
    from stereosync_training.run import Run
    from stereosync_training.sounds import SoundLibrary

    run = Run(read_recipe(options.recipe), folder=Path("runs"), cache=options.cache)
    library = SoundLibrary.open(options.sounds, "train")
    for one in run.recipe.every_walks:
        mix_again(run.walk_clips(one), library)


def _side_by_side(options: argparse.Namespace) -> int:
    """Start the processes and show their progress together; 1 when one of them failed."""
    from tqdm import tqdm

    from stereosync_training.recipe import read_recipe
    from stereosync_training.run import Run

    run = Run(read_recipe(options.recipe), folder=Path("runs"), cache=options.cache)
    context = multiprocessing.get_context("spawn")
    jobs = [
        context.Process(target=render, args=(options.recipe, options.cache, options.sounds, job, options.jobs, True))
        for job in range(options.jobs)
    ]
    for job in jobs:
        job.start()
    folders = [run.walk_clips(one) for one in run.recipe.every_walks]
    with tqdm(total=sum(one.shards for one in run.recipe.every_walks), desc="walks", unit="shard") as bar:
        while any(job.is_alive() for job in jobs):
            _show(bar, folders)
            time.sleep(POLL_S)
        _show(bar, folders)
    return _worst(jobs)


def _show(bar: object, folders: list[Path]) -> None:
    done = sum(path.is_dir() and not path.suffix for folder in folders for path in folder.glob("shard-*"))
    bar.update(done - bar.n)  # type: ignore[attr-defined]


def _worst(jobs: list[SpawnProcess]) -> int:
    return int(any(job.exitcode for job in jobs))


if __name__ == "__main__":
    raise SystemExit(commands.run("stereosync-walks"))
