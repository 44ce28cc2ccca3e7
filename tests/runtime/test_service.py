"""The service with real sockets: sound for every client, and no client that harms another."""

import json
import time
from pathlib import Path

import numpy as np
import pytest
import zmq
from made_scenes import SceneMaker
from serving import Player, heard, play, player, serving

from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import AudioReceived, Disconnected, ErrorReceived, StatsReceived


def test_a_client_hears_a_stream_without_gaps(toy_folder: Path, scene: SceneMaker, tmp_path: Path) -> None:
    stats = tmp_path / "stats.json"
    with serving(toy_folder, stats=stats) as service, player(service) as one:
        play([one], scene, heard(one, 50))
        chunks = one.chunks()
        starts = np.cumsum([0] + [len(chunk.samples) for chunk in chunks])
        assert [chunk.start_sample for chunk in chunks] == list(starts[:-1])
        assert np.std(np.concatenate([chunk.samples for chunk in chunks])) > 1e-3
        audio = [event for event in one.events if isinstance(event, AudioReceived)]
        assert all(event.capture_time_s is not None for event in audio)
        play([one], scene, lambda: any(isinstance(event, StatsReceived) for event in one.events))
        told = next(event.values for event in one.events if isinstance(event, StatsReceived))
        assert told["sessions"] == 1
    report = json.loads(stats.read_text("utf-8"))
    assert report["bundle"] == "toy"
    assert report["device"] == "cpu"
    assert set(report["stages"]) == {"cues", "cue_encoder", "backbone", "flow_head", "decoder", "chunk"}
    assert report["errors"] == 0


def test_clients_do_not_harm_each_other(toy_folder: Path, scene: SceneMaker) -> None:
    """One plays; one stops reading; one sends rubbish; one dies without a word."""
    with serving(toy_folder) as service, player(service) as one, player(service) as mute:
        context = zmq.Context()
        rude = context.socket(zmq.DEALER)
        rude.linger = 0
        rude.connect(service.control_address)
        dying = BridgeClient(ClientOptions(service.control_address, service.frames_address), time.perf_counter)
        dying.connect()
        play([one, mute, Player(dying)], scene, heard(one, 5))
        dying._link.close()  # no bye
        for _ in range(100):
            rude.send_multipart([b"\xff" * 50, b"rubbish"])
        play([one], scene, lambda: service.telemetry.values()["connections_refused"])
        play([one], scene, heard(one, 20))
        assert service.telemetry.report()["errors"] == 0
        rude.close()
        context.destroy(linger=0)


def test_more_sessions_than_allowed_are_refused(toy_folder: Path) -> None:
    with serving(toy_folder, max_sessions=1) as service, player(service):
        client = BridgeClient(ClientOptions(service.control_address, service.frames_address), time.perf_counter)
        with pytest.raises(ConnectionError, match="1 sessions are taken"):
            client.connect(timeout_s=20)
        client.close()


def test_a_session_that_fails_is_told_and_the_others_go_on(
    toy_folder: Path, scene: SceneMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(toy_folder) as service, player(service) as one, player(service) as other:
        play([one, other], scene, heard(one, 5))
        session = service._sessions[one.client.welcome.session]  # type: ignore[union-attr]
        monkeypatch.setattr(session, "turn", lambda _streams: 1 / 0)
        play([one, other], scene, lambda: any(isinstance(event, ErrorReceived) for event in one.events))
        error = next(event.error for event in one.events if isinstance(event, ErrorReceived))
        assert error.fatal
        assert "division by zero" in error.rule
        play([other], scene, heard(other, 10))


def test_stopping_says_bye(toy_folder: Path, scene: SceneMaker) -> None:
    with serving(toy_folder) as service:
        options = ClientOptions(service.control_address, service.frames_address, reconnect=False)
        client = BridgeClient(options, time.perf_counter)
        client.connect()
        one = Player(client)
        play([one], scene, heard(one, 3))
    play([one], scene, lambda: any(isinstance(event, Disconnected) for event in one.events))
    client.close()


def test_the_chunk_size_is_the_one_asked_for(toy_folder: Path, scene: SceneMaker) -> None:
    with serving(toy_folder, chunk_ms=100, steps=1) as service, player(service) as one:
        assert one.client.welcome is not None
        assert one.client.welcome.chunk_samples == 4800
        play([one], scene, heard(one, 4))
        assert {len(chunk.samples) for chunk in one.chunks()} == {4800}
