"""Gait files of a split: one for each body, and none is written over."""

from __future__ import annotations

from pathlib import Path

import gaits_command
import pytest
from walking_sticks import stick_cycle

from stereosync_scenes.cycles.files import read_cycles


def test_every_body_of_the_split_gets_a_file_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def write() -> int:
        return gaits_command.write_gaits(
            "gaits", None, ("knights", "mages"), "knights", lambda split: [stick_cycle(split)], [str(tmp_path / "out")]
        )

    assert write() == 0
    assert [cycle.body for cycle in read_cycles(tmp_path / "out")] == ["knights"]
    assert write() == 1
    assert "exists already" in capsys.readouterr().err
