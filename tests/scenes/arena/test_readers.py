"""Readers of levels, models, pictures and shader scripts, on files that the tests write themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stereosync_scenes.arena import archives, curves
from stereosync_scenes.arena.archives import LevelsUnavailable, decode, open_archive
from stereosync_scenes.arena.bsp import VERTEX, BadFile, read_bsp
from stereosync_scenes.arena.md3 import read_md3
from stereosync_scenes.arena.people import animation_rows, leg_frames
from stereosync_scenes.arena.shaders import parse


@pytest.mark.usefixtures("game")
def test_a_level_comes_back_in_metres_and_faces_inward() -> None:
    level = read_bsp(open_archive("openarena").read("maps/room.bsp"))
    assert len(level.corners) == 12
    np.testing.assert_allclose(np.ptp(level.points_m, axis=0), (24, 20, 5))
    a, b, c = (level.points_m[level.corners[:, column]] for column in range(3))
    middle = (a + b + c) / 3
    inward = np.einsum("tk,tk->t", np.cross(b - a, c - a), np.array([12, 10, 2.5]) - middle)
    assert (inward > 0).all()
    assert level.names[level.texture[level.face == 4][0]] == "textures/floor"
    assert level.tree.faces_seen(np.array([[5.0, 5.0, 2.0]])).all()


@pytest.mark.usefixtures("game")
def test_a_level_cut_short_says_so() -> None:
    data = open_archive("openarena").read("maps/room.bsp")
    with pytest.raises(BadFile, match="ends before its part"):
        read_bsp(data[:-60])
    with pytest.raises(BadFile, match=r"choose a \.bsp"):
        read_bsp(b"RBSP" + data[4:])


@pytest.mark.usefixtures("game")
def test_a_model_comes_back_with_unit_axes() -> None:
    model = read_md3(open_archive("openarena").read("models/players/stick/lower.md3"))
    tag = model.tags["tag_torso"]
    np.testing.assert_allclose(tag.axes, np.broadcast_to(np.eye(3), tag.axes.shape), atol=1e-6)
    np.testing.assert_allclose(tag.origin_m[3], (0, 0, 0.9), atol=1e-6)
    assert model.surfaces[0].points_m.shape == (12, 18, 3)
    assert abs(model.surfaces[0].points_m[..., 2].max() - 0.9) < 0.001


@pytest.mark.usefixtures("game")
def test_a_model_cut_short_says_so() -> None:
    data = open_archive("openarena").read("models/players/stick/lower.md3")
    with pytest.raises(BadFile, match="cut short"):
        read_md3(data[:900])
    with pytest.raises(BadFile, match=r"choose a \.md3"):
        read_md3(b"nothing")


def test_absent_packages_name_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(archives.LEVELS_VARIABLE, str(tmp_path))
    monkeypatch.setitem(archives.FOLDERS, "nexuiz", "no/such/game")
    with pytest.raises(LevelsUnavailable, match=r"nexuiz-data.*fetch_levels\.py"):
        open_archive("nexuiz")


def test_a_patch_of_control_points_on_a_plane_is_that_plane() -> None:
    control = np.zeros(9, dtype=VERTEX)
    row, column = np.divmod(np.arange(9), 3)
    control["point"] = np.stack([column, row, 2 * column + row], axis=1)
    made = curves.patch_vertices(control, 3, 3)
    assert len(made) == (curves.PATCH_STEPS + 1) ** 2
    np.testing.assert_allclose(made["point"][:, 2], 2 * made["point"][:, 0] + made["point"][:, 1], atol=1e-5)
    corners = curves.patch_corners(4, 4)
    assert corners.shape == (18, 3)
    assert corners.max() == 15


def test_targa_with_run_lengths() -> None:
    header = bytes([0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 24, 0x20])
    picture = decode(header + bytes([0x81, 1, 2, 3, 0x00, 7, 8, 9]))
    assert picture is not None
    assert picture.tolist() == [[[3, 2, 1], [3, 2, 1], [9, 8, 7]]]
    assert decode(header) is None


def test_shaders_tell_pictures_from_sheer_and_sky() -> None:
    found = parse(
        """textures/a/lit { { map $lightmap } { map textures/a/stone.tga blendfunc gl_dst_color gl_zero } }
        textures/a/glass // see-through
        {
            surfaceparm trans
            { map textures/a/glass.tga
              blendfunc add }
        }
        textures/a/sky { surfaceparm sky  qer_editorimage textures/a/sky.tga }""".replace(" { ", "\n{\n")
        .replace(" } ", "\n}\n")
        .replace(" blendfunc", "\nblendfunc")
        .replace("sky  qer", "sky\nqer")
        .replace(" }", "\n}")
    )
    assert found["textures/a/lit"].picture == "textures/a/stone.tga"
    assert not found["textures/a/lit"].sheer
    assert found["textures/a/glass"].sheer
    assert found["textures/a/sky"].sky


def test_leg_frames_leave_out_those_of_the_torso() -> None:
    text = "\n".join(f"{90 if row == 6 else 153 if row == 13 else 161} 12 12 20 // row" for row in range(17))
    assert leg_frames(animation_rows(text), 14).tolist() == list(range(98, 110))
    with pytest.raises(BadFile, match="17 are needed"):
        animation_rows("0 1 0 15")
