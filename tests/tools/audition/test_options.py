"""The command line: what it means, and what it refuses in which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from stereosync_tools.audition.live import service_arguments
from stereosync_tools.audition.options import AuditionOptions, parse_options
from stereosync_tools.audition.report import save_report


def test_nothing_given_is_the_demo() -> None:
    assert parse_options([]) == parse_options(["--demo"]) == AuditionOptions()


def test_the_engine_has_no_tape() -> None:
    assert parse_options(["--engine"]).tape is None


def test_the_picture_lies_beside_the_saved_file(tmp_path: Path) -> None:
    assert parse_options(["--save", str(tmp_path / "a.mp4")]).picture_path == tmp_path / "a.png"
    assert parse_options([]).picture_path is None


def test_a_recording_that_exists_stays_and_the_next_is_numbered(tmp_path: Path) -> None:
    for name in ("a.mp4", "a-2.png"):
        (tmp_path / name).touch()
    options = parse_options(["--save", str(tmp_path / "a.mp4")])
    assert (options.save, options.picture_path) == (tmp_path / "a-3.mp4", tmp_path / "a-3.png")
    assert parse_options(["--picture", str(tmp_path / "a-2.png")]).picture == tmp_path / "a-2-2.png"


def test_a_report_is_replaced_by_the_next_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.json"
    save_report(path, {"chunk_ms": 40, "seconds": 1, "errors": 0})
    assert parse_options(["--report", str(path)]).report == path
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit):
        parse_options(["--report", str(path)])
    assert "r.json exists already" in capsys.readouterr().err


def test_two_outputs_need_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options(["--save", str(tmp_path / "c.wav"), "--report", str(tmp_path / "c.wav")])
    assert "--save and --report name one file" in capsys.readouterr().err


def test_the_service_gets_what_belongs_to_it() -> None:
    options = parse_options(["--steps", "4", "--lead-ms", "80", "--seed", "7", "--bundle", "mine"])
    assert service_arguments(options) == ["--bundle", "mine", "--steps", "4", "--lead-ms", "80.0", "--seed", "7"]
    assert service_arguments(parse_options(["--lead-ms", "auto"])) == ["--bundle", "walk"]


def test_a_long_seed_is_passed_whole() -> None:
    assert service_arguments(parse_options(["--seed", "123456789"]))[-1] == "123456789"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--demo", "--engine"], "not allowed with"),
        (["--save", "a.ogg"], ".wav or .mp4"),
        (["--save", "no-such-folder/a.wav"], "folder does not exist"),
        (["--seconds", "0"], "above 0"),
        (["--seconds", "nan"], "above 0"),
        (["--steps", "3"], "invalid choice"),
        (["--lead-ms", "soon"], "number or auto"),
        (["--lead-ms", "-5"], "0 to 1000"),
        (["--seed", "-1"], "--seed must be"),
        (["--offline", "--connect", "tcp://127.0.0.1:1"], "leave out --connect"),
        (["--frames-connect", "tcp://127.0.0.1:1"], "needs --connect"),
        (["--connect", "tcp://127.0.0.1:1", "--steps", "2"], "--steps belongs to the service"),
        (["--connect", "tcp://127.0.0.1:1", "--lead-ms", "9"], "--lead-ms belongs to the service"),
    ],
)
def test_what_does_not_go_together_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parse_options(arguments)
    assert end.value.code == 2
    assert said in capsys.readouterr().err
