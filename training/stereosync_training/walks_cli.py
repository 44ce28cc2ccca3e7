"""`stereosync-walks`: renders the walks of a recipe; several may run side by side."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stereosync_training.cli import MISSING


def parser() -> argparse.ArgumentParser:
    """The command line."""
    arguments = argparse.ArgumentParser(
        prog="stereosync-walks", description="Render the walks that a recipe trains on."
    )
    arguments.add_argument("recipe", type=Path, help="a TOML file, or the name of a recipe that ships")
    arguments.add_argument("--cache", type=Path, default=Path("cache"))
    arguments.add_argument("--sounds", type=Path, help="folder of recordings")
    arguments.add_argument("--part", type=int, default=0, help="begin with this shard: give each process its own")
    return arguments


def main(argv: list[str] | None = None) -> int:
    """Render what is missing."""
    options = parser().parse_args(argv)
    try:
        from stereosync_training.recipe import read_recipe
        from stereosync_training.run import Run
        from stereosync_training.sounds import SoundLibrary
        from stereosync_training.walk_clips import build_walk_clips
    except ImportError as error:
        print(MISSING.format(command="stereosync-walks", error=error), file=sys.stderr)
        return 2
    try:
        recipe = read_recipe(options.recipe)
        run = Run(recipe, folder=Path("runs"), cache=options.cache)
        library = SoundLibrary.open(options.sounds, "train")
        build_walk_clips(run.walk_clips, recipe.walks, library, recipe.model.cue_spec, options.part)
    except (ValueError, OSError, RuntimeError) as error:
        print(f"stereosync-walks: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
