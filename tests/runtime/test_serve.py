"""The command line: errors that name field and rule, the ready line, and an end without noise."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from stereosync_bridge.keys import make_server_keys
from stereosync_runtime.options import ServeOptions
from stereosync_runtime.serve import check_lanes, main, open_service
from stereosync_runtime.service_parts import make_shared

FREE = ["--bind", "tcp://127.0.0.1:0", "--frames-bind", "tcp://127.0.0.1:0", "--device", "cpu"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--chunk-ms", "30"], "--chunk-ms must be a multiple of 20, up to 100, got 30"),
        (["--chunk-ms", "120"], "--chunk-ms"),
        (["--threads", "0"], "--threads must be 1 to 64"),
        (["--seconds", "-1"], "--seconds must be above 0"),
        (["--seconds", "nan"], "--seconds must be above 0"),
        (["--lead-ms", "-5"], "--lead-ms must be auto or 0 to 1000"),
        (["--bind", "ipc://here"], "--bind must be an address like"),
        (["--frames-bind", "tcp://127.0.0.1:99999"], "--frames-bind must be an address like"),
        (["--metrics-port", "70000"], "--metrics-port must be 0 to 65535"),
        (["--max-sessions", "0"], "--max-sessions must be 1 to 256"),
        (["--record-max-mb", "0"], "--record-max-mb must be above 0"),
        (["--steps", "0"], "--steps must be 1 to 64"),
        (["--seed", "-1"], "--seed must be"),
        (["--bundle", "nothing-of-that-name"], "there is no bundle"),
    ],
)
def test_an_option_out_of_its_rule_is_told(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--precision", "fp4"], ["--device", "npu"], ["--lead-ms", "soon"]])
def test_a_word_that_is_no_choice_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert arguments[0] in capsys.readouterr().err


def test_steps_that_the_bundle_lacks_are_told(toy_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--bundle", str(toy_folder), *FREE, "--steps", "3"]) == 2
    assert "bundle toy has no schedule for 3 steps: choose one of 1, 2, 4" in capsys.readouterr().err


def test_the_steps_asked_for_are_the_most(toy_folder: Path) -> None:
    shared, _ = make_shared(ServeOptions(bundle=str(toy_folder), device="cpu", steps=2), time.monotonic, print)
    assert shared.options.ladder == (2, 1)


def test_an_address_beyond_this_machine_needs_keys(toy_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--bundle", str(toy_folder), *FREE[2:], "--bind", "tcp://0.0.0.0:0"]) == 2
    assert "stereosync-keys" in capsys.readouterr().err


def test_serve_says_ready_measures_and_ends(toy_folder: Path, tmp_path: Path) -> None:
    stats = tmp_path / "stats.json"
    command = [sys.executable, "-m", "stereosync_runtime.serve", "--bundle", str(toy_folder), *FREE]
    command += ["--stats", str(stats), "--metrics-port", "0"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        ready = process.stdout.readline().split()
        assert ready[0] == "ready"
        said = dict(word.split("=", 1) for word in ready[1:])
        assert said["control"].startswith("tcp://127.0.0.1:")
        assert not said["control"].endswith(":0")
        assert said["bundle"] == "toy"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0 or sys.platform == "win32"
        assert "Traceback" not in process.stderr.read()
    if sys.platform != "win32":
        assert json.loads(stats.read_text("utf-8"))["chunk_ms"] == 40


def test_prometheus_shows_the_counters(toy_folder: Path) -> None:
    said: list[str] = []
    options = ServeOptions(str(toy_folder), "tcp://127.0.0.1:0", "tcp://127.0.0.1:0", "cpu", metrics_port=0)
    with open_service(options, say=said.append) as service:
        service.telemetry.count(late_chunks=3)
        address = next(line.split()[-1] for line in said if line.startswith("metrics"))
        with urllib.request.urlopen(address, timeout=5) as page:
            text = page.read().decode()
    assert "stereosync_late_chunks_total 3.0" in text
    assert 'stereosync_stage_seconds{percentile="p95",stage="decoder"}' in text


def test_seconds_end_the_service(toy_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--bundle", str(toy_folder), *FREE, "--seconds", "0.2"]) == 0
    assert capsys.readouterr().out.startswith("ready control=tcp://127.0.0.1:")


@pytest.mark.parametrize("option", ["--record", "--stats"])
def test_a_file_that_exists_is_refused_before_anything_else(
    tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine"
    path.write_text("mine", encoding="utf-8")
    assert main([option, str(path), "--bundle", "nothing-of-that-name"]) == 2
    assert f"stereosync-serve: {option} {path} exists already" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_secret_key_that_others_can_read_is_told(
    tmp_path: Path, toy_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_server_keys(tmp_path / "keys")
    arguments = ["--bundle", str(toy_folder), *FREE, "--keys", str(tmp_path / "keys"), "--seconds", "0.1"]
    assert main(arguments) == 0
    assert "chmod 600" not in capsys.readouterr().err
    (tmp_path / "keys" / "server.key_secret").chmod(0o644)
    assert main(arguments) == 0
    assert "server.key_secret can be read by other users of this machine: chmod 600 it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("bind", "frames_bind", "words"),
    [
        ("tcp://0.0.0.0:5750", "tcp://127.0.0.1:5751", "--frames-bind is reachable from this machine alone and --bind"),
        ("tcp://[::1]:5750", "tcp://*:5751", "--bind is reachable from this machine alone and --frames-bind"),
        ("tcp://127.0.0.1:5750", "tcp://localhost:5751", ""),
        ("tcp://0.0.0.0:5750", "tcp://192.168.1.5:5751", ""),
    ],
)
def test_a_lane_that_others_cannot_reach_is_told(bind: str, frames_bind: str, words: str) -> None:
    said: list[str] = []
    check_lanes(ServeOptions(bind=bind, frames_bind=frames_bind), said.append)
    assert len(said) == bool(words)
    assert words in "".join(said)
