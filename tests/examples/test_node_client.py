"""The client in Node, its packages from npm: against the real service, and a server that keeps what it is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from engine_tone_server import RATE_HZ, ToneServer
from programs import require_tool

from stereosync.vocabulary import ground_of
from stereosync_bridge.events import FrameReceived
from stereosync_tools.audition.host import ServiceProcess

pytestmark = [pytest.mark.install, pytest.mark.timeout(300)]
EXAMPLE = Path(__file__).parents[2] / "examples" / "node_client"
INSTALL_LIMIT_S, RUN_LIMIT_S = 240, 60
LEAST_LEVEL = 1 / 32768

Samples = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of the example, with its packages installed beside a copy of it."""
    node, npm = require_tool("node", "nodejs"), require_tool("npm", "npm")
    folder = tmp_path_factory.mktemp("node") / "node_client"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules"))
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_LIMIT_S, check=False)
    if done.returncode != 0:
        reason = f"NPM INSTALLS NOTHING HERE, SO THE NODE CLIENT IS NOT TESTED: {done.stderr[-300:]}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return [node, str(folder / "client.mjs")]


def run(client: list[str], address: str, wav: Path, seconds: float) -> tuple[dict[str, float], str]:
    """What the client counted, and the lines that it told."""
    command = [*client, "--connect", address, "--wav", str(wav), "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def samples_of(path: Path) -> Samples:
    """(n, 2)"""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 48_000)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2) / 32768


@pytest.fixture(scope="module")
def heard(client: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, float], str, Samples]:
    """Eight seconds of the real service with the shipped bundle."""
    wav = tmp_path_factory.mktemp("heard") / "heard.wav"
    with ServiceProcess(["--bundle", "walk", "--device", "cpu", "--seed", "3"]) as service:
        counts, told = run(client, service.control_address, wav, 8.0)
    return counts, told, samples_of(wav)


