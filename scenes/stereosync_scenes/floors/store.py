"""The photo floors that were fetched: one folder for each split, in it one for each ground."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from stereosync.errors import UserError
from stereosync.folders import kept_folder
from stereosync.vocabulary import GROUNDS
from stereosync_scenes.floors.packages import Split
from stereosync_scenes.textures import Picture

FLOORS_VARIABLE = "STEREOSYNC_FLOORS"
SIDE_PX = 256
SUFFIX = ".jpg"


def default_folder() -> Path:
    """`STEREOSYNC_FLOORS`, or the user's cache folder of this platform."""
    return kept_folder(FLOORS_VARIABLE, "floors")


def photos_of(split: Split) -> dict[str, tuple[str, ...]]:
    """Names of the photos of a split by ground, sorted: paths from the floors' folder on.

    Raises:
        UserError: none were fetched.
    """
    found = _found(default_folder(), split)
    if not any(found.values()):
        raise UserError(
            f"no photo floors in {default_folder() / split}: run `python scripts/fetch_floors.py`, or set "
            f"{FLOORS_VARIABLE} to the folder that has them"
        )
    return found


@lru_cache(maxsize=4)
def _found(folder: Path, split: Split) -> dict[str, tuple[str, ...]]:
    return {
        ground: tuple(
            file.relative_to(folder).as_posix() for file in sorted((folder / split / ground).glob(f"*{SUFFIX}"))
        )
        for ground in GROUNDS
    }


def read_photo(name: str) -> Picture:
    """RGB (256, 256, 3) of a photo by its name of `photos_of`.

    Raises:
        UserError: it is not there, or no picture.
    """
    return _read(default_folder() / name)


@lru_cache(maxsize=64)
def _read(file: Path) -> Picture:
    picture = cv2.imdecode(np.frombuffer(file.read_bytes(), np.uint8), cv2.IMREAD_COLOR) if file.is_file() else None
    if picture is None:
        raise UserError(f"no photo floor {file}: run `python scripts/fetch_floors.py` again")
    if picture.shape[:2] != (SIDE_PX, SIDE_PX):
        picture = cv2.resize(picture, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(picture[..., ::-1])
