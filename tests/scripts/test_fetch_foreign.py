"""Fetching another game's bodies: walks and pictures are kept, with the credits last, and nothing is fetched twice."""

from __future__ import annotations

import sys
from pathlib import Path

import fetch_foreign
import pytest

from stereosync_scenes.foreign.game import FACTIONS_FOLDER, INSTALLED, PACKAGE

UNIT = FACTIONS_FOLDER / "magic" / "units" / "initiate" / "models"
HOUSE = FACTIONS_FOLDER / "magic" / "units" / "tower" / "models"


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The programs that were run, in the place of apt-get and dpkg-deb."""
    ran: list[str] = []

    def run(command: list[str], folder: Path) -> None:
        ran.append(command[0])
        if command[0] == "apt-get":
            (folder / f"{PACKAGE}_1_all.deb").touch()
            return
        root = Path(command[-1])
        game = root / INSTALLED.relative_to("/")
        for file in (UNIT / "a_walking.g3d", UNIT / "a_dying.g3d", UNIT / "a.png", HOUSE / "stone.png"):
            (game / file).parent.mkdir(parents=True, exist_ok=True)
            (game / file).write_bytes(b"x")
        (root / "usr" / "share" / "doc" / PACKAGE).mkdir(parents=True)
        (root / "usr" / "share" / "doc" / PACKAGE / "copyright").write_text("CC-BY-SA-3.0", encoding="utf-8")

    monkeypatch.setattr(fetch_foreign, "run", run)
    monkeypatch.setattr(fetch_foreign.shutil, "which", lambda name: name)
    return ran


def test_walks_pictures_and_credits_are_kept_once(
    tmp_path: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fetch_foreign.py", "--out", str(tmp_path / "out")])
    assert (fetch_foreign.main(), fetch_foreign.main()) == (0, 0)
    assert commands == ["apt-get", "dpkg-deb"]
    kept = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert kept == {(UNIT / "a_walking.g3d").as_posix(), (UNIT / "a.png").as_posix(), fetch_foreign.LICENCE}
    assert capsys.readouterr().out.count("Attribution-ShareAlike 3.0") == 2
