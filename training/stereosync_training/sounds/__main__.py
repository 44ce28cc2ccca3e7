"""`python -m stereosync_training.sounds --out FILE.png`: a sheet of all steps to look at."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from stereosync.errors import StereoSyncError
from stereosync.writing import check_output


def main(argv: Sequence[str] | None = None) -> int:
    """Draw the sheet of the sounds folder; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m stereosync_training.sounds", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="PNG to write")
    parser.add_argument("--sounds", type=Path, help="folder of recordings; default: STEREOSYNC_SOUNDS or the cache")
    options = parser.parse_args(argv)
    from stereosync_training.sounds.library import SoundLibrary
    from stereosync_training.sounds.sheet import draw_sheet

    try:
        check_output(options.out, "--out")
        draw_sheet(SoundLibrary.open(options.sounds, "train"), SoundLibrary.open(options.sounds, "test"), options.out)
    except StereoSyncError as error:
        print(f"stereosync_training.sounds: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
