"""The client's decisions, with clock and network turned by hand through the conformance commands."""

from __future__ import annotations

from collections import Counter

import pytest

from stereosync_bridge import golden, wire
from stereosync_bridge.conformance.converse import Converser, converse
from stereosync_bridge.conformance.script import Script
from stereosync_bridge.conformance.scripts import scripts
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.messages import Bye, Credit, ErrorMessage, Hello, Ping, Playback


def run(script: Script) -> list[str]:
    """Every decision of a script, without the messages' bytes."""
    return [" ".join(line.split()[:3])[:60] for answer in converse(iter(script.lines)) for line in answer]


def hellos(lines: list[str]) -> int:
    return sum(line.startswith("open control") for line in lines)


@pytest.mark.parametrize("version", [("2.0", "2.0"), ("1.9", "1.4"), ("0.9", "0.1")])
def test_a_welcome_of_another_version_is_fatal_and_hello_is_not_said_again(version: tuple[str, str]) -> None:
    script = Script()
    script.begin()
    script.receive(script.welcome(wire=version[0], min_wire=version[1]))
    for _ in range(5):
        script.poll(2.5)
    lines = run(script)
    assert lines.count("event error wrong_version") == 1
    assert hellos(lines) == 1
    assert not any(line.startswith("event welcomed") for line in lines)


def test_frames_that_are_never_answered_are_told_of_once() -> None:
    script = Script()
    script.joined()
    script.poll(1)
    script.do("offer", 1)
    for _ in range(40):
        script.poll(0.5)
        script.receive(Credit(2))  # the server restores the credit of a lost frame
        script.pong()
    lines = run(script)
    assert lines.count("event error frames_lost") == 1


@pytest.mark.parametrize("answer", ["audio", "error"])
def test_frames_that_are_answered_are_not_told_of(answer: str) -> None:
    script = Script()
    script.joined()
    script.do("offer", 1)
    if answer == "audio":
        script.audio(capture_client_s=script.time_s)
    else:
        script.receive(ErrorMessage("bad_value", "depth", "must not hold NaN", fatal=False))
    for _ in range(40):
        script.poll(0.5)
        script.pong()
    assert "event error frames_lost" not in run(script)


def test_a_broken_connection_is_noticed_at_once_and_not_after_three_heartbeats() -> None:
    script = Script()
    script.joined()
    script.do("lost")
    script.poll(0.001)
    lines = run(script)
    assert "event disconnected" in lines
    assert hellos(lines) == 2


def test_a_connection_that_breaks_before_welcome_is_the_transports_to_mend() -> None:
    script = Script()
    script.begin()
    script.do("lost")
    script.poll(0.1)
    assert hellos(run(script)) == 1


def test_silence_is_told_every_two_seconds() -> None:
    script = Script()
    script.begin()
    for _ in range(45):
        script.poll(0.1)
    lines = run(script)
    assert lines.count("event unanswered") == 2
    assert hellos(lines) == 3


def test_reset_without_a_session_is_not_sent() -> None:
    script = Script()
    script.do("reset", "too early")
    script.begin()
    script.do("reset", "still too early")
    assert sum(line.startswith("send") for line in run(script)) == 1


def test_sound_that_comes_in_a_pause_is_not_heard() -> None:
    script = Script()
    script.joined()
    script.do("pause")
    for _ in range(5):
        script.audio()
    script.poll()
    script.do("read", 100)
    script.do("resume")
    script.audio(start=0, n=600, epoch=1)
    script.poll()
    script.do("read", 100)
    rings = [answer[-1].split() for answer in converse(iter(script.lines)) if answer and answer[-1].startswith("ring")]
    assert [(ring[1], ring[2], ring[4]) for ring in rings] == [("0", "0.0", "0"), ("100", "62.5", "1")]


def sent(script: Script) -> list[wire.Message]:
    lines = [line for answer in converse(iter(script.lines)) for line in answer if line.startswith("send")]
    return [wire.decode(golden.unpack(bytes.fromhex(line.split()[2]))) for line in lines]


