"""Writes the gaits of OpenArena's people as gait files, an example of what `stereosync-fit` takes.

    python scripts/level_gaits.py FOLDER [--split shift]

The people are those of `scripts/fetch_levels.py` (GPL-2.0-or-later); one file is written for each.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import get_args

from gaits_command import write_gaits

from stereosync_scenes.arena.as_cycles import level_cycles
from stereosync_scenes.arena.catalogue import Split


def main(arguments: Sequence[str] | None = None) -> int:
    """Write; the exit code."""
    return write_gaits("level_gaits", __doc__, get_args(Split), "shift", level_cycles, arguments)


if __name__ == "__main__":
    sys.exit(main())
