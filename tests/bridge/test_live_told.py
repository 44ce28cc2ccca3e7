"""Wire 1.1 over real sockets: what is told arrives, CREDIT, warnings, what WELCOME announces."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bridge_pair import FrameMaker, Pair, PairMaker
from raw_client import RawClient, has

from stereosync.scene import Foot, ToldContact
from stereosync_bridge import errors, wire
from stereosync_bridge.events import ErrorReceived, InvalidMessage, PlaybackReported
from stereosync_bridge.frame_message import BoxSpec, FrameMessage
from stereosync_bridge.messages import AudioMessage, Credit, ErrorMessage, Ping, Playback, Pong
from stereosync_bridge.server import ServerOptions, StreamInfo, Told
from stereosync_bridge.tape import TapeReader, frames
from stereosync_bridge.told_message import ContactSpec, FootSpec

SESSION = "a" * 32


def test_what_is_told_arrives_with_contacts_in_the_servers_clock(pair: Pair, told_scene: FrameMaker) -> None:
    pair.connect()
    frame = told_scene(5, pair.client_clock.now_s - 0.25)
    pair.client.offer_frame(frame)
    pair.until(lambda: pair.frames)
    received = pair.frames[0].frame
    contact = ToldContact("left", pair.server_clock.now_s, 0.75, "water")
    assert received.boxes == (replace(frame.boxes[0], contacts=(contact,)),)
    assert received.scene == frame.scene


def test_contacts_move_with_a_capture_that_seems_to_lie_ahead(pair: Pair, told_scene: FrameMaker) -> None:
    """The clocks' offset is a little wrong, for the contacts as for the picture."""
    pair.connect()
    pair.client.offer_frame(told_scene(0, pair.client_clock.now_s + 0.01))
    pair.until(lambda: pair.frames)
    frame = pair.frames[0].frame
    assert frame.capture_time_s == pair.frames[0].received_s
    assert frame.boxes[0].contacts[0].time_s - frame.capture_time_s == pytest.approx(0.25)


def test_a_recorded_session_replays_with_what_was_told(
    make_pair: PairMaker, server_options: ServerOptions, tmp_path: Path, told_scene: FrameMaker
) -> None:
    pair = make_pair(replace(server_options, tape_path=tmp_path / "live.tape"))
    session = pair.connect()
    pair.client.offer_frame(told_scene(3, 99.5))
    pair.until(lambda: pair.frames)
    pair.server.grant_credit(session)
    pair.client.offer_frame(told_scene(4, 99.75))
    pair.until(lambda: len(pair.frames) == 2)
    pair.server.close()
    tape = TapeReader(tmp_path / "live.tape")
    assert [frame.boxes for _, frame in frames(tape)] == [event.frame.boxes for event in pair.frames]
    kinds = [wire.decode(record.parts).TYPE for record in tape.records()]
    assert "CREDIT" in kinds
    assert "AUDIO" not in kinds


@pytest.mark.parametrize(("capabilities", "kind"), [({"credit": True}, Credit), ({}, AudioMessage)])
def test_credit_comes_in_the_words_that_the_client_knows(
    raw: RawClient, stream: StreamInfo, plain_frame: FrameMessage, capabilities: dict[str, bool], kind: type
) -> None:
    raw.join(plain_frame.session, stream, **capabilities)
    raw.frame(replace(plain_frame, sent=1))
    raw.server.grant_credit(plain_frame.session)
    answer = raw.answer(raw.control)
    assert isinstance(answer, kind)
    assert isinstance(answer, Credit | AudioMessage)
    assert answer.credit == 2
    assert not isinstance(answer, AudioMessage) or answer.n_samples == 0


def test_a_client_that_denies_credit_gets_empty_audio(
    raw: RawClient, stream: StreamInfo, plain_frame: FrameMessage
) -> None:
    raw.join(plain_frame.session, stream, credit=False)
    raw.frame(replace(plain_frame, sent=1))
    raw.server.grant_credit(plain_frame.session)
    assert isinstance(raw.answer(raw.control), AudioMessage)


@pytest.mark.parametrize("told", [Told(), Told(feet=True, surface=True), Told(True, True, True, True)])
def test_welcome_announces_what_can_be_told(raw: RawClient, stream: StreamInfo, told: Told) -> None:
    known = {"jpeg": True, "reset": True, "stats": True, "credit": True, "device_ms": True}
    can = {"feet": told.feet, "contacts": told.contacts, "surface": told.surface, "scene": told.scene}
    assert raw.join(SESSION, replace(stream, told=told)).capabilities == known | can


