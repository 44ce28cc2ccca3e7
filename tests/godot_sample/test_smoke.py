"""A game in Debian's Godot 3, under Xvfb, around the client's core: frames, sound, and a server that is killed."""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import godot_scene
import pytest
from engine_tone_server import RATE_HZ, ToneServer
from programs import require_tool

PLAY_S = 4.0
DOWN_S = 0.7
AGAIN_S = 2.0  # the client must be back within this
GAME_S = PLAY_S + DOWN_S + PLAY_S
LIMIT_S = 60


@dataclass
class Play:
    """What a run of the game left. `counters` are the game's own, one map per second; `at` is where the kill was."""

    first: ToneServer
    second: ToneServer
    restarted_s: float
    lines: list[str]
    counters: list[dict[str, int]] = field(default_factory=list)


@pytest.fixture(scope="module")
def play(godot3_project: Path, godot3_environment: dict[str, str]) -> Play:
    """The game plays, its server is killed and started again on the same ports, the game ends."""
    command = [require_tool("xvfb-run", "xvfb"), "-a", "-s", "-screen 0 640x360x24", require_tool("godot3", "godot3")]
    first = ToneServer()
    options = ["--audio-driver", "Dummy", f"control={first.control_address}", f"seconds={GAME_S}"]
    game = subprocess.Popen(
        [*command, "--path", str(godot3_project), *options],
        env=godot3_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    second = None
    try:
        wait_for_client(first)
        time.sleep(PLAY_S)
        first.kill()
        time.sleep(DOWN_S)
        restarted_s = time.monotonic()
        second = ToneServer(first.control_address, first.frames_address)
        output, _ = game.communicate(timeout=LIMIT_S)
    finally:
        game.kill()
        for server in filter(None, (first, second)):
            server.kill()
    lines = output.splitlines()
    counters = [dict(map(number, re.findall(r"(\w+)=(\d+)", line))) for line in lines if "sent=" in line]
    return Play(first, second, restarted_s, lines, counters)


def number(pair: tuple[str, str]) -> tuple[str, int]:
    return pair[0], int(pair[1])


def wait_for_client(server: ToneServer) -> None:
    deadline_s = time.monotonic() + LIMIT_S / 2
    while not server.joined_s:
        assert time.monotonic() < deadline_s, "the game did not say HELLO"
        time.sleep(0.05)


def test_frames_keep_every_rule_and_flow_with_the_credit(play: Play) -> None:
    assert "SCRIPT ERROR" not in "\n".join(play.lines)
    assert [str(error) for error in play.first.invalid] == []
    assert len(play.first.frames) > 10 * PLAY_S, "each frame takes a credit: fewer were granted, or fewer taken"
    ages_s = [event.received_s - event.frame.capture_time_s for event in play.first.frames[20:]]
    assert min(ages_s) >= 0
    assert sorted(ages_s)[len(ages_s) // 2] < 0.1


def test_picture_depth_and_boxes_agree_with_the_scene(play: Play) -> None:
    frames = [event.frame for event in play.first.frames + play.second.frames]
    clear = [frame for frame in frames if godot_scene.is_beside_post(frame)]
    assert len(clear) > 20
    for frame in clear[:: max(1, len(clear) // 20)]:
        godot_scene.check(frame)


def test_sound_goes_into_the_generator_without_an_underrun(play: Play) -> None:
    before = [counters for counters in play.counters if counters["sessions"] == 1 and counters["position"] > 0]
    before = before[:3]  # the last one may have been told while the server was down
    assert len(before) == 3
    assert [counters["underruns"] for counters in before] == [0, 0, 0]
    assert before[-1]["skips"] == before[0]["skips"], "Godot's own buffer ran dry"
    played_s = (before[-1]["position"] - before[0]["position"]) / RATE_HZ
    assert played_s == pytest.approx(2.0, abs=0.25)


def test_a_killed_server_is_found_again_and_heard(play: Play) -> None:
    assert play.second.joined_s[0] - play.restarted_s < AGAIN_S
    last = play.counters[-1]
    assert last["sessions"] == 2
    assert last["position"] > RATE_HZ
    assert last["underruns"] == 1, "the sound fades when the server dies, and fades in again"
    assert len(play.second.frames) > 10
    assert [str(error) for error in play.second.invalid if "got BYE" not in str(error)] == []
