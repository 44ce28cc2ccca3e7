"""Fetching photo floors: grounds of folders and archives are kept small, each once, with the licence last."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import fetch_floors
import pytest
from PIL import Image

from stereosync_scenes.floors.packages import PACKAGES
from stereosync_scenes.floors.store import SIDE_PX

PLAIN, ZIPPED = "extremetuxracer-data", "ufoai-textures"


def _png(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (40, 20), (shade, 0, 0, 255)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The programs that were run, in the place of apt-get and dpkg-deb."""
    ran: list[str] = []

    def run(command: list[str], folder: Path) -> None:
        ran.append(command[0])
        if command[0] == "apt-get":
            (folder / f"{command[-1]}_1_all.deb").touch()
            return
        name, root = Path(command[-2]).name.partition("_")[0], Path(command[-1])
        files = {"snow01.png": _png(1), "snow02.png": _png(1), "ice.png": _png(2), "trees.png": _png(3)}
        if name == ZIPPED:
            _zip(root / PACKAGES[name].archive)
        else:
            (root / PACKAGES[name].folder).mkdir(parents=True)
            for file, data in files.items():
                (root / PACKAGES[name].folder / file).write_bytes(data)
        (root / "usr" / "share" / "doc" / name).mkdir(parents=True)
        (root / "usr" / "share" / "doc" / name / "copyright").write_text("GPL", encoding="utf-8")

    monkeypatch.setattr(fetch_floors, "run", run)
    monkeypatch.setattr(fetch_floors.shutil, "which", lambda name: name)
    return ran


def _zip(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("textures/tex_nature/grass.jpg", _png(9))
        archive.writestr("textures/tex_nature/tree001.png", _png(8))


def test_grounds_and_licences_are_kept_once(
    tmp_path: Path, commands: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, drawn = tmp_path / "out", tmp_path / "sheet.png"
    arguments = ["fetch_floors.py", "--out", str(out), "--packages", PLAIN, ZIPPED, "--sheet", str(drawn)]
    monkeypatch.setattr(sys, "argv", arguments)
    assert (fetch_floors.main(), fetch_floors.main()) == (0, 0)
    assert commands == ["apt-get", "dpkg-deb"] * 2
    kept = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert kept == {
        f"copyright-{PLAIN}", f"copyright-{ZIPPED}", f"train/grass/{ZIPPED}-nature-grass.jpg",
        f"test/snow/{PLAIN}-snow01.jpg", f"test/ice/{PLAIN}-ice.jpg",
    }  # fmt: skip
    with Image.open(out / "test" / "ice" / f"{PLAIN}-ice.jpg") as picture:
        assert (picture.size, picture.mode) == ((SIDE_PX, SIDE_PX), "RGB")
    assert drawn.stat().st_size > 0
    assert "2 packages fetched" in capsys.readouterr().out
