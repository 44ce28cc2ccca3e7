"""A game of a few kilobytes: two people with two feet each, written in the format of the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from tiny_g3d import g3d_bytes, stick_points

from stereosync_scenes.foreign import bodies, cast, catalogue, game


@pytest.fixture
def small_game(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the factions, found through STEREOSYNC_FOREIGN and named by the catalogue."""
    factions = tmp_path / game.FACTIONS_FOLDER
    for split, person in (("foreign", "stick"), ("foreign-train", "twig")):
        models = factions / "tribe" / "units" / person / "models"
        models.mkdir(parents=True)
        (models / "walk.g3d").write_bytes(g3d_bytes(stick_points(), "cloth.png"))
        cv2.imwrite(str(models / "cloth.png"), np.full((8, 8, 3), (40, 60, 220), np.uint8))
        people = {person: {person: f"tribe/units/{person}/models/walk.g3d"}}
        monkeypatch.setitem(catalogue.WALKS, split, people)
        monkeypatch.setitem(cast.WALKS, split, people)
    monkeypatch.setenv(game.FOREIGN_VARIABLE, str(tmp_path))
    _forget()
    yield factions
    _forget()


def _forget() -> None:
    bodies.load_body.cache_clear()
    game.picture.cache_clear()
