"""The worth of each cue: the forecast stage trained without it.

python -m stereosync_training.evaluate.ablate RECIPE
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stereosync.errors import StereoSyncError, file_troubles
from stereosync.writing import check_output, json_with, write_json
from stereosync_training.cli import MISSING

if TYPE_CHECKING:
    from stereosync_training.data.walk_data import WalkData

VARIANTS: dict[str, tuple[str, ...]] = {
    "all cues": (),
    "no crops": ("crops",),
    "no frame difference": ("difference",),
    "no depth": ("depth",),
    "no tracks": ("tracks",),
    "no crops, no tracks": ("crops", "tracks"),
}
TABLE = "ablation.json"
HELD_OUT = 8  # every 8th clip is for the figures


def parser() -> argparse.ArgumentParser:
    """The command line."""
    about = (__doc__ or "").partition("\n")[0]
    arguments = argparse.ArgumentParser(prog="python -m stereosync_training.evaluate.ablate", description=about)
    arguments.add_argument("recipe", type=Path, help="whose rendered walks are used")
    arguments.add_argument("--cache", type=Path, default=Path("cache"))
    arguments.add_argument("--out", type=Path, default=Path("runs/ablate"))
    arguments.add_argument("--steps", type=int, default=600, help="of the forecast stage, for each variant")
    arguments.add_argument("--threads", type=int, default=1)
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Train every variant that is not there yet, and print the table."""
    options = parser().parse_args(argv)
    try:
        if options.out.exists():
            check_output(options.out / TABLE, "--out", json_with(*VARIANTS))
        import torch

        torch.set_num_threads(options.threads)
        rows = {name: _variant(options, name, without) for name, without in VARIANTS.items()}
        with file_troubles():
            options.out.mkdir(parents=True, exist_ok=True)
            write_json(options.out / TABLE, rows)
    except ImportError as error:
        print(MISSING.format(command="ablate", error=error), file=sys.stderr)
        return 2
    except StereoSyncError as error:
        print(f"ablate: {error}", file=sys.stderr)
        return 1
    print(table(rows))
    return 0


def _variant(options: argparse.Namespace, name: str, without: tuple[str, ...]) -> dict[str, float]:
    from stereosync_training.data.walk_data import WalkData
    from stereosync_training.evaluate.forecast_scores import forecast_scores
    from stereosync_training.loop import train
    from stereosync_training.recipe import read_recipe
    from stereosync_training.run import Run
    from stereosync_training.stages.forecast import ForecastStage

    recipe = read_recipe(options.recipe)
    run = Run(recipe, options.out, options.cache)
    data = WalkData.read([run.walk_clips(one) for one in recipe.every_walks], recipe.model)
    kept, held = _split(data)
    stage = ForecastStage(recipe.model, kept, recipe.forecast.batch, without=without)
    folder = options.out / name.replace(",", "").replace(" ", "-")
    train(stage, replace(recipe.forecast, steps=options.steps, average_decay=0.99), folder)
    return forecast_scores(stage.module.eval(), held, range(len(held)), without)


def _split(data: WalkData) -> tuple[WalkData, WalkData]:
    """The clips to learn from and those that are held out."""
    from stereosync_training.data.walk_data import WalkData

    kept = [clip for index, clip in enumerate(data.clips) if index % HELD_OUT]
    return WalkData(kept, data.config), WalkData(data.clips[::HELD_OUT], data.config)


def table(rows: dict[str, dict[str, float]]) -> str:
    """The figures as a Markdown table."""
    keys = list(next(iter(rows.values())))
    lines = ["| trained with | " + " | ".join(keys) + " |", "|---" * (len(keys) + 1) + "|"]
    lines += ["| " + " | ".join([name, *(f"{row[key]:.3f}" for key in keys)]) + " |" for name, row in rows.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