def test_the_real_service_is_heard(heard: tuple[dict[str, float], str, Samples]) -> None:
    counts, told, sound = heard
    assert told.startswith("connected to walk")
    assert "_" not in told.split(":")[0], "no code of an error or a warning"
    assert counts["sent"] > 100
    assert counts["credits"] > 100, "CREDIT comes for each frame, to clients that announce it"
    assert len(sound) == pytest.approx(8 * 48_000, rel=0.05)
    blocks = sound[: len(sound) // 480 * 480].reshape(-1, 480, 2)
    levels_db = 10 * np.log10((blocks**2).mean(axis=(1, 2)) + 1e-12)
    assert np.percentile(levels_db, 98) > -55
    assert np.percentile(levels_db, 98) - np.percentile(levels_db, 40) > 12  # steps stand out of the quiet
    assert np.abs(sound[:, 0] - sound[:, 1]).max() > 0.005  # stereo


def test_no_sound_comes_before_the_first_frame(heard: tuple[dict[str, float], str, Samples]) -> None:
    counts, _, sound = heard
    first_sound_s = np.flatnonzero(np.abs(sound).max(axis=1) >= LEAST_LEVEL)[0] / 48_000
    assert counts["firstFrameAfterS"] < first_sound_s < counts["firstFrameAfterS"] + 2.0


@pytest.fixture(scope="module")
def played(client: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[ToneServer, dict[str, float], Samples]:
    """Three seconds of a server that answers with tones and keeps every frame."""
    server = ToneServer()
    wav = tmp_path_factory.mktemp("played") / "heard.wav"
    counts, _ = run(client, server.control_address, wav, 3.0)
    server.kill()
    return server, counts, samples_of(wav)


def test_every_message_keeps_the_rules(played: tuple[ToneServer, dict[str, float], Samples]) -> None:
    server, counts, _ = played
    assert [str(error) for error in server.invalid] == []
    (hello,) = server.hellos
    assert (hello.wire, hello.capabilities["credit"]) == ("1.1", True)
    assert hello.engine.startswith("Node v")
    assert len(server.frames) == counts["sent"] > 30


def test_what_the_game_knows_is_told(played: tuple[ToneServer, dict[str, float], Samples]) -> None:
    frames = [event.frame for event in played[0].frames]
    boxes = [box for frame in frames for box in frame.boxes]
    assert len(boxes) == len(frames)
    assert {tuple(foot.side for foot in box.feet) for box in boxes} == {("left", "right")}
    assert {ground_of(box.surface or "") for box in boxes} == {"gravel"}
    assert {frame.scene.place for frame in frames if frame.scene} == {""}
    assert min(foot.world_m[1] for box in boxes for foot in box.feet) == pytest.approx(0.0, abs=1e-9)
    assert max(foot.world_m[1] for box in boxes for foot in box.feet) > 0.1


def test_contacts_are_told_ahead_when_the_foot_comes_down(
    played: tuple[ToneServer, dict[str, float], Samples],
) -> None:
    """Before its contact a foot is in the air, after it it stands."""
    frames = [event.frame for event in played[0].frames]
    heights_m: dict[bool, list[float]] = {False: [], True: []}
    contacts = {(contact.side, round(contact.time_s, 2)) for frame in frames for contact in frame.boxes[0].contacts}
    for side, time_s in contacts:
        for frame in frames:
            after_s = frame.capture_time_s - time_s
            if 0.02 < abs(after_s) < 0.15:
                heights_m[after_s > 0] += [foot.world_m[1] for foot in frame.boxes[0].feet if foot.side == side]
    assert min(map(len, heights_m.values())) > 5
    assert min(heights_m[False]) > 0.0
    assert max(heights_m[True]) == 0.0


def test_picture_depth_and_box_agree(played: tuple[ToneServer, dict[str, float], Samples]) -> None:
    for frame in [event.frame for event in played[0].frames][10::10]:
        rows, columns = np.nonzero(frame.picture[..., 2] > 120)
        (box,) = frame.boxes
        seen = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        assert np.allclose(seen, (box.x0, box.y0, box.x1, box.y1), atol=1.1), (seen, box)
        assert box.position_m is not None
        assert np.median(frame.depth_m[rows // 2, columns // 2]) == pytest.approx(box.position_m[2], abs=0.5)
        assert np.isinf(frame.depth_m[0]).all()


def test_the_ring_joins_chunks_without_a_step(played: tuple[ToneServer, dict[str, float], Samples]) -> None:
    _, counts, sound = played
    assert counts["underruns"] == 0
    loud = np.flatnonzero(np.abs(sound[:, 0]) > 0.2)
    steady = sound[loud[0] + 480 : loud[-1] - 480]
    assert len(steady) > 2 * RATE_HZ
    assert np.abs(np.diff(steady, axis=0)).max() < 1.05 * 0.3 * 2 * np.pi * 440 / RATE_HZ
    assert np.abs(steady).max() == pytest.approx(0.3, abs=0.01)


def test_a_service_that_was_killed_is_found_again(client: list[str], tmp_path: Path) -> None:
    first = ToneServer()
    command = [*client, "--connect", first.control_address, "--wav", str(tmp_path / "heard.wav"), "--seconds", "6"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as game:
        wait_for(lambda: len(first.frames) > 10)
        first.kill()
        second = ToneServer(first.control_address, first.frames_address)
        output, told = game.communicate(timeout=RUN_LIMIT_S)
        second.kill()
    assert json.loads(output)["sessions"] == 2, told
    assert [event.frame.boxes[0].id for event in second.frames[:10]] == [1] * 10
    assert all(isinstance(event, FrameReceived) for event in second.frames)


def test_a_service_that_is_not_there_is_told_and_waited_for(client: list[str], tmp_path: Path) -> None:
    command = [*client, "--connect", "tcp://127.0.0.1:9", "--wav", str(tmp_path / "heard.wav")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as game:
        assert game.stderr is not None
        assert "no answer from tcp://127.0.0.1:9" in game.stderr.readline()
        assert game.poll() is None
        game.kill()


def wait_for(condition: Callable[[], object], limit_s: float = 30.0) -> None:
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.02)
