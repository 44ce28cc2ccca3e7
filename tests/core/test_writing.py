"""Files that are written: whole or not at all, and never over what is another's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from stereosync.errors import UserError
from stereosync.writing import check_output, is_written_into, json_with, numbered, whole_file, write_json, write_text

DEV_FULL = Path("/dev/full")
has_dev_full = pytest.mark.skipif(not DEV_FULL.exists(), reason="no device that is always full")


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """A link to `target.json`, which is not there yet."""
    path = tmp_path / "link.json"
    try:
        path.symlink_to(tmp_path / "target.json")
    except OSError:
        pytest.skip("links cannot be made here")
    return path


def write_half(path: Path) -> None:
    with whole_file(path) as part:
        part.write_text("half", encoding="utf-8")
        raise KeyError("a bug")


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with whole_file(path) as part:
        part.write_text("whole", encoding="utf-8")
        assert part.suffix == ".txt"
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(KeyError):
        write_half(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_part_of_somebody_else_stays(tmp_path: Path) -> None:
    (tmp_path / "out.json.part").write_text("mine", encoding="utf-8")
    write_json(tmp_path / "out.json", {"a": 1})
    assert (tmp_path / "out.json.part").read_text(encoding="utf-8") == "mine"
    assert json_with("a")(tmp_path / "out.json")


def test_the_mode_of_a_replaced_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o600)
    before = path.stat().st_mode
    write_text(path, "new")
    assert path.stat().st_mode == before


def test_a_link_stays_one(link: Path) -> None:
    write_text(link, "new")
    assert link.is_symlink()
    assert link.resolve().read_text(encoding="utf-8") == "new"


@has_dev_full
def test_a_device_stays_one_and_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    link = tmp_path / "full.json"
    link.symlink_to(DEV_FULL)
    assert is_written_into(link)
    check_output(link, "--stats")
    with pytest.raises(UserError, match=r"full\.json is not written, for its disk is full"):
        write_text(link, "x")
    assert link.is_symlink()
    assert DEV_FULL.is_char_device()


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("no named pipes here")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_text(pipe, "through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("place", "rule"),
    [("file.json", "exists already"), ("folder", "is a folder"), ("none/new.json", "its folder does not exist")],
)
def test_what_cannot_be_made_is_refused_by_name(tmp_path: Path, place: str, rule: str) -> None:
    (tmp_path / "file.json").write_text("[]", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match=rf"--stats .*{place}.*{rule}"):
        check_output(tmp_path / place, "--stats", json_with("stages"))


def test_a_report_of_our_own_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "stats.json"
    write_json(path, {"stages": {}, "rtf": 0})
    check_output(path, "--stats", json_with("stages", "rtf"))


def test_a_folder_that_is_missing_is_said_of_the_file_that_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"new\.txt cannot be written"):
        write_text(tmp_path / "none" / "new.txt", "x")


def test_recordings_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "walk.wav"
    assert numbered(path, (".png",)) == path
    path.touch()
    (tmp_path / "walk-2.png").touch()
    assert numbered(path, (".png",)) == tmp_path / "walk-3.wav"
    assert numbered(path) == tmp_path / "walk-2.wav"