def test_hello_announces_what_the_client_knows() -> None:
    script = Script()
    script.begin()
    (hello,) = sent(script)
    assert isinstance(hello, Hello)
    assert (hello.wire, hello.min_wire, hello.capabilities) == ("1.1", "1.0", {"credit": True, "jpeg": False})


def test_credit_raises_and_never_lowers_what_may_be_sent() -> None:
    script = Script()
    script.joined()
    for granted in (3, 2, 1):
        script.receive(Credit(granted))
        script.poll(0.01)
        script.do("offer", granted)
        script.do("offer", 10 * granted)
    frames = [message for message in sent(script) if isinstance(message, FrameMessage)]
    assert [frame.index for frame in frames] == [3, 30, 2]


def test_credit_before_welcome_is_of_no_session() -> None:
    script = Script()
    script.begin()
    script.receive(Credit(5))
    script.poll(0.01)
    script.receive(script.welcome())
    script.poll(0.01)
    script.do("offer", 1)
    script.do("offer", 2)
    assert [message.index for message in sent(script) if isinstance(message, FrameMessage)] == [1]


def test_a_told_frame_goes_out_whole_with_its_contact_ahead_of_it() -> None:
    script = Script()
    script.joined()
    script.do("offer_told", 7)
    frame = next(message for message in sent(script) if isinstance(message, FrameMessage))
    told = golden.messages()["frame_told"]
    assert isinstance(told, FrameMessage)
    assert (frame.index, frame.capture_client_s, frame.scene) == (7, script.time_s, told.scene)
    assert frame.boxes[0].contacts[0].time_client_s == pytest.approx(script.time_s + 0.2)
    assert [box.feet for box in frame.boxes] == [box.feet for box in told.boxes]
    assert [box.surface for box in frame.boxes] == [box.surface for box in told.boxes]


def test_the_devices_latency_goes_out_with_frame_and_ping_and_outlives_the_session() -> None:
    script = Script()
    script.do("device", 40)
    script.joined()
    script.do("offer", 1)
    script.receive(Bye())
    script.session += 1
    script.poll()
    script.do("offer", 2)
    script.receive(script.welcome(epoch=3))
    script.poll()
    playbacks = [message.playback for message in sent(script) if isinstance(message, Ping | FrameMessage)]
    assert playbacks == 2 * [Playback(device_ms=40.0)] + 2 * [Playback(epoch=3, device_ms=40.0)]


def test_an_unknown_command_is_answered_so() -> None:
    assert Converser().answer("0.0 dance 3") == ["unknown"]


def test_the_suite_visits_every_kind_of_decision() -> None:
    seen: Counter[str] = Counter()
    for commands in scripts().values():
        for answer in converse(iter(commands)):
            seen.update(
                " ".join(line.split()[: 2 if line.startswith(("event", "send", "open")) else 1]) for line in answer
            )
    events = {"welcomed", "audio", "stats", "error", "unanswered", "disconnected"}
    sends = {"open control", "open frames", "send control", "send frames", "close", "sound", "ring"}
    assert set(seen) == sends | {f"event {event}" for event in events}
    assert min(seen.values()) >= 2


def test_a_new_session_does_not_report_what_the_old_one_played() -> None:
    script = Script()
    script.joined()
    script.audio(n=640)
    script.poll()
    script.do("read", 500)
    script.do("lost")
    script.session += 1
    script.poll()
    script.do("offer", 1)
    script.receive(script.welcome(epoch=4))
    script.poll()
    last = list(converse(iter(script.lines)))[-1]
    sent = [wire.decode(golden.unpack(bytes.fromhex(line.split()[2]))) for line in last if line.startswith("send")]
    assert {type(message) for message in sent} == {Ping, FrameMessage}
    assert [message.playback for message in sent if isinstance(message, Ping | FrameMessage)] == [Playback(epoch=4)] * 2
