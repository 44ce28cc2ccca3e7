"""Recordings and repairs: nothing that exists is lost, and no write ends the sound."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from bridge_pair import FrameMaker

from stereosync.errors import UserError
from stereosync_bridge.messages import Bye
from stereosync_bridge.tape import SessionRecorder, TapeError, TapeReader, TapeRecord, TapeWriter
from stereosync_bridge.tape_cli import main
from stereosync_bridge.tape_file import HEAD, META, TO_SERVER, follows
from stereosync_bridge.wire import encode

PARTS = encode(Bye("end"))
DEV_FULL = Path("/dev/full")


def record_one(path: Path) -> None:
    recorder = SessionRecorder(path)
    recorder.received(1.0, "a", PARTS)
    recorder.sent(1.5, "b", PARTS)
    recorder.sent(2.0, "a", PARTS)
    recorder.close()


def test_the_first_session_is_recorded_both_ways(tmp_path: Path) -> None:
    record_one(tmp_path / "new.tape")
    assert [record.time_s for record in TapeReader(tmp_path / "new.tape").records()] == [1.0, 2.0]


def test_a_tape_that_exists_is_refused_by_name(tmp_path: Path) -> None:
    record_one(tmp_path / "old.tape")
    before = (tmp_path / "old.tape").read_bytes()
    with pytest.raises(UserError, match=r"--record .*old\.tape exists already"):
        SessionRecorder(tmp_path / "old.tape")
    assert (tmp_path / "old.tape").read_bytes() == before


def test_a_tape_on_which_nobody_spoke_is_not_left_behind(tmp_path: Path) -> None:
    SessionRecorder(tmp_path / "empty.tape").close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not DEV_FULL.exists(), reason="no device that is always full")
def test_a_full_disk_ends_the_recording_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    recorder = SessionRecorder(DEV_FULL)
    for number in range(40):
        recorder.received(float(number), "a", [b"x" * 1000])
    recorder.close()
    assert recorder.dropped > 20
    told = [record.getMessage() for record in caplog.records]
    assert len([line for line in told if "ends here, the sound goes on: No space left" in line]) == 1
    assert DEV_FULL.is_char_device()


def test_a_recording_has_a_largest_size(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recorder = SessionRecorder(tmp_path / "big.tape", largest_mb=250e-6)
    for number in range(5):
        recorder.received(float(number), "a", [b"x" * 100])
    recorder.close()
    assert recorder.dropped == 3
    assert len(list(TapeReader(tmp_path / "big.tape").records())) == 2
    assert "it is as large as it may be" in caplog.text


@pytest.fixture
def cut(tmp_path: Path, scene: FrameMaker) -> Path:
    """A tape of three frames that ends within the last."""
    path = tmp_path / "cut.tape"
    with TapeWriter(path, {"name": "cut"}) as tape:
        for index in range(3):
            tape.add_frame(0.04 * index, scene(index, 0.04 * index))
    path.write_bytes(path.read_bytes()[:-10])
    return path


def test_repair_makes_a_whole_tape_of_a_cut_one(cut: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = cut.read_bytes()
    assert main(["repair", str(cut), str(tmp_path / "whole.tape")]) == 0
    assert "whole.tape: 2 messages" in capsys.readouterr().out
    whole = TapeReader(tmp_path / "whole.tape")
    assert len(list(whole.records())) == 2
    assert whole.metadata == {"name": "cut"}
    assert main(["repair", str(cut), str(cut)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert cut.read_bytes() == before


@pytest.mark.parametrize("time_s", [float("nan"), float("inf"), 1e300, -1e5])
def test_impossible_times_are_damage(tmp_path: Path, time_s: float) -> None:
    path = tmp_path / "odd.tape"
    with TapeWriter(path) as tape:
        tape.add(TapeRecord(0.0, TO_SERVER, (b"x",)))
        tape.add(TapeRecord(time_s, TO_SERVER, (b"x",)))
    with pytest.raises(TapeError, match=r"odd\.tape has an impossible time.*stereosync-tape repair"):
        list(TapeReader(path).records())
    loose = TapeReader(path, strict=False)
    assert len(list(loose.records())) == 1
    assert loose.truncated


def test_times_may_fall_a_little_and_begin_anywhere() -> None:
    assert follows(1.79e9, None)
    assert follows(9.99, 10.0)
    assert not follows(0.0, 10.0)


def test_the_metadata_has_no_time(tmp_path: Path) -> None:
    path = tmp_path / "one.tape"
    with TapeWriter(path) as tape:
        tape.add(TapeRecord(1.79e9, TO_SERVER, (b"x",)))
    assert HEAD.unpack_from(path.read_bytes(), struct.calcsize("<6sH"))[1] == META
    assert len(list(TapeReader(path).records())) == 1
