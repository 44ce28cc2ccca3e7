"""Observers of a running service: what they see, and that they take nobody's place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from made_scenes import SceneMaker
from serving import play, player, serving

from stereosync_bridge.client import BridgeClient, BridgeConnectError, ClientOptions
from stereosync_bridge.events import AudioReceived, StatsReceived
from stereosync_bridge.sessions import MAX_OBSERVERS
from stereosync_bridge.tape import TapeReader
from stereosync_runtime.service import Service


def observer(service: Service) -> BridgeClient:
    options = ClientOptions(service.control_address, service.frames_address, observer=True)
    return BridgeClient(options, time.perf_counter)


def test_an_observer_sees_every_session_by_the_beginning_of_its_id(
    toy_folder: Path, scene: SceneMaker, tmp_path: Path
) -> None:
    tape = tmp_path / "first.tape"
    seen: dict[str, float] = {}
    with serving(toy_folder, max_sessions=1, record=tape) as service, observer(service) as looking:
        welcome = looking.connect()
        assert welcome.capabilities["observer"]
        assert welcome.credit == 0
        with player(service) as one:
            assert one.client.welcome is not None
            session = one.client.welcome.session

            def has_seen() -> bool:
                for event in looking.poll(0):
                    assert not isinstance(event, AudioReceived)
                    if isinstance(event, StatsReceived):
                        seen.update(event.values)
                return seen.get(f"{session[:8]}.frames_per_s", 0) > 0 and "rss_mib" in seen

            play([one], scene, has_seen)
            play([one], scene, lambda: any(isinstance(event, StatsReceived) for event in one.events))
            own = next(event.values for event in reversed(one.events) if isinstance(event, StatsReceived))
        assert session not in "".join(seen)
    names = {name.partition(".")[2] for name in seen if name.startswith(session[:8])}
    assert {"frame_age_ms", "buffered_ms", "decode_ms", "boxes", "frames_lost", "frames_over_credit"} <= names
    assert "picture_format.rgb8" in names
    assert seen["sessions"] == 1
    assert 0 <= own["frame_age_ms"] < 1000
    recorded = b"".join(part for record in TapeReader(tape).records() for part in record.parts)
    assert session.encode() in recorded
    assert welcome.session.encode() not in recorded


def test_observers_are_few_and_beside_the_sessions(toy_folder: Path) -> None:
    with serving(toy_folder, max_sessions=1) as service:
        looking = [observer(service) for _ in range(MAX_OBSERVERS + 1)]
        try:
            for one in looking[:-1]:
                one.connect(timeout_s=20)
            with pytest.raises(BridgeConnectError, match="2 observers look on already"):
                looking[-1].connect(timeout_s=20)
            with player(service):
                looking[0].bye()
                deadline_s = time.monotonic() + 20
                while len(service._observers) == MAX_OBSERVERS:
                    assert time.monotonic() < deadline_s
                    time.sleep(0.01)
                looking[-1].connect(timeout_s=20)
        finally:
            for one in looking:
                one.close()