def test_a_warning_comes_once_per_session_and_code(pair: Pair, raw: RawClient, stream: StreamInfo) -> None:
    raw.join(SESSION, stream)
    assert pair.server.warn(SESSION, errors.FEET_LOOK_Z_UP, "boxes[0].feet", "y up")
    assert not pair.server.warn(SESSION, errors.FEET_LOOK_Z_UP, "boxes[0].feet", "y up")
    assert pair.server.warn(SESSION, errors.CONTACTS_OUT_OF_TIME, "boxes", "r" * 600)
    first, second = raw.answer(raw.control), raw.answer(raw.control)
    assert isinstance(first, ErrorMessage)
    assert isinstance(second, ErrorMessage)
    assert (first.code, first.field, first.rule, first.fatal) == ("feet_look_z_up", "boxes[0].feet", "y up", False)
    assert (second.code, len(second.rule)) == ("contacts_out_of_time", 512)
    assert isinstance(raw.say(Ping(1.0)), Pong)
    assert pair.server.counters["warnings"] == 2
    assert not pair.server.warn("b" * 32, errors.FEET_LOOK_Z_UP, "boxes", "of nobody")


def test_a_warning_reaches_the_game(pair: Pair) -> None:
    session = pair.connect()
    pair.server.warn(session, errors.FEET_LOOK_LIKE_CENTIMETRES, "boxes[0].feet", "send metres")
    pair.until(lambda: has(ErrorReceived, pair.client_events))
    assert pair.client.connected


def test_a_client_that_never_speaks_of_playback_is_taken_at_its_silence(pair: Pair, scene: FrameMaker) -> None:
    pair.connect()
    pair.client.offer_frame(scene(1, 99.5))
    pair.until(lambda: pair.frames and has(PlaybackReported, pair.server_events))
    reported = [event.playback for event in pair.server_events if isinstance(event, PlaybackReported)]
    assert [pair.frames[0].playback, *reported] == [None] * (1 + len(reported))


def test_what_was_reported_stays_with_the_session_but_the_device_stays(pair: Pair) -> None:
    pair.connect()
    pair.client.report_playback(Playback(9600, 30.0, 2, 0, device_ms=25.0))
    pair.client.begin()
    pair.client_events.clear()
    pair.until(lambda: pair.client.connected)
    pair.server_events.clear()
    pair.until(lambda: has(PlaybackReported, pair.server_events) or pair.advance(0.1))
    first = pair.server_events[0]
    assert isinstance(first, PlaybackReported)
    assert first.playback == Playback(epoch=0, device_ms=25.0)


FOOT = FootSpec("left", (0.0, 0.0, 0.0))
WALKER = BoxSpec(1, "walker", 0.0, 0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("box", "field"),
    [
        (replace(WALKER, feet=(FOOT,) * 5), "boxes[0].feet"),
        (replace(WALKER, feet=(replace(FOOT, world_m=(0.0, float("nan"), 0.0)),)), "boxes[0].feet[0].world_m[1]"),
        (replace(WALKER, contacts=(ContactSpec("left", 12.0),) * 9), "boxes[0].contacts"),
        (replace(WALKER, surface="s" * 65), "boxes[0].surface"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_the_next_frame_is_taken(
    raw: RawClient, stream: StreamInfo, plain_frame: FrameMessage, box: BoxSpec, field: str
) -> None:
    raw.join(plain_frame.session, stream)
    answer = raw.say(replace(plain_frame, sent=1, boxes=(box,)), raw.frames)
    assert isinstance(answer, ErrorMessage)
    assert (answer.code, answer.field, answer.fatal) == (errors.BAD_VALUE, field, False)
    assert has(InvalidMessage, raw.events)
    credit = raw.answer(raw.control)
    assert isinstance(credit, AudioMessage)
    assert credit.credit == 2
    event = raw.frame(replace(plain_frame, sent=2, boxes=(replace(WALKER, feet=(FOOT, FOOT)),)))
    assert event.frame.boxes[0].feet == (Foot("left", (0.0, 0.0, 0.0)),) * 2
