"""Tapes: what is written is read, broken files say so, replay keeps time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from stereosync.scene import SceneFrame
from stereosync_bridge.messages import Bye
from stereosync_bridge.tape import TapeError, TapePlayer, TapeReader, TapeRecord, TapeWriter, frames
from stereosync_bridge.tape_cli import main
from stereosync_bridge.tape_file import TO_CLIENT
from stereosync_bridge.wire import encode

METADATA = {"name": "test", "contacts": [{"time_s": 0.5, "foot": "left"}]}


@pytest.fixture
def tape_path(tmp_path: Path, scene: Callable[..., SceneFrame]) -> Path:
    """Five frames, 40 ms apart from 10 s on."""
    path = tmp_path / "five.tape"
    with TapeWriter(path, METADATA) as tape:
        for index in range(5):
            tape.add_frame(10 + 0.04 * index, scene(index, 10 + 0.04 * index), picture_format="rgb8")
        tape.add(TapeRecord(10.2, TO_CLIENT, tuple(encode(Bye("end")))))
    return path


def test_round_trip(tape_path: Path, scene: Callable[..., SceneFrame]) -> None:
    tape = TapeReader(tape_path)
    assert tape.metadata == METADATA
    assert len(list(tape.records())) == 6
    for index, (time_s, frame) in enumerate(frames(tape)):
        assert time_s == frame.capture_time_s == 10 + 0.04 * index
        assert frame.boxes == scene().boxes
        np.testing.assert_array_equal(frame.picture, scene(index).picture)
        np.testing.assert_array_equal(frame.depth_m, scene().depth_m)


def test_jpeg_tape_is_close(tmp_path: Path, scene: Callable[..., SceneFrame]) -> None:
    with TapeWriter(tmp_path / "jpeg.tape") as tape:
        tape.add_frame(0.0, scene(100), picture_format="jpeg", jpeg_quality=90)
    ((_, frame),) = frames(TapeReader(tmp_path / "jpeg.tape"))
    assert np.abs(frame.picture.astype(int) - 100).max() <= 2


def test_every_truncation_is_noticed_and_its_prefix_can_be_read(tape_path: Path, tmp_path: Path) -> None:
    whole = tape_path.read_bytes()
    cut = tmp_path / "cut.tape"
    for size in range(150, len(whole), 97):
        cut.write_bytes(whole[:size])
        loose = TapeReader(cut, strict=False)
        kept = list(loose.records())
        assert kept == list(TapeReader(tape_path).records())[: len(kept)]
        assert loose.truncated
        with pytest.raises(TapeError, match=r"cut\.tape ends in the middle of a message"):
            list(TapeReader(cut).records())


@pytest.mark.parametrize("content", [b"", b"RIFF", b"SSTAPE\x01\x00", b"SSTAPE\x02\x00" + b"\0" * 40, b"\0" * 100])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.tape"
    path.write_bytes(content)
    with pytest.raises(TapeError, match=r"other\.tape"):
        TapeReader(path)


def test_damaged_lengths_do_not_take_memory(tape_path: Path) -> None:
    data = bytearray(tape_path.read_bytes())
    data[8 + 13 : 8 + 17] = b"\xff\xff\xff\xff"
    tape_path.write_bytes(bytes(data))
    with pytest.raises(TapeError, match="damaged"):
        TapeReader(tape_path)


def test_player_gives_frames_when_they_are_due(tape_path: Path, clock: Any) -> None:
    player = TapePlayer(TapeReader(tape_path), clock)
    assert [frame.index for frame in player.due()] == [0]
    assert player.due() == []
    assert player.next_due_s == pytest.approx(100.04)
    clock.now_s += 0.1
    late = player.due()
    assert [frame.index for frame in late] == [1, 2]
    assert [frame.capture_time_s for frame in late] == pytest.approx([100.04, 100.08])
    clock.now_s += 1
    assert len(player.due()) == 2
    assert player.finished
    assert player.next_due_s is None


def test_player_loops_without_a_jump(tape_path: Path, clock: Any) -> None:
    player = TapePlayer(TapeReader(tape_path), clock, speed=2.0, loop=True)
    clock.now_s += 0.021 * 11
    shown = player.due()
    assert [frame.index for frame in shown] == list(range(12))
    assert np.diff([frame.capture_time_s for frame in shown]) == pytest.approx([0.02] * 11)


def test_info(tape_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(tape_path)]) == 0
    text = capsys.readouterr().out
    assert "5 FRAME to server" in text
    assert "contacts, name" in text


def test_info_on_a_cut_tape_and_on_no_tape(tape_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tape_path.write_bytes(tape_path.read_bytes()[:-5])
    assert main(["info", str(tape_path)]) == 0
    assert "cut off" in capsys.readouterr().out
    tape_path.write_bytes(b"no tape")
    assert main(["info", str(tape_path)]) == 2
    assert "is not a tape" in capsys.readouterr().err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two frames: one with millimetres in a PNG, one with metres in a .npy."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    red = np.zeros((6, 8, 3), np.uint8)
    red[..., 2] = 255
    cv2.imwrite(str(pictures / "a.png"), red)
    cv2.imwrite(str(pictures / "a_depth.png"), np.array([[1500, 0], [2000, 65535]], np.uint16))
    np.save(pictures / "b_depth.npy", np.full((2, 2), 4.0))
    box = {"id": 1, "label": "walker", "x0": 1.0, "y0": 2.0, "x1": 3.5, "y1": 5.0, "tight": False}
    lines = [
        {"time_s": 0.0, "picture": "a.png", "depth": "a_depth.png", "fov_deg": 60},
        {"time_s": 0.5, "picture": "a.png", "depth": "b_depth.npy", "fov_deg": 60, "boxes": [box]},
    ]
    (pictures / "frames.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    (pictures / "metadata.json").write_text(json.dumps(METADATA))
    return pictures


def test_convert(folder: Path, tmp_path: Path) -> None:
    assert main(["convert", str(folder), str(tmp_path / "out.tape"), "--picture", "rgb8"]) == 0
    tape = TapeReader(tmp_path / "out.tape")
    (_, first), (time_s, second) = frames(tape)
    assert tape.metadata == METADATA
    np.testing.assert_array_equal(first.picture[0, 0], [255, 0, 0])
    np.testing.assert_allclose(first.depth_m, [[1.5, np.inf], [2.0, 65.5]], rtol=1e-3)
    np.testing.assert_array_equal(second.depth_m, 4.0)
    assert (time_s, second.boxes[0].x1, second.boxes[0].tight) == (0.5, 3.5, False)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"time_s": 0.0', "frames.jsonl line 1: is not JSON"),
        ("[1]", "line 1: must be a JSON object"),
        ('{"time_s": 0.0, "picture": "a.png", "depth": "a_depth.png"}', "line 1: fov_deg: is required"),
        ('{"time_s": 0.0, "picture": "x.png", "depth": "a_depth.png", "fov_deg": 60}', r"x\.png is missing"),
        ('{"time_s": 0.0, "picture": "a.png", "depth": "a.png", "fov_deg": 60}', "16-bit PNG"),
        ('{"time_s": 0, "picture": "a.png", "depth": "a_depth.png", "fov_deg": 60, "near_m": 2000}', "near"),
    ],
)
def test_convert_names_the_fault(
    folder: Path, tmp_path: Path, line: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "frames.jsonl").write_text(line)
    assert main(["convert", str(folder), str(tmp_path / "out.tape")]) == 2
    assert re.search(message, capsys.readouterr().err)
