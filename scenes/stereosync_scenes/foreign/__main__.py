"""`python -m stereosync_scenes.foreign`: a contact sheet, and a video, of some walks of foreign bodies, to look at."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from stereosync.writing import check_output
from stereosync_scenes.foreign.catalogue import Split
from stereosync_scenes.foreign.game import ForeignUnavailable
from stereosync_scenes.graphics import GraphicsUnavailable


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the sheet and the video; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m stereosync_scenes.foreign", description=__doc__)
    parser.add_argument("--seed", type=int, default=900_000, help="of the first walk (default: %(default)s, test's)")
    parser.add_argument("--rows", type=int, default=6)
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--split", choices=get_args(Split), default="foreign")
    parser.add_argument("--out", type=Path, default=Path("foreign.png"), help="a .png or .jpg (default: %(default)s)")
    parser.add_argument("--video", type=Path, metavar="FILE.mp4", help="also a video of the same walks")
    chosen = parser.parse_args(argv)
    from stereosync_scenes.foreign.pictures import contact_sheet, save_video
    from stereosync_scenes.pictures import save_png

    try:
        for option, path in (("--out", chosen.out), ("--video", chosen.video)):
            if path is not None:
                check_output(path, option)
        save_png(chosen.out, contact_sheet(chosen.seed, chosen.rows, chosen.columns, chosen.seconds, chosen.split))
        if chosen.video is not None:
            save_video(chosen.video, chosen.seed, chosen.rows, chosen.seconds, chosen.split)
    except (GraphicsUnavailable, ForeignUnavailable, RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(*(path for path in (chosen.out, chosen.video) if path is not None))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
