"""Writes the gaits of OpenArena's people as gait files, an example of what `stereosync-fit` takes.

    python scripts/level_gaits.py FOLDER [--split shift]

The people are those of `scripts/fetch_levels.py` (GPL-2.0-or-later); one file is written for each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from stereosync.errors import StereoSyncError, file_troubles
from stereosync_scenes.arena.as_cycles import level_cycles
from stereosync_scenes.arena.catalogue import Split
from stereosync_scenes.cycles.files import write_cycles
from stereosync_scenes.cycles.outline import outlined


def main(arguments: Sequence[str] | None = None) -> int:
    """Write; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--split", choices=get_args(Split), default="shift", help="of the people (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        with file_troubles():
            files = write_cycles(options.folder, [outlined(cycle) for cycle in level_cycles(options.split)])
    except StereoSyncError as error:
        print(f"level_gaits: {error}", file=sys.stderr)
        return 1
    print(f"{len(files)} bodies in {options.folder}: stereosync-fit {options.folder} --bundle walk --out my-walk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
