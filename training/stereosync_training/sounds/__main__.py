"""`python -m stereosync_training.sounds --out FILE.png`: a sheet of all steps to look at."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
    """Draw the sheet of the sounds folder."""
    parser = argparse.ArgumentParser(prog="python -m stereosync_training.sounds", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="PNG to write")
    parser.add_argument("--sounds", type=Path, help="folder of recordings; default: STEREOSYNC_SOUNDS or the cache")
    options = parser.parse_args()
    from stereosync_training.sounds.library import SoundLibrary
    from stereosync_training.sounds.sheet import draw_sheet

    draw_sheet(SoundLibrary.open(options.sounds, "train"), SoundLibrary.open(options.sounds, "test"), options.out)


if __name__ == "__main__":
    main()
