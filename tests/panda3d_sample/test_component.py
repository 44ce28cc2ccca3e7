"""The component in a small game, and the speaker of `stereosync-audition` that is the engine's own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panda_game import LEFT_LEVEL, ToneService, engine_environment, recorded

from stereosync.scene import ToldRoom, ToldScene
from stereosync_panda3d.player import AHEAD_MS, DEVICE_MS
from stereosync_tools.audition.options import parse_options

pytestmark = pytest.mark.usefixtures("graphics")


def play(address: str, driver: str = "null") -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__).with_name("play.py")), address]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=engine_environment(ALSOFT_DRIVERS=driver)
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def test_a_game_pauses_goes_on_cuts_and_ends(tone_service: Callable[..., ToneService]) -> None:
    service = tone_service(48_000, target_ms=200.0)
    told = play(service.server.control_address)
    assert told["playing"]["line"].startswith("connected to tone: ")
    assert told["playing"]["sent"] > 15
    assert told["underruns while slow"] == 0
    assert told["paused"]["line"] == "connected to tone: paused"
    assert told["paused"]["sent"] - told["playing"]["sent"] <= 16  # those of the slow game, and none of the pause
    assert told["resumed"]["sent"] - told["paused"]["sent"] > 10
    assert [reason for _, reason in service.resets] == ["resumed", "another scene"]
    assert told["cut"]["epoch"] == 2
    assert "film offset" in told["off axis"]["line"]
    assert "film offset" in told["text"]
    assert (told["threads"], told["tasks"]) == (1, [])
    assert len(service.left) == 1
    assert "the client stops" in service.left[0]


def test_what_the_game_knows_is_told(tone_service: Callable[..., ToneService]) -> None:
    service = tone_service(48_000, target_ms=200.0)
    told = play(service.server.control_address)
    boxes = [box for frame in service.frames for box in frame.boxes]
    assert {tuple(foot.side for foot in box.feet) for box in boxes} == {("left", "right")}
    assert {foot.surface for box in boxes for foot in box.feet} == {"stone"}
    heights_m = np.array([[foot.world_m[1] for foot in box.feet] for box in boxes])
    assert heights_m.min() > -0.06
    assert (heights_m.max(axis=0) > 0.1).all(), "each foot is lifted"
    contacts = {contact for box in boxes for contact in box.contacts}
    assert {(contact.side, contact.strength) for contact in contacts} == {("left", 0.75)}
    assert {frame.scene for frame in service.frames} == {ToldScene(place="cave", room=ToldRoom(12.0, 0.75))}
    assert service.device_ms == {AHEAD_MS + DEVICE_MS}
    assert "told: 2 feet, ground stone" in told["playing"]["told"]
    assert "not used by this service" in told["playing"]["told"]


def test_without_a_sound_device_the_game_goes_on_and_says_so(tone_service: Callable[..., ToneService]) -> None:
    service = tone_service(48_000)
    told = play(service.server.control_address, "nothing-of-that-name")
    assert "audio-library-name" in told["playing"]["line"]
    assert len(service.frames) > 15


def test_the_audition_is_heard_through_the_engine(tone_service: Callable[..., ToneService], tmp_path: Path) -> None:
    service = tone_service(48_000, target_ms=100.0)
    arguments = ["-m", "stereosync_tools.audition.cli", "--engine", "--speaker", "engine", "--seconds", "3"]
    heard = recorded([*arguments, "--connect", service.server.control_address], tmp_path, 3.0)
    loud = np.flatnonzero(np.abs(heard.samples[:, 0]) > LEFT_LEVEL / 2)
    assert len(heard.samples[loud[0] : loud[-1]]) > 1.5 * 48_000
    assert np.abs(heard.samples).max() == pytest.approx(LEFT_LEVEL, rel=0.03)
    assert "Nothing is played aloud" not in heard.output


@pytest.mark.parametrize("beside", ["--no-play", "--offline"])
def test_a_speaker_that_plays_nothing_is_refused(beside: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options(["--speaker", "engine", beside])
    assert "leave out --no-play and --offline" in capsys.readouterr().err
    assert parse_options([beside]).speaker == "device"
    assert parse_options(["--speaker", "engine"]).speaker == "engine"
