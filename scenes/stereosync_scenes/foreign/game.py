"""The game's files: where `scripts/fetch_foreign.py` or the Debian package itself puts them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from stereosync.errors import StereoSyncError
from stereosync.folders import kept_folder
from stereosync.scene import UInt8Array
from stereosync_scenes.arena.archives import decode

FOREIGN_VARIABLE = "STEREOSYNC_FOREIGN"
PACKAGE = "megaglest-data"
FACTIONS_FOLDER = Path("techs", "megapack", "factions")
INSTALLED = Path("/usr/share/games/megaglest")


class ForeignUnavailable(StereoSyncError, RuntimeError):
    """The game's package is not here; the message says what to install or run."""


def default_folder() -> Path:
    """`STEREOSYNC_FOREIGN`, or the user's cache folder of this platform."""
    return kept_folder(FOREIGN_VARIABLE, "foreign")


def factions_folder() -> Path:
    """The folder with one folder for each faction, in `default_folder()` or where Debian's package installs it.

    Raises ForeignUnavailable.
    """
    for root in (default_folder(), INSTALLED):
        if (root / FACTIONS_FOLDER).is_dir():
            return root / FACTIONS_FOLDER
    raise ForeignUnavailable(
        f"no bodies of MegaGlest in {default_folder()}: run `python scripts/fetch_foreign.py`, or install the Debian "
        f"package {PACKAGE}, or set {FOREIGN_VARIABLE} to the folder that has them"
    )


def read(path: str) -> bytes:
    """The bytes of a file, named from the factions' folder on. Raises ForeignUnavailable when it is not there."""
    try:
        return (factions_folder() / path).read_bytes()
    except FileNotFoundError as error:
        raise ForeignUnavailable(
            f"MegaGlest's files lack {path}: run `python scripts/fetch_foreign.py` again"
        ) from error


@lru_cache(maxsize=64)
def picture(path: str) -> UInt8Array | None:
    """RGB (H, W, 3) of a picture, named from the factions' folder on; None when there is none to read."""
    file = factions_folder() / path
    return decode(file.read_bytes()) if file.is_file() else None
