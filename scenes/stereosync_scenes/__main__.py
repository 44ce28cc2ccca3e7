"""`python -m stereosync_scenes`: a contact sheet, a video, or both, of some walks, to look at."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from stereosync.writing import check_output
from stereosync_scenes.casting import WORLDS
from stereosync_scenes.graphics import GraphicsUnavailable


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the sheet or the video; returns the exit status."""
    options = _options(argv)
    from stereosync_scenes.pictures import columns_for, contact_sheet, save_png
    from stereosync_scenes.videos import save_video

    try:
        for option, path in (("--out", options.out), ("--video", options.video)):
            if path is not None:
                check_output(path, option)
        if options.out is not None:
            columns = columns_for(options.rows)
            sheet = contact_sheet(options.seed, options.rows, columns, options.seconds, variety=options.variety)
            save_png(options.out, sheet)
        if options.video is not None:
            save_video(options.video, options.seed, options.rows, options.seconds, options.variety)
    except (GraphicsUnavailable, ValueError, OSError) as error:
        print(f"stereosync_scenes: {error}", file=sys.stderr)
        return 1
    for path in (options.out, options.video):
        if path is not None:
            print(f"{path}: {options.rows} walks from seed {options.seed}")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m stereosync_scenes", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of the first walk (default 0)")
    parser.add_argument("--rows", type=int, default=6, help="how many walks, one per row (default 6)")
    parser.add_argument("--variety", choices=WORLDS, default="plain", help="which world (default plain)")
    parser.add_argument("--seconds", type=float, default=6.0, help="length of each walk (default 6)")
    parser.add_argument("--out", type=Path, metavar="FILE.png", help="the contact sheet")
    parser.add_argument("--video", type=Path, metavar="FILE.mp4", help="the video")
    options = parser.parse_args(argv)
    if options.rows < 1 or options.seconds <= 0 or options.seed < 0:
        parser.error("--rows has to be 1 or more, --seconds more than 0, --seed 0 or more")
    if options.out is None and options.video is None:
        parser.error("name what to write: --out FILE.png, --video FILE.mp4, or both")
    return options


if __name__ == "__main__":
    sys.exit(main())
