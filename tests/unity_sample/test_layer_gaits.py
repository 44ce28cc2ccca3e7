"""The Unity tool that exports gaits, on stand-ins for Unity: the file that it writes, and what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from unity_layer import ask

LEFT, RIGHT = -2, -1  # the last points are the feet


@dataclass
class Exported:
    """The project's folder, and the lines of the console."""

    folder: Path
    lines: list[str]

    def read(self, name: str) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return data

    def points_m(self, name: str, gait: int) -> np.ndarray:
        return np.array(self.read(name)["gaits"][gait]["points_m"])


@pytest.fixture(scope="module")
def exported(layer: list[str], tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("project")
    answers = ask(layer, "export", str(folder))
    assert answers["untouched"] == [["0"]]
    return Exported(folder, [" ".join(words) for words in answers["console"]])


def test_clips_that_are_gaits_are_written_and_others_named(exported: Exported) -> None:
    data = exported.read("hero-gaits.json")
    gaits = data.pop("gaits")
    assert data == {"format": "stereosync-gaits", "version": 1, "body": "hero"}
    assert [gait["name"] for gait in gaits] == ['told "walk"', "found"]
    assert exported.lines[:5] == [
        "I StereoSync: the clip strafe was left out: it goes sideways, and a gait goes ahead or back.",
        "I StereoSync: the clip once was left out: it does not loop.",
        "I StereoSync: the clip turns was left out: it does not end as it begins.",
        "I StereoSync: the clip stands was left out: its left foot does not lift.",
        "I StereoSync: the clip two was left out: its left foot comes down 2 times: "
        "cut it to one left and one right step.",
    ]
    assert "2 gaits of hero were written; next: stereosync-fit" in exported.lines[5]


def test_contacts_are_the_events_or_else_where_the_feet_come_down(exported: Exported) -> None:
    told, found = exported.read("hero-gaits.json")["gaits"]
    assert told["contacts"] == {"left": 0.3, "right": 0.0}
    assert found["contacts"] == {"left": pytest.approx(0.3, abs=0.016), "right": pytest.approx(0.8, abs=0.016)}
    assert (told["period_s"], told["way_m"]) == (1.1, pytest.approx(1.5, abs=0.01))
    assert (found["period_s"], found["way_m"]) == (0.5, 0)


@pytest.mark.parametrize(("gait", "frames"), [(0, 66), (1, 30)])
def test_the_body_walks_on_the_spot_with_its_right_at_x(exported: Exported, gait: int, frames: int) -> None:
    points_m = exported.points_m("hero-gaits.json", gait)
    assert points_m.shape == (frames, 302, 3)
    turn = np.arange(frames) / frames
    trunk_m = points_m[:, points_m[0, :, 1] > 0.7]
    lean_m = 0.1 * np.sin(2 * np.pi * turn)
    assert trunk_m[..., 2] == pytest.approx(np.repeat(lean_m[:, None], trunk_m.shape[1], axis=1), abs=0.01)
    assert points_m[:, LEFT, 0] == pytest.approx(np.full(frames, -0.1), abs=1e-3)
    assert points_m[:, RIGHT, 0] == pytest.approx(np.full(frames, 0.1), abs=1e-3)
    assert np.ptp(points_m[:, LEFT, 1]) == pytest.approx(0.12, abs=0.002)
    assert points_m[..., 1].min() == 0


def test_points_are_spread_evenly(exported: Exported) -> None:
    first_m = exported.points_m("hero-gaits.json", 0)[0]
    apart_m = np.linalg.norm(first_m[:-2, None] - first_m[None, :-2], axis=2) + 9 * np.eye(len(first_m) - 2)
    assert apart_m.min() >= 0.0199
    assert np.ptp(first_m[:, 0]) == pytest.approx(0.38, abs=1e-3), "the outermost points are kept"


def test_a_file_is_not_overwritten(exported: Exported) -> None:
    assert exported.read("hero-gaits-2.json") == exported.read("hero-gaits.json")


def test_a_body_that_is_not_drawn_is_its_bones(exported: Exported) -> None:
    assert exported.points_m("a_bare-gaits.json", 0).shape == (60, 5, 3)
    assert "W StereoSync: nothing of a/bare is drawn, so its bones stand for its body." in exported.lines


def test_a_body_without_gaits_leaves_no_file(exported: Exported) -> None:
    assert exported.lines[-1] == "W StereoSync: no gait was found on nobody, so no file was written."
    assert "its left foot is not known: make the rig humanoid" in exported.lines[-2]
    assert len(list(exported.folder.iterdir())) == 3
