"""`python -m stereosync_scenes`: a contact sheet of some walks, to look at."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from stereosync_scenes.graphics import GraphicsUnavailable


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the sheet; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m stereosync_scenes", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of the first walk (default 0)")
    parser.add_argument("--rows", type=int, default=6, help="how many walks, one per row (default 6)")
    parser.add_argument("--seconds", type=float, default=6.0, help="length of each walk (default 6)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    options = parser.parse_args(argv)
    if options.rows < 1 or options.seconds <= 0 or options.seed < 0:
        parser.error("--rows has to be 1 or more, --seconds more than 0, --seed 0 or more")
    from stereosync_scenes.pictures import columns_for, contact_sheet, save_png

    try:
        sheet = contact_sheet(options.seed, options.rows, columns_for(options.rows), options.seconds)
        save_png(options.out, sheet)
    except (GraphicsUnavailable, ValueError, OSError) as error:
        print(f"stereosync_scenes: {error}", file=sys.stderr)
        return 1
    print(f"{options.out}: {options.rows} walks from seed {options.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
