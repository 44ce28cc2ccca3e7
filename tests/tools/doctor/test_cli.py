"""The command: the whole of it on this machine, its exit codes, its file."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from stereosync_runtime.bundles import packaged_names
from stereosync_tools.doctor import cli
from stereosync_tools.doctor.finding import Finding

Rows = dict[str, dict[str, str]]


@pytest.fixture
def free_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ports that nobody else on this machine has."""
    monkeypatch.setattr(cli, "_ports", lambda: [Finding("ports", "ok", "free")])


def run(tmp_path: Path, *arguments: str) -> tuple[int, Rows]:
    file = tmp_path / "doctor.json"
    code = cli.main([*arguments, "--json", str(file)])
    written = json.loads(file.read_text("utf-8"))
    assert written["serves"] == (code == 0)
    return code, {one["topic"]: one for one in written["findings"]}


@pytest.mark.usefixtures("free_ports")
def test_a_bundle_on_this_machine_serves(tmp_path: Path, toy_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, rows = run(tmp_path, "--bundle", str(toy_folder))
    assert code == 0, rows
    assert {rows[topic]["verdict"] for topic in ("numpy", "onnxruntime", "device cpu", "self-test")} == {"ok"}
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == len(rows) + 1
    assert shown[-1].startswith("A service would start here")
    assert "self-test" in rows


@pytest.mark.usefixtures("free_ports")
def test_the_packaged_bundle_on_this_machine_makes_sound(tmp_path: Path) -> None:
    assert packaged_names()
    _, rows = run(tmp_path)  # a busy machine may be too slow, which is no error of this test
    assert {rows[topic]["verdict"] for topic in ("bundle", "parity", "licences", "device cpu", "self-test")} == {"ok"}
    assert "speed" in rows


@pytest.mark.usefixtures("free_ports")
def test_a_bundle_that_is_not_there_is_exit_code_1(tmp_path: Path) -> None:
    code, rows = run(tmp_path, "--bundle", "nothing-of-that-name")
    assert code == 1
    assert rows["bundle"]["verdict"] == "fail"
    assert "self-test" not in rows


def test_a_port_that_is_taken_is_exit_code_1(tmp_path: Path, toy_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stereosync_tools.doctor import ports

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        port = listener.getsockname()[1]
        monkeypatch.setattr(ports, "PORTS", {port: "--bind"})
        code, rows = run(tmp_path, "--bundle", str(toy_folder))
    assert code == 1
    assert rows[f"port {port}"]["verdict"] == "fail"


@pytest.mark.usefixtures("free_ports")
def test_tensorrt_on_this_machine_says_what_to_report(
    tmp_path: Path, toy_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The toy has no forms for cards, so no library can have built it."""
    code, rows = run(tmp_path, "--bundle", str(toy_folder), "--tensorrt")
    assert code == 1
    builds: list[Any] = [row for topic, row in rows.items() if topic.endswith(" build")]
    assert builds
    assert all(row["verdict"] == "fail" for row in builds)
    shown = capsys.readouterr().out
    assert "Please report these lines, good or bad:" in shown


@pytest.mark.usefixtures("free_ports")
def test_a_file_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "examine", lambda *_: [Finding("a", "ok", "fine")])
    assert cli.main(["--json", str(tmp_path)]) == 2
    assert "is a folder: name a file in it" in capsys.readouterr().err
    assert cli.main([]) == 0
