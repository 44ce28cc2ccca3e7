"""Server and client over real loopback sockets, time moved by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgpack
import numpy as np
import psutil
import pytest
from bridge_pair import ChunkMaker, FrameMaker, Pair, PairMaker
from raw_client import RawClient, has

from stereosync_bridge import errors, wire
from stereosync_bridge.client import BridgeClient, BridgeConnectError, ClientOptions
from stereosync_bridge.events import (
    ClientLeft,
    Disconnected,
    ErrorReceived,
    Event,
    InvalidMessage,
    PlaybackReported,
    ResetRequested,
    StatsReceived,
    Welcomed,
)
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.golden import messages
from stereosync_bridge.messages import AudioMessage, Bye, ErrorMessage, Hello, Ping, Playback, Reset
from stereosync_bridge.peer import MISSES
from stereosync_bridge.server import BridgeServer, ServerOptions, StreamInfo
from stereosync_bridge.tape import TapeReader, frames
from stereosync_bridge.version import WIRE


def test_welcome_tells_the_stream_and_the_offset(pair: Pair) -> None:
    session = pair.connect()
    assert (pair.welcome.chunk_samples, pair.welcome.session) == (960, session)
    assert pair.client.clock_offset_s == 50.0


def test_frame_arrives_in_the_servers_clock(pair: Pair, scene: FrameMaker) -> None:
    session = pair.connect()
    pair.client.report_playback(Playback(960, 42.0, 1, 0))
    pair.client.offer_frame(scene(5, pair.client_clock.now_s - 0.25))
    pair.until(lambda: pair.frames)
    event = pair.frames[0]
    assert (event.session_id, event.playback) == (session, Playback(960, 42.0, 1, 0))
    assert event.frame.capture_time_s == pair.server_clock.now_s - 0.25
    np.testing.assert_array_equal(event.frame.picture, scene(5).picture)


def test_capture_time_is_never_later_than_arrival(pair: Pair, scene: FrameMaker) -> None:
    pair.connect()
    pair.client.offer_frame(scene(0, pair.client_clock.now_s + 60))
    pair.until(lambda: pair.frames)
    assert pair.frames[0].frame.capture_time_s == pair.frames[0].received_s


def test_audio_carries_the_capture_time_back(pair: Pair, scene: FrameMaker, chunk: ChunkMaker) -> None:
    session = pair.connect()
    pair.client.offer_frame(scene(0, 99.75))
    pair.until(lambda: pair.frames)
    pair.advance(0.1)
    sent = chunk(1920)
    assert pair.server.send_audio(session, sent, pair.frames[0].frame.capture_time_s)
    pair.until(lambda: pair.audio)
    received = pair.audio[0]
    assert (received.capture_time_s, received.arrival_s) == (99.75, 100.1)
    assert (received.chunk.start_sample, received.chunk.age_s, received.chunk.steps) == (1920, 0.05, 2)
    np.testing.assert_array_equal(received.chunk.samples, sent.samples)


def test_latest_frame_wins_and_the_credit_keeps_it_fresh(pair: Pair, scene: FrameMaker) -> None:
    """A server that takes 100 ms per frame, a game at 100 fps: each frame is fresh when its credit comes."""
    session = pair.connect()
    ages_s, index = [], 0
    for _ in range(20):
        for _ in range(10):
            pair.advance(0.01)
            index += 1
            pair.client.offer_frame(scene(index, pair.client_clock.now_s))
        seen = len(pair.frames)
        pair.server.grant_credit(session)
        pair.until(lambda seen=seen: len(pair.frames) > seen)
        ages_s.append(pair.server_clock.now_s - pair.frames[-1].frame.capture_time_s)
    assert len(pair.frames) == 20
    assert max(ages_s[1:]) < 0.011
    assert pair.client.counters["frames_replaced"] >= 170


def test_no_frame_without_a_credit(pair: Pair, scene: FrameMaker) -> None:
    session = pair.connect()
    for index in range(3):
        pair.client.offer_frame(scene(index))
        for _ in range(5):
            pair.turn()
    assert [event.frame.index for event in pair.frames] == [0]
    pair.server.grant_credit(session)
    pair.server.grant_credit(session)
    pair.until(lambda: len(pair.frames) == 2)
    assert pair.frames[-1].frame.index == 2


def test_a_game_may_draw_into_the_same_arrays_again(pair: Pair, scene: FrameMaker) -> None:
    session = pair.connect()
    drawn = scene(0)
    for index in range(2):  # the second has to wait for a credit
        drawn.picture[:] = index + 1
        drawn.depth_m[:] = index + 1
        pair.client.offer_frame(replace(drawn, index=index))
        drawn.picture[:] = 99
        drawn.depth_m[:] = 99
    pair.until(lambda: pair.frames)
    pair.server.grant_credit(session)
    pair.until(lambda: len(pair.frames) == 2)
    seen = [(event.frame.picture.max(), event.frame.depth_m.max()) for event in pair.frames]
    assert seen == [(1, 1.0), (2, 2.0)]
    assert pair.client.counters["frames_replaced"] == 0


def test_frames_beyond_the_credit_are_dropped_and_counted(
    raw: RawClient, pair: Pair, stream: StreamInfo, plain_frame: FrameMessage
) -> None:
    raw.join(plain_frame.session, stream)
    for sent in (1, 2, 3):
        raw.frames.send_multipart(wire.encode(replace(plain_frame, sent=sent)))
    for _ in range(100):
        raw.events += pair.server.poll(5)
        if pair.server.counters["frames_over_credit"] == 2:
            break
    assert pair.server.counters["frames_in"] == 1
    assert pair.server.counters["frames_over_credit"] == 2


def test_lost_frame_is_made_good_after_two_heartbeats(pair: Pair, scene: FrameMaker) -> None:
    pair.connect()
    pair.client._link.send_frame = lambda _parts: True  # the frame is lost on its way
    pair.client.offer_frame(scene(0))
    del pair.client._link.send_frame
    for _ in range(6):
        pair.advance(0.6)
        pair.turn()
        pair.turn()
    assert pair.server.counters["credits_restored"] == 1
    pair.client.offer_frame(scene(1))
    pair.until(lambda: pair.frames)


def test_playback_is_reported_while_no_frames_come(pair: Pair) -> None:
    pair.connect()
    pair.client.report_playback(Playback(4800, 55.0, 0, 0, device_ms=20.0))
    reported = PlaybackReported(pair.welcome.session, Playback(4800, 55.0, 0, 0, device_ms=20.0))
    pair.until(lambda: reported in pair.server_events or pair.advance(0.2))


def test_reset_stats_and_bye(pair: Pair) -> None:
    session = pair.connect()
    pair.client.reset("new scene")
    pair.until(lambda: has(ResetRequested, pair.server_events))
    pair.server.send_stats(session, {"frames_dropped": 2.0})
    pair.until(lambda: has(StatsReceived, pair.client_events))
    pair.client.bye("done")
    pair.until(lambda: has(ClientLeft, pair.server_events))
    assert pair.server_events[-1] == ClientLeft(session, "bye: done")
    assert not pair.server.send_stats(session, {})
    assert pair.server.sessions == ()


def test_frame_that_arrives_after_bye_is_no_fault(
    pair: Pair, raw: RawClient, stream: StreamInfo, plain_frame: FrameMessage
) -> None:
    raw.join(plain_frame.session, stream)
    raw.control.send_multipart(wire.encode(Bye()))
    while not has(ClientLeft, raw.events):
        raw.events += pair.server.poll(5)
    raw.frames.send_multipart(wire.encode(plain_frame))
    for _ in range(100):
        pair.server.poll(5)
        if pair.server.counters["frames_after_bye"]:
            break
    assert pair.server.counters["frames_after_bye"] == 1
    assert pair.server.counters["invalid"] == 0


def test_dead_client_is_dropped_after_three_heartbeats(pair: Pair, raw: RawClient, stream: StreamInfo) -> None:
    raw.join("a" * 32, stream)
    pair.advance(2.9)
    assert not has(ClientLeft, pair.server.poll(0))
    pair.advance(0.2)
    assert pair.server.poll(0) == [ClientLeft("a" * 32, f"{MISSES} heartbeats missed")]


def test_client_whose_connection_is_gone_is_dropped(
    pair: Pair, raw: RawClient, stream: StreamInfo, chunk: ChunkMaker
) -> None:
    raw.join("a" * 32, stream)
    raw.control.close()
    events: list[Event] = []
    for _ in range(200):
        pair.server.send_audio("a" * 32, chunk(), None)
        events += pair.server.poll(5)
        if has(ClientLeft, events):
            break
    assert events[-1] == ClientLeft("a" * 32, "the connection is gone")


def test_client_that_dies_in_the_middle_of_a_frame(
    pair: Pair, raw: RawClient, stream: StreamInfo, scene: FrameMaker
) -> None:
    pair.connect()
    raw.join("a" * 32, stream)
    raw.frames.send_multipart([b"half", bytes(wire.MAX_PART_BYTES)])
    raw.context.destroy(linger=0)
    pair.client.offer_frame(scene(1))
    pair.until(lambda: pair.frames)
    assert pair.server.counters["frames_in"] == 1


def test_client_that_never_reads_costs_no_memory(
    pair: Pair, raw: RawClient, stream: StreamInfo, chunk: ChunkMaker
) -> None:
    raw.join("a" * 32, stream)
    sound, peer = chunk(0, 4800), pair.server.peer("a" * 32)
    assert peer is not None
    while peer.dropped_audio < 10:  # fills libzmq's and the kernel's buffers
        pair.server.send_audio("a" * 32, sound, None)
    before_bytes = psutil.Process().memory_info().rss
    for _ in range(3000):
        pair.server.send_audio("a" * 32, sound, None)
    grown_bytes = psutil.Process().memory_info().rss - before_bytes
    assert grown_bytes < 0.1 * 3000 * sound.samples.nbytes
    assert peer.dropped_audio > 2900
    pair.connect()  # others are served meanwhile


def test_server_is_found_again(pair: Pair, scene: FrameMaker) -> None:
    first = pair.connect()
    address, frames_address = pair.server.control_address, pair.server.frames_address
    pair.server.close()
    pair.client_events.clear()
    while not has(Disconnected, pair.client_events):
        pair.client_events += pair.client.poll(5)
    pair.server = BridgeServer(ServerOptions(address, frames_address), pair.server_clock)
    pair.until(lambda: pair.client.connected or pair.advance(0.05))
    assert pair.welcome.session != first
    pair.client.offer_frame(scene(9))
    pair.until(lambda: pair.frames)


def test_silent_server_is_lost_after_three_heartbeats(pair: Pair) -> None:
    pair.connect()
    pair.client_clock.now_s += 3.1
    assert has(Disconnected, pair.client.poll(0))
    assert not pair.client.connected


def test_server_that_forgot_the_session_is_greeted_again(pair: Pair) -> None:
    first = pair.connect()
    pair.until(lambda: has(PlaybackReported, pair.server_events))
    pair.server_clock.now_s += 10
    assert has(ClientLeft, pair.server.poll(0))
    pair.client_clock.now_s += 0.5
    pair.until(lambda: pair.client.connected and pair.welcome.session != first)
    assert has(ErrorReceived, pair.client_events)


def test_connect_names_the_likely_causes() -> None:
    seconds = iter(range(1000))
    with (
        BridgeClient(ClientOptions("tcp://127.0.0.1:9"), lambda: float(next(seconds))) as client,
        pytest.raises(BridgeConnectError, match=r"no answer from tcp://127\.0\.0\.1:9 in 3 s: the server is not runn"),
    ):
        client.connect(timeout_s=3)


def test_first_message_must_be_hello(raw: RawClient) -> None:
    answer = raw.say(Ping(1.0))
    assert isinstance(answer, ErrorMessage)
    assert (answer.code, answer.fatal) == (errors.HELLO_FIRST, True)
    assert "HELLO" in answer.rule


def test_wrong_version_is_told_both(raw: RawClient) -> None:
    answer = raw.say(Hello("a" * 32, wire="2.0", min_wire="2.0"))
    assert isinstance(answer, ErrorMessage)
    assert (answer.code, answer.fatal, answer.wire) == (errors.WRONG_VERSION, True, WIRE)
    assert "2.0" in answer.rule
    assert has(InvalidMessage, raw.events)


def test_session_in_use_and_full_server(raw: RawClient, pair: Pair) -> None:
    session = pair.connect()
    answer = raw.say(Hello(session))
    assert isinstance(answer, ErrorMessage)
    assert answer.code == errors.SESSION_IN_USE
    pair.server._sessions._max_sessions = 1
    answer = raw.say(Hello("b" * 32))
    assert isinstance(answer, ErrorMessage)
    assert answer.code == errors.SERVER_FULL


def test_a_bye_that_comes_after_its_session_is_no_broken_rule(raw: RawClient) -> None:
    """A client says BYE and closes; where the server noticed the closing first, there is nothing left to end."""
    raw.control.send_multipart(wire.encode(Bye("the client stops")))
    answer = raw.say(Ping(1.0))
    assert isinstance(answer, ErrorMessage)
    assert "PING" in answer.rule
    counters = raw.server.counters
    assert (counters["invalid"], counters["byes_without_session"]) == (1, 1)


def test_frame_of_an_unknown_session(raw: RawClient) -> None:
    answer = raw.say(messages()["frame_plain"], raw.frames)
    assert isinstance(answer, ErrorMessage)
    assert (answer.code, answer.fatal) == (errors.UNKNOWN_SESSION, True)


@pytest.mark.parametrize("parts", [[b""], [b"\xc1"], [b"\x93\1\2\3"], [b"x" * 100, b"y"], [msgpack.packb({"a": 1})]])
def test_nonsense_is_answered_and_others_go_on(raw: RawClient, pair: Pair, parts: list[bytes]) -> None:
    session = pair.connect()
    assert isinstance(raw.say(parts), ErrorMessage)
    assert isinstance(raw.say(parts, raw.frames), ErrorMessage)
    assert pair.server.sessions == (session,)
    assert pair.server.counters["invalid"] == 2


def test_a_frame_that_cannot_be_decoded_is_rejected_and_the_next_one_is_welcome(
    raw: RawClient, pair: Pair, stream: StreamInfo, plain_frame: FrameMessage
) -> None:
    raw.join(plain_frame.session, stream)
    received = raw.frame(replace(plain_frame, sent=1, depth_bytes=b"\xff\xff\xff\xff"))
    with pytest.raises(errors.WireError) as refused:
        _ = received.frame
    pair.server.reject_frame(plain_frame.session, refused.value)
    answer = raw.answer(raw.control)
    assert isinstance(answer, ErrorMessage)
    assert (answer.field, answer.fatal) == ("depth", False)
    assert isinstance(raw.answer(raw.control), AudioMessage)  # a credit, as wire 1.0 has it
    assert raw.frame(replace(plain_frame, sent=2)).frame.index == plain_frame.index


@pytest.mark.parametrize("message", [Reset(), Bye()])
def test_control_words_do_not_belong_on_the_frame_lane(raw: RawClient, message: wire.Message) -> None:
    answer = raw.say(message, raw.frames)
    assert isinstance(answer, ErrorMessage)
    assert answer.code == errors.WRONG_DIRECTION


def test_second_hello_and_servers_words_are_refused(raw: RawClient, stream: StreamInfo) -> None:
    raw.join("a" * 32, stream)
    for message in (Hello("b" * 32), messages()["audio"], messages()["frame_plain"]):
        answer = raw.say(message)
        assert isinstance(answer, ErrorMessage)
        assert not answer.fatal


def test_oversized_part_is_cut_off(raw: RawClient, pair: Pair) -> None:
    session = pair.connect()
    raw.frames.send_multipart([bytes(wire.MAX_PART_BYTES + 1)])
    for _ in range(50):
        pair.turn()
    assert pair.server.sessions == (session,)
    assert pair.server.counters["invalid"] == 0


def test_server_records_a_tape(
    make_pair: PairMaker, server_options: ServerOptions, tmp_path: Path, scene: FrameMaker, chunk: ChunkMaker
) -> None:
    pair = make_pair(replace(server_options, tape_path=tmp_path / "live.tape"))
    session = pair.connect()
    pair.client.offer_frame(scene(3, 99.5))
    pair.until(lambda: pair.frames)
    pair.server.send_audio(session, chunk(), None)
    pair.server.close()
    tape = TapeReader(tmp_path / "live.tape")
    ((time_s, frame),) = frames(tape)
    assert (time_s, frame.capture_time_s, frame.index) == (150.0, 149.5, 3)
    kinds = [wire.decode(record.parts).TYPE for record in tape.records()]
    assert kinds[:2] == ["HELLO", "WELCOME"] or kinds[0] == "WELCOME"
    assert kinds[-2:] == ["AUDIO", "BYE"]


def test_welcomed_event_carries_the_welcome(pair: Pair) -> None:
    pair.connect()
    assert [e for e in pair.client_events if isinstance(e, Welcomed)] == [Welcomed(pair.welcome)]
