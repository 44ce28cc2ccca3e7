"""The longer example of a client in Python, as a user runs it, against the real service and model."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from engine_tone_server import ToneServer

from stereosync.scene import Box, ToldScene
from stereosync_tools.audition.host import ServiceProcess

EXAMPLE = Path(__file__).parents[2] / "examples" / "python_walk.py"


@pytest.fixture(scope="module")
def service() -> Iterator[ServiceProcess]:
    with ServiceProcess(["--bundle", "walk", "--device", "cpu", "--seed", "3"]) as running:
        yield running


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(EXAMPLE), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


def samples_of(path: Path) -> npt.NDArray[np.float64]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 48_000)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2) / 32768


def test_the_example_writes_what_is_heard(service: ServiceProcess, tmp_path: Path) -> None:
    wav = tmp_path / "heard.wav"
    done = run("--connect", service.control_address, "--wav", str(wav), "--seconds", "8")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    words = done.stdout.split()
    assert int(words[0]) > 200  # frames made
    assert int(words[2]) > 100  # frames sent
    sound = samples_of(wav)
    assert len(sound) == pytest.approx(8 * 48_000, rel=0.05)
    blocks = sound[: len(sound) // 480 * 480].reshape(-1, 480, 2)
    levels_db = 10 * np.log10((blocks**2).mean(axis=(1, 2)) + 1e-12)
    assert np.percentile(levels_db, 98) > -55
    assert np.percentile(levels_db, 98) - np.percentile(levels_db, 40) > 12  # steps stand out of the quiet
    assert np.abs(sound[:, 0] - sound[:, 1]).max() > 0.005  # stereo


def boxes_sent(folder: Path, *arguments: str) -> list[Box]:
    """The boxes of three seconds, as a server takes them."""
    server = ToneServer()
    wav = str(folder / "heard.wav")
    done = run("--connect", server.control_address, "--wav", wav, "--seconds", "3", *arguments)
    server.kill()
    assert done.returncode == 0, done.stderr
    assert [str(error) for error in server.invalid if "got BYE" not in str(error)] == []
    assert len(server.frames) > 30
    assert {event.frame.scene for event in server.frames} == {ToldScene("forest") if "forest" in arguments else None}
    return [box for event in server.frames for box in event.frame.boxes]


def test_what_the_game_knows_is_told(tmp_path: Path) -> None:
    boxes = boxes_sent(tmp_path, "--surface", "wade", "--place", "forest")
    assert {box.surface for box in boxes} == {"wade"}
    assert {tuple(foot.side for foot in box.feet) for box in boxes} == {("left", "right")}
    assert {contact.side for box in boxes for contact in box.contacts} == {"left", "right"}


def test_it_can_be_left_untold(tmp_path: Path) -> None:
    boxes = boxes_sent(tmp_path, "--untold")
    assert {(box.feet, box.contacts, box.surface) for box in boxes} == {((), (), None)}


def test_feet_come_down_when_contacts_say_so() -> None:
    """In the air until its contact, a foot stands after it, and where it stands it stays."""
    example = runpy.run_path(str(EXAMPLE))
    foot_at, turns, contact_s = example["foot_at"], example["turns"], example["contact_s"]
    for side in (0, 1):
        for time_s in np.arange(0.0, 6.0, 0.37):
            lands_s = contact_s(turns(time_s, side)[0] + 1, side)
            before, after, later = (foot_at(lands_s + wait_s, side).world_m for wait_s in (-0.02, 0.02, 0.4))
            assert before[1] > 0
            assert (after[1], later[1]) == (0, 0)
            assert after[0] == later[0]


def test_without_a_sound_card_the_cure_is_told(service: ServiceProcess, tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')", "utf-8")
    command = [sys.executable, str(EXAMPLE), "--connect", service.control_address]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert done.returncode == 1
    assert "give --wav FILE" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_service_that_is_not_there_is_told_and_waited_for() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(EXAMPLE), "--connect", "tcp://127.0.0.1:9", "--wav", os.devnull]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        assert "the server is not running" in process.stderr.readline()
        assert process.poll() is None
        process.terminate()
