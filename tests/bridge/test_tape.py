"""Tapes: what is written is read, broken files say so, replay keeps time."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from bridge_pair import FrameMaker, HandClock

from stereosync.scene import Foot, ToldContact, ToldRoom, ToldScene
from stereosync_bridge.messages import Bye
from stereosync_bridge.tape import TapeError, TapeReader, TapeRecord, TapeWriter, frames
from stereosync_bridge.tape_cli import main
from stereosync_bridge.tape_file import TO_CLIENT
from stereosync_bridge.tape_player import TapePlayer
from stereosync_bridge.wire import encode

METADATA = {"name": "test", "contacts": [{"time_s": 0.5, "foot": "left"}]}


@pytest.fixture
def tape_path(tmp_path: Path, scene: FrameMaker) -> Path:
    """Five frames, 40 ms apart from 10 s on."""
    path = tmp_path / "five.tape"
    with TapeWriter(path, METADATA) as tape:
        for index in range(5):
            tape.add_frame(10 + 0.04 * index, scene(index, 10 + 0.04 * index), picture_format="rgb8")
        tape.add(TapeRecord(10.2, TO_CLIENT, tuple(encode(Bye("end")))))
    return path


def test_round_trip(tape_path: Path, scene: FrameMaker) -> None:
    tape = TapeReader(tape_path)
    assert tape.metadata == METADATA
    assert len(list(tape.records())) == 6
    for index, (time_s, frame) in enumerate(frames(tape)):
        assert time_s == frame.capture_time_s == 10 + 0.04 * index
        assert frame.boxes == scene().boxes
        np.testing.assert_array_equal(frame.picture, scene(index).picture)
        np.testing.assert_array_equal(frame.depth_m, scene().depth_m)


def test_jpeg_tape_is_close(tmp_path: Path, scene: FrameMaker) -> None:
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


def test_player_gives_frames_when_they_are_due(tape_path: Path, clock: HandClock) -> None:
    player = TapePlayer(TapeReader(tape_path), clock)
    assert [frame.index for frame in player.due()] == [0]
    assert player.due() == []
    clock.now_s += 0.1
    late = player.due()
    assert [frame.index for frame in late] == [1, 2]
    assert [frame.capture_time_s for frame in late] == pytest.approx([100.04, 100.08])
    clock.now_s += 1
    assert len(player.due()) == 2
    assert player.finished


def test_player_loops_without_a_jump(tape_path: Path, clock: HandClock) -> None:
    player = TapePlayer(TapeReader(tape_path), clock, speed=2.0, loop=True)
    clock.now_s += 0.021 * 11
    shown = player.due()
    assert [frame.index for frame in shown] == list(range(12))
    assert np.diff([frame.capture_time_s for frame in shown]) == pytest.approx([0.02] * 11)


@pytest.fixture
def told_path(tmp_path: Path, scene: FrameMaker, told_scene: FrameMaker) -> Path:
    """Three frames, 40 ms apart from 10 s on; the last two tell everything."""
    path = tmp_path / "told.tape"
    with TapeWriter(path) as tape:
        for index, make in enumerate((scene, told_scene, told_scene)):
            tape.add_frame(10 + 0.04 * index, make(index, 10 + 0.04 * index), picture_format="rgb8")
    return path


def test_what_was_told_is_on_the_tape(told_path: Path, told_scene: FrameMaker) -> None:
    plain, *told = [frame for _, frame in frames(TapeReader(told_path))]
    assert (plain.boxes[0].feet, plain.boxes[0].contacts, plain.scene) == ((), (), None)
    for index, frame in enumerate(told, start=1):
        expected = told_scene(index, 10 + 0.04 * index)
        assert (frame.boxes, frame.scene) == (expected.boxes, expected.scene)


@pytest.mark.parametrize("speed", [1.0, 2.0])
def test_contacts_are_replayed_as_far_ahead_as_they_were_told(told_path: Path, clock: HandClock, speed: float) -> None:
    player = TapePlayer(TapeReader(told_path), clock, speed)
    clock.now_s += 1
    _, *told = player.due()
    for frame in told:
        assert frame.boxes[0].contacts[0].time_s - frame.capture_time_s == pytest.approx(0.25 / speed)
        assert frame.boxes[0].feet[0].surface == "PM_Gravel_01"
        assert frame.scene == ToldScene("forest", 0.5, ToldRoom(12.5, 0.25), ambience=False)


def test_info_says_what_is_told(told_path: Path, tape_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(told_path)]) == 0
    told = "told: feet in 2 frames, contacts in 2 frames, surface in 2 frames, scene in 2 frames\n"
    assert told in capsys.readouterr().out
    assert main(["info", str(tape_path)]) == 0
    assert "told: nothing\n" in capsys.readouterr().out


def test_info_counts_frames_and_not_boxes(
    tmp_path: Path, told_scene: FrameMaker, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = told_scene()
    boxes = tuple(replace(frame.boxes[0], id=number, contacts=(), surface=None) for number in range(3))
    with TapeWriter(tmp_path / "three.tape") as tape:
        tape.add_frame(0.0, replace(frame, boxes=boxes, scene=None))
    assert main(["info", str(tmp_path / "three.tape")]) == 0
    assert "told: feet in 1 frames, surface in 1 frames\n" in capsys.readouterr().out


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


def test_convert_takes_what_an_engine_would_tell(folder: Path, tmp_path: Path) -> None:
    foot = {"side": "left", "world_m": [1, 0.5, -2], "grounded": True, "surface": "snow"}
    contact = {"side": "right", "time_s": 0.75, "strength": 0.25, "surface": "木"}
    box = {"id": 1, "label": "walker", "x0": 1.0, "y0": 2.0, "x1": 3.5, "y1": 5.0}
    told = box | {"feet": [foot, {"side": "left", "world_m": [0, 0, 0]}], "contacts": [contact], "surface": "gravel"}
    said = {"place": "", "amount": 0.5, "room": {"size_m": 4, "hardness": 0.75}, "ambience": False}
    line = {"time_s": 0.5, "picture": "a.png", "depth": "b_depth.npy", "fov_deg": 60, "boxes": [told], "scene": said}
    (folder / "frames.jsonl").write_text(json.dumps(line))
    assert main(["convert", str(folder), str(tmp_path / "out.tape"), "--picture", "rgb8"]) == 0
    ((_, frame),) = frames(TapeReader(tmp_path / "out.tape"))
    assert frame.boxes[0].feet == (Foot("left", (1.0, 0.5, -2.0), True, "snow"), Foot("left", (0.0, 0.0, 0.0)))
    assert frame.boxes[0].contacts == (ToldContact("right", 0.75, 0.25, "木"),)
    assert frame.boxes[0].surface == "gravel"
    assert frame.scene == ToldScene("", 0.5, ToldRoom(4.0, 0.75), ambience=False)


def test_convert_help_names_what_can_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["convert", "--help"])
    text = capsys.readouterr().out
    for word in ("feet", "world_m", "grounded", "contacts", "strength", "surface", "scene", "hardness", "ambience"):
        assert f'"{word}"' in text


BOX_LINE = '{"time_s": 0, "picture": "a.png", "depth": "a_depth.png", "fov_deg": 60, "boxes": [{"id": 1, "label": "w", '
BOX_LINE += '"x0": 0, "y0": 0, "x1": 1, "y1": 1, '


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            BOX_LINE + '"feet": [{"side": "left", "world_m": [0, NaN, 0]}]}]}',
            r"boxes\[0\]\.feet\[0\]\.world_m\[1\]: .*finite",
        ),
        (BOX_LINE + '"contacts": [{"side": "left", "time_client_s": 1}]}]}', r"contacts\[0\]\.time_s: is required"),
        (BOX_LINE + '"surface": 3}]}', r"boxes\[0\]\.surface: must be text"),
        (BOX_LINE + '"tight": true}], "scene": []}', "scene: must be a map"),
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
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]


PLAIN = '{"time_s": 0, "picture": "a.png", "depth": "a_depth.png", "fov_deg": 60'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (PLAIN.replace("60", "6" * 400).encode() + b"}", "line 1: fov_deg: must be finite"),
        (b"[" * 100_000, "line 1: is not JSON"),
        (f"{PLAIN}}}".encode("utf-16"), r"frames\.jsonl is not UTF-8: save it as UTF-8"),
        (BOX_LINE.replace('"w"', '"é"').encode("latin-1") + b'"tight": true}]}', "is not UTF-8"),
        (b"\n \n", "holds no frames"),
        (f'{PLAIN}, "far_m": 1e10}}'.encode(), "line 1: camera.far"),
        (f"{PLAIN}}}\n{PLAIN.replace('0,', '4e7,', 1)}}}".encode(), "line 2: time_s is more than a day after"),
        (PLAIN.replace("a_depth.png", "whole.npy").encode() + b"}", "whole.npy holds uint16, not metres: .*divided by"),
        (PLAIN.replace("a_depth.png", "empty.npy").encode() + b"}", "line 1: depth"),
        (PLAIN.replace("a.png", "wide.png").encode() + b"}", "line 1: picture.width_px"),
        (PLAIN.replace("a.png", "nothing.png").encode() + b"}", "nothing.png is not a picture"),
        (
            BOX_LINE.encode() + b'"tight": true}, {"id": 1, "label": "w", "x0": 0, "y0": 0, "x1": 1, "y1": 1}]}',
            "line 1: boxes",
        ),
    ],
)
def test_what_a_reader_would_refuse_is_not_written(
    folder: Path, tmp_path: Path, content: bytes, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    np.save(folder / "whole.npy", np.full((2, 2), 5000, np.uint16))
    np.save(folder / "empty.npy", np.zeros((0, 0), np.float32))
    cv2.imwrite(str(folder / "wide.png"), np.zeros((1440, 2560, 3), np.uint8))
    (folder / "nothing.png").touch()
    (folder / "frames.jsonl").write_bytes(content)
    assert main(["convert", str(folder), str(tmp_path / "out.tape")]) == 2
    assert re.search(message, capsys.readouterr().err)
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]


def test_convert_reads_what_editors_add(folder: Path, tmp_path: Path) -> None:
    (folder / "frames.jsonl").write_bytes(b"\xef\xbb\xbf" + f"{PLAIN}}}\r\n\r\n{PLAIN}}}\r\n\n".encode())
    assert main(["convert", str(folder), str(tmp_path / "out.tape")]) == 0
    assert len(list(frames(TapeReader(tmp_path / "out.tape")))) == 2


def test_convert_does_not_turn_the_picture_by_its_orientation(folder: Path, tmp_path: Path) -> None:
    jpeg = bytes(cv2.imencode(".jpg", np.full((6, 8, 3), 90, np.uint8))[1])
    orientation = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0)
    exif = b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(orientation)) + b"Exif\0\0" + orientation
    (folder / "turned.jpg").write_bytes(jpeg[:2] + exif + jpeg[2:])
    (folder / "frames.jsonl").write_text(PLAIN.replace("a.png", "turned.jpg") + "}")
    assert main(["convert", str(folder), str(tmp_path / "out.tape")]) == 0
    ((_, frame),) = frames(TapeReader(tmp_path / "out.tape"))
    assert (frame.width_px, frame.height_px) == (8, 6)


def test_convert_leaves_a_tape_that_is_there(folder: Path, tape_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tape_path.read_bytes()
    assert main(["convert", str(folder), str(tape_path)]) == 2
    assert "five.tape exists already" in capsys.readouterr().err
    assert tape_path.read_bytes() == before
