"""What things look like: textures of every ground that differ, and the contact sheet."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from stereosync.vocabulary import GROUNDS
from stereosync_scenes.__main__ import main
from stereosync_scenes.patterns import SIZE_PX, cells
from stereosync_scenes.textures import ground_texture
from stereosync_scenes.walls import PAINTERS, wall_texture


@pytest.mark.parametrize("ground", GROUNDS)
def test_textures_tile_vary_and_repeat(ground: str) -> None:
    picture, span_m = ground_texture(ground, 3)
    assert picture.shape == (SIZE_PX, SIZE_PX, 3)
    assert 1 < span_m < 8
    assert picture.std() > 3
    assert (picture == ground_texture(ground, 3)[0]).all()
    assert (picture != ground_texture(ground, 4)[0]).mean() > 0.3
    rough = np.abs(np.diff(picture.astype(float), axis=1)).mean(axis=(0, 2))
    seam = np.abs(picture[:, 0].astype(float) - picture[:, -1]).mean()
    assert seam <= max(3 * rough.mean(), 1.1 * rough.max())


def _look(ground: str, seed: int) -> np.ndarray:
    """Mean colour and contrast at a coarse and a fine scale (5,): what a glance gives."""
    picture = ground_texture(ground, seed)[0].astype(np.float32) / 255
    grey = picture.mean(axis=2)
    coarse = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA)
    return np.array([*picture.mean(axis=(0, 1)), 3 * coarse.std(), 3 * (grey.std() - coarse.std())])


def test_grounds_can_be_told_apart_at_a_glance() -> None:
    known = {ground: np.stack([_look(ground, seed) for seed in range(12)]) for ground in GROUNDS}
    right = 0
    for ground in GROUNDS:
        for seed in range(100, 104):
            look = _look(ground, seed)
            guess = min(known, key=lambda name: np.linalg.norm(known[name] - look, axis=1).min())
            right += guess == ground
    assert right / (4 * len(GROUNDS)) > 0.5  # chance is 0.08, and patterns are not looked at


def test_cells_tile() -> None:
    nearest, gap, number = cells(np.random.default_rng(1), 8)
    assert nearest.min() >= 0
    assert gap.min() >= 0
    assert len(np.unique(number)) == 64
    assert np.abs(nearest[:, 0] - nearest[:, -1]).max() < 0.1


@pytest.mark.usefixtures("graphics")
def test_contact_sheet_is_written(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    assert main(["--seed", "4", "--rows", "2", "--seconds", "2", "--out", str(out)]) == 0
    assert cv2.imread(str(out)).shape == (2 * (216 + 16), 3 * 384, 3)


@pytest.mark.usefixtures("graphics")
def test_video_is_written(tmp_path: Path) -> None:
    out = tmp_path / "walks.mp4"
    assert main(["--seed", "4", "--rows", "2", "--seconds", "0.4", "--video", str(out)]) == 0
    import av

    with av.open(str(out)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == 10
    assert (frames[0].width, frames[0].height) == (2 * 384, 2 * (216 + 16))


def test_nothing_to_write_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--rows", "1"])
    assert "--video" in capsys.readouterr().err


@pytest.mark.parametrize("kind", sorted(PAINTERS))
def test_wall_textures_vary(kind: str) -> None:
    picture = wall_texture(kind, 3)
    assert picture.shape == (SIZE_PX, SIZE_PX, 3)
    assert picture.std() > 3
    assert (picture == wall_texture(kind, 3)).all()
    assert (picture != wall_texture(kind, 4)).mean() > 0.3


@pytest.mark.usefixtures("graphics")
def test_unwritable_name_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rows", "1", "--seconds", "1", "--out", str(tmp_path / "sheet.txt")]) == 1
    assert "name a .png" in capsys.readouterr().err
