"""A made-up folder of photo floors: two of each ground and split, but no glass."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import pytest

from stereosync.vocabulary import GROUNDS
from stereosync_scenes.floors.packages import Split
from stereosync_scenes.floors.store import FLOORS_VARIABLE, SIDE_PX


@pytest.fixture
def few_floors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, found through STEREOSYNC_FLOORS."""
    rng = np.random.default_rng(0)
    for split in get_args(Split):
        for ground in GROUNDS:
            folder = tmp_path / split / ground
            folder.mkdir(parents=True)
            for number in range(2 * (ground != "glass")):
                cv2.imwrite(str(folder / f"{number}.jpg"), rng.integers(0, 256, (SIDE_PX, SIDE_PX, 3), np.uint8))
    monkeypatch.setenv(FLOORS_VARIABLE, str(tmp_path))
    return tmp_path
