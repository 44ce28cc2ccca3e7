"""A running service with clients that are odd, each in one way, and what the watch says of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from made_scenes import SceneMaker
from serving import Player, player, serving

from stereosync.scene import Box, SceneFrame
from stereosync_bridge.client import BridgeClient
from stereosync_bridge.errors import BOXES_LOOK_LIKE_SHARES, DEPTH_OUT_OF_SCALE
from stereosync_bridge.keys import make_client_keys, make_server_keys
from stereosync_bridge.messages import Playback
from stereosync_tools.doctor import cli

WATCHED_S = 7.0


@dataclass
class OddPlayer(Player):
    """A player whose frames are changed, or come seldom, or whose ring is never filled."""

    changed: Callable[[SceneFrame], SceneFrame] = lambda frame: frame
    every_s: float = 0.0
    deaf: bool = False
    next_s: float = field(default=0.0)

    def turn_oddly(self, scene: SceneMaker) -> None:
        now_s = time.perf_counter()
        if now_s < self.next_s:
            self.turn(None)
            return
        self.next_s = now_s + self.every_s
        if self.deaf:
            self.client.report_playback(Playback())
            self.client.offer_frame(scene(now_s, 1))
            self.client.poll(1)
        else:
            self.turn(lambda time_s, index: self.changed(scene(time_s, index)))


def late(frame: SceneFrame) -> SceneFrame:
    return replace(frame, capture_time_s=frame.capture_time_s - 30)


def in_centimetres(frame: SceneFrame) -> SceneFrame:
    return replace(frame, depth_m=frame.depth_m * 100)


def in_shares(frame: SceneFrame) -> SceneFrame:
    return replace(frame, boxes=(Box(1, "walker", 0.3, 0.2, 0.4, 0.9),))


def run_all(players: list[OddPlayer], scene: SceneMaker, stop: threading.Event) -> None:
    while not stop.is_set():
        for one in players:
            one.turn_oddly(scene)


def test_every_oddity_is_told_of_its_own_session(
    toy_folder: Path, scene: SceneMaker, capsys: pytest.CaptureFixture[str]
) -> None:
    def odd_players(clients: list[BridgeClient]) -> dict[str, OddPlayer]:
        clock, scale, shares, rate, ring = clients
        return {
            "frames come 30 s after their stamp": OddPlayer(clock, changed=late),
            "characters are above 100 m": OddPlayer(scale, changed=in_centimetres),
            "look like shares of the picture": OddPlayer(shares, changed=in_shares),
            "frames arrive a second, and steps need 15": OddPlayer(rate, every_s=0.4),
            "the ring stays empty": OddPlayer(ring, deaf=True),
        }

    with serving(toy_folder) as service, ExitStack() as stack:
        clients = [stack.enter_context(player(service)).client for _ in range(5)]
        expected = odd_players(clients)
        ids = {words: one.client.welcome.session for words, one in expected.items() if one.client.welcome}
        stop = threading.Event()
        thread = threading.Thread(target=run_all, args=(list(expected.values()), scene, stop))
        thread.start()
        try:
            code = cli.main(["--watch", service.control_address, "--seconds", str(WATCHED_S)])
        finally:
            stop.set()
            thread.join()
    shown = capsys.readouterr().out
    assert code == 1
    for words, session in ids.items():
        sentences = [line for line in shown.splitlines() if words in line]
        assert len(sentences) == 1, (words, shown)
        assert sentences[0].startswith(f"session {session[:8]}: ")
        assert session not in shown
    assert BOXES_LOOK_LIKE_SHARES in shown.splitlines()[-1]
    assert DEPTH_OUT_OF_SCALE in shown.splitlines()[-1]


def test_one_session_is_watched_by_the_beginning_of_its_id(
    toy_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(toy_folder) as service, player(service):
        arguments = ["--watch", service.control_address, "--seconds", "2.5"]
        assert cli.main([*arguments, "--session", "not-an-id"]) == 0
        assert "No session begins with not-an-id." in capsys.readouterr().out


def test_a_service_that_is_not_there_or_too_old_is_told(
    toy_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--watch", "127.0.0.1:5750"]) == 2
    assert "write tcp://HOST:PORT" in capsys.readouterr().err
    assert cli.main(["--watch", "tcp://127.0.0.1:5750", "--key", str(toy_folder / "none.key_secret")]) == 2
    assert "none.key_secret" in capsys.readouterr().err
    monkeypatch.setattr("stereosync_bridge.peer.OBSERVER", "something newer")
    with serving(toy_folder) as service:
        assert cli.main(["--watch", service.control_address, "--seconds", "1"]) == 2
    assert "cannot be watched: update it" in capsys.readouterr().err


def test_a_service_that_demands_keys_is_watched_with_one(
    toy_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_server_keys(tmp_path)
    key = make_client_keys(tmp_path, "watcher").secret_key_file
    with serving(toy_folder, keys=tmp_path) as service:
        assert cli.main(["--watch", service.control_address, "--seconds", "1.5", "--key", str(key)]) == 0
    assert "No session was there." in capsys.readouterr().out
