"""Writes the gaits of MegaGlest's people as gait files, as `stereosync-fit` takes them.

    python scripts/foreign_gaits.py FOLDER [--split foreign-train]

The people are those of `scripts/fetch_foreign.py` (CC-BY-SA 3.0), and so are the files; one is written for each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from stereosync.errors import StereoSyncError, file_troubles
from stereosync_scenes.cycles.files import write_cycles
from stereosync_scenes.cycles.outline import outlined
from stereosync_scenes.foreign.as_cycles import foreign_cycles
from stereosync_scenes.foreign.catalogue import Split


def main(arguments: Sequence[str] | None = None) -> int:
    """Write; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--split", choices=get_args(Split), default="foreign-train", help="of the bodies (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        with file_troubles():
            files = write_cycles(options.folder, [outlined(cycle) for cycle in foreign_cycles(options.split)])
    except StereoSyncError as error:
        print(f"foreign_gaits: {error}", file=sys.stderr)
        return 1
    print(f"{len(files)} bodies in {options.folder}: stereosync-fit {options.folder} --bundle walk --out my-walk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
