"""The Unreal plugin's export of gaits, on the engine's stubs: the file that it writes, and what it logs."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.timeout(300)  # the first test builds the module
LEFT, RIGHT = -2, -1  # the last points are the feet
NOSE = 8  # the first corner of the second bone


@dataclass
class Exported:
    """The project's folder, and the lines of the log."""

    folder: Path
    log: list[str]

    def gaits(self, name: str) -> dict[str, Any]:
        data = json.loads((self.folder / name).read_text(encoding="utf-8"))
        assert (data["format"], data["version"], data["body"]) == ("stereosync-gaits", 1, "hero")
        return {gait["name"]: gait for gait in data["gaits"]}


@pytest.fixture(scope="module")
def exported(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("project")
    command = [str(built["gaits"]), f"{folder}/"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout == "untouched 1\n"
    return Exported(folder, done.stderr.splitlines())


def test_clips_that_are_gaits_are_written_and_others_named(exported: Exported) -> None:
    assert list(exported.gaits("hero-gaits.json")) == ["told", "found"]
    assert "set Left Foot, Right Foot and Gait Clips" in exported.log[0]
    assert "no physics asset, so bones and a margin" in exported.log[1]
    assert [line.split("The clip ")[-1] for line in exported.log[2:6]] == [
        "strafe was left out: it goes sideways, and a gait goes ahead or back",
        "climbs was left out: it does not end as it begins",
        "stands was left out: its left foot does not lift",
        "two was left out: its left foot comes down 2 times: cut it to one left and one right step",
    ]
    assert "2 gaits were written; next: stereosync-fit" in exported.log[6]


def test_a_file_is_not_overwritten(exported: Exported) -> None:
    assert exported.gaits("hero-gaits-2.json") == exported.gaits("hero-gaits.json")


def test_contacts_are_the_notifies_or_else_where_the_feet_come_down(exported: Exported) -> None:
    told, found = exported.gaits("hero-gaits.json").values()
    assert told["contacts"] == {"left": 0.3, "right": 0.0}
    assert found["contacts"] == {"left": pytest.approx(0.3, abs=0.016), "right": pytest.approx(0.8, abs=0.016)}
    assert (told["period_s"], told["way_m"]) == (1.1, pytest.approx(1.5, abs=0.01))
    assert (found["period_s"], found["way_m"]) == (0.5, 0)


@pytest.mark.parametrize(("gait", "frames"), [("told", 66), ("found", 30)])
def test_the_body_walks_on_the_spot_with_its_right_at_x(exported: Exported, gait: str, frames: int) -> None:
    points_m = np.array(exported.gaits("hero-gaits.json")[gait]["points_m"])
    assert points_m.shape == (frames, 34, 3)
    assert points_m[:, NOSE] == pytest.approx(np.tile([0, 1.7, 0.25], (frames, 1)), abs=0.01)
    assert points_m[:, LEFT, [0, 2]] == pytest.approx(np.tile([-0.1, 0], (frames, 1)), abs=0.01)
    assert points_m[:, RIGHT, [0, 2]] == pytest.approx(np.tile([0.1, 0], (frames, 1)), abs=0.01)
    assert points_m[:, LEFT, 1].min() == pytest.approx(0.1, abs=1e-3)
    assert np.ptp(points_m[:, LEFT, 1]) == pytest.approx(0.12, abs=0.002)
