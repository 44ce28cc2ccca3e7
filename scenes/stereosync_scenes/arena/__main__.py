"""`python -m stereosync_scenes.arena`: a contact sheet, and a video, of some walks in levels, to look at."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from stereosync.writing import check_output
from stereosync_scenes.arena.archives import LevelsUnavailable
from stereosync_scenes.graphics import GraphicsUnavailable


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the sheet and the video; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m stereosync_scenes.arena", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of the first walk (default: %(default)s)")
    parser.add_argument(
        "--step", type=int, default=10, help="seeds from row to row; ten share a level (default: %(default)s)"
    )
    parser.add_argument("--rows", type=int, default=6)
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--split", choices=("train", "shift"), default="train")
    parser.add_argument("--out", type=Path, default=Path("arena.png"), help="a .png or .jpg (default: %(default)s)")
    parser.add_argument("--video", type=Path, metavar="FILE.mp4", help="also a video of the same walks")
    chosen = parser.parse_args(argv)
    from stereosync_scenes.arena.pictures import contact_sheet, save_video
    from stereosync_scenes.pictures import save_png

    try:
        for option, path in (("--out", chosen.out), ("--video", chosen.video)):
            if path is not None:
                check_output(path, option)
        sheet = contact_sheet(chosen.seed, chosen.rows, chosen.columns, chosen.seconds, chosen.split, chosen.step)
        save_png(chosen.out, sheet)
        if chosen.video is not None:
            save_video(chosen.video, chosen.seed, chosen.rows, chosen.seconds, chosen.split, chosen.step)
    except (GraphicsUnavailable, LevelsUnavailable, RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(*(path for path in (chosen.out, chosen.video) if path is not None))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
