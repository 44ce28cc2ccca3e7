"""The service with real sockets and a bundle that can be told: what it announces, warns of and counts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from by_hand import CONDITIONS
from made_scenes import SceneAt, SceneMaker
from toy_graphs import Toy

from stereosync.scene import Foot, SceneFrame, ToldContact, ToldScene
from stereosync.vocabulary import GROUNDS
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import AudioReceived, ClientEvent, ErrorReceived, StatsReceived
from stereosync_bridge.server import BridgeServer, ServerOptions
from stereosync_runtime.budget import StageCosts
from stereosync_runtime.cushion import START_S
from stereosync_runtime.service import Service
from stereosync_runtime.session import Shared, StreamOptions
from stereosync_runtime.telemetry import Telemetry

ANY = "tcp://127.0.0.1:*"
LIMIT_S = 30.0


@contextmanager
def serving(toy: Toy) -> Iterator[Service]:
    """The toy served by a thread of this process."""
    options = StreamOptions((2, 1), 1)
    shared = Shared(toy.pipeline(), options, StageCosts(), Telemetry(CONDITIONS), time.perf_counter)
    stop = threading.Event()
    with BridgeServer(ServerOptions(ANY, ANY), time.perf_counter) as server:
        service = Service(server, shared, seed=1)
        thread = threading.Thread(target=service.run, args=(stop,))
        thread.start()
        try:
            yield service
        finally:
            stop.set()
            thread.join()


@contextmanager
def connected(service: Service) -> Iterator[BridgeClient]:
    client = BridgeClient(ClientOptions(service.control_address, service.frames_address), time.perf_counter)
    try:
        client.connect()
        yield client
    finally:
        client.close()


def listen(client: BridgeClient, frame: SceneAt, done: Callable[[list[ClientEvent]], bool]) -> list[ClientEvent]:
    """Send frames until `done` says of what came that it is enough. The client never says what it plays."""
    events: list[ClientEvent] = []
    until_s, index = time.perf_counter() + LIMIT_S, 0
    while not done(events):
        assert time.perf_counter() < until_s, events[-3:]
        client.offer_frame(frame(time.perf_counter(), index))
        events += client.poll(10)
        index += 1
    return events


def chunks(events: list[ClientEvent]) -> int:
    return sum(isinstance(event, AudioReceived) for event in events)


def stats(events: list[ClientEvent]) -> dict[str, float]:
    """The newest STATS with something in it of what is known."""
    told = [event.values for event in events if isinstance(event, StatsReceived) and "told_feet" in event.values]
    return dict(told[-1]) if told else {}


def told(scene: SceneAt, time_s: float, index: int, **more: Any) -> SceneFrame:
    shown = scene(time_s, index)
    return replace(shown, boxes=(replace(shown.boxes[0], **more),))


@pytest.mark.parametrize(("name", "announced"), [("telling_toy", True), ("toy", False)])
def test_welcome_says_what_the_bundle_can_be_told_and_the_buffer_it_begins_with(
    request: pytest.FixtureRequest, name: str, announced: bool
) -> None:
    with serving(request.getfixturevalue(name)) as service, connected(service) as client:
        assert client.welcome is not None
        said = client.welcome.capabilities
        assert {said[what] for what in ("feet", "contacts", "surface", "scene")} == {announced}
        assert said["device_ms"]
        assert said["credit"]
        assert client.welcome.target_buffer_ms == 1000 * START_S


def test_a_client_that_never_reports_goes_on_hearing(telling_toy: Toy, scene: SceneMaker) -> None:
    with serving(telling_toy) as service, connected(service) as client:
        listen(client, scene, lambda events: chunks(events) > 20)


def test_stats_say_what_is_told_and_seen(telling_toy: Toy, scene: SceneMaker) -> None:
    def frame(time_s: float, index: int) -> SceneFrame:
        return replace(told(scene, time_s, index, surface="Gravel 3"), scene=ToldScene("forest"))

    with serving(telling_toy) as service, connected(service) as client:
        values = stats(listen(client, frame, lambda events: bool(stats(events))))
        assert values["ground_index"] == GROUNDS.index("gravel")
        assert (values["ground_told"], values["told_scene"], values["told_feet"]) == (1, 1, 0)
        assert 20 <= values["target_ms"] <= 80


def test_unknown_words_are_counted_and_a_flood_of_them_is_borne(telling_toy: Toy, scene: SceneMaker) -> None:
    def frame(time_s: float, index: int) -> SceneFrame:
        return told(scene, time_s, index, surface=f"blorb {time_s}")

    with serving(telling_toy) as service, connected(service) as client:
        values = stats(listen(client, frame, lambda events: stats(events).get("unknown_words", 0) > 10))
        assert values["ground_told"] == 0


def test_what_looks_wrong_is_warned_of_once(telling_toy: Toy, scene: SceneMaker) -> None:
    def frame(time_s: float, index: int) -> SceneFrame:
        way_cm = 140 * time_s
        lift_cm = 8.0 * (index % 10)
        feet = (Foot("left", (way_cm, lift_cm, 0.0)), Foot("right", (way_cm + 600, 0.0, 0.0)))
        return told(scene, time_s, index, feet=feet, contacts=(ToldContact("left", time_s + 5.0),))

    def warned(events: list[ClientEvent]) -> list[str]:
        return [event.error.code for event in events if isinstance(event, ErrorReceived)]

    with serving(telling_toy) as service, connected(service) as client:
        events = listen(client, frame, lambda events: len(warned(events)) >= 2 and chunks(events) > 150)
        assert sorted(warned(events)) == ["contacts_out_of_time", "feet_look_like_centimetres"]
        assert not any(event.error.fatal for event in events if isinstance(event, ErrorReceived))
        assert service.telemetry.values()["contacts_out_of_time"] > 10
