"""Writes the gaits of MegaGlest's people as gait files, as `stereosync-fit` takes them.

    python scripts/foreign_gaits.py FOLDER [--split foreign-train]

The people are those of `scripts/fetch_foreign.py` (CC-BY-SA 3.0), and so are the files; one is written for each.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import get_args

from gaits_command import write_gaits

from stereosync_scenes.foreign.as_cycles import foreign_cycles
from stereosync_scenes.foreign.catalogue import Split


def main(arguments: Sequence[str] | None = None) -> int:
    """Write; the exit code."""
    return write_gaits("foreign_gaits", __doc__, get_args(Split), "foreign-train", foreign_cycles, arguments)


if __name__ == "__main__":
    sys.exit(main())
