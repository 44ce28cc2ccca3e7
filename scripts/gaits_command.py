"""The command of `level_gaits.py` and `foreign_gaits.py`: the bodies of a split as gait files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from stereosync.errors import StereoSyncError, file_troubles
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.files import write_cycles
from stereosync_scenes.cycles.outline import outlined


def write_gaits(
    name: str,
    about: str | None,
    splits: tuple[Any, ...],
    default: str,
    cycles: Callable[[Any], Iterable[BodyCycle]],
    arguments: Sequence[str] | None,
) -> int:
    """Write the `cycles` of the split that is asked for; the exit code."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", choices=splits, default=default, help="of the bodies (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        with file_troubles():
            files = write_cycles(options.folder, [outlined(cycle) for cycle in cycles(options.split)])
    except StereoSyncError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    print(f"{len(files)} bodies in {options.folder}: stereosync-fit {options.folder} --bundle walk --out my-walk")
    return 0
