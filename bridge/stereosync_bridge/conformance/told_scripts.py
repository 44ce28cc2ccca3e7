"""Scripts about what wire 1.1 added: told frames, CREDIT, the device's latency, older servers, whole floats."""

from __future__ import annotations

from typing import Any

from stereosync_bridge.conformance.script import CHUNK, SERVER_AHEAD_S, Script
from stereosync_bridge.messages import Bye, Credit
from stereosync_bridge.rules import plain


def told_frames(script: Script) -> None:
    """All that is told goes out with its frame; of those that wait the newest stays, whether it tells or not."""
    script.joined()
    script.do("offer_told", 1)
    for index, verb in ((2, "offer_told"), (3, "offer_told"), (4, "offer"), (5, "offer_told")):
        script.wait(0.04)
        script.do(verb, index)
    script.pong(trip_s=0.001, ahead_s=SERVER_AHEAD_S + 0.25, credit=2)
    script.poll(0.01)
    script.do("offer_told", 6)
    script.do("offer", 7)
    script.receive(Credit(3))
    script.poll(0.01)


def credit_alone(script: Script) -> None:
    """CREDIT raises the credit and never lowers it, before WELCOME it is lost; PONG, AUDIO and empty AUDIO still do."""
    script.begin()
    script.receive(Credit(9))
    script.poll(0.01)
    script.receive(script.welcome())
    script.poll(0.01)
    for index in range(1, 4):
        script.do("offer", index)
    for granted in (2, 4, 3):
        script.receive(Credit(granted))
        script.poll(0.01)
        script.do("offer", 10 + granted)
    script.do("offer", 20)
    script.audio(n=0, credit=5)
    script.poll(0.01)
    script.do("offer", 21)
    script.audio(credit=6)
    script.poll(0.01)
    script.do("offer", 22)
    script.pong(credit=7)
    script.poll(0.01)
    script.do("offer", 23)


def device_latency(script: Script) -> None:
    """The delay between ring and ear goes out with FRAME and PING, in the next session too; 0 is left out."""
    script.do("device", 40)
    script.joined()
    script.do("offer", 1)
    script.audio(credit=2)
    script.poll(0.1)
    script.do("listen", CHUNK)
    script.do("device", 12.5)
    script.do("offer_told", 2)
    script.poll(0.1)
    script.receive(Bye("another session"))
    script.session += 1
    script.poll()
    script.do("offer", 3)
    script.receive(script.welcome(epoch=2))
    script.poll(0.01)
    for latency_ms in (0, 20_000, -3):
        script.do("device", latency_ms)
        script.poll(0.1)


def older_server(script: Script) -> None:
    """A server of wire 1.0 that announces nothing new: what is told goes out all the same, and is ignored there."""
    capabilities = {"jpeg": True, "reset": True, "stats": True}
    script.do("device", 40)
    script.joined(wire="1.0", min_wire="1.0", capabilities=capabilities)
    script.do("offer_told", 1)
    script.audio(n=0, credit=2)
    script.poll(0.1)
    script.do("offer", 2)


def whole_floats(script: Script) -> None:
    """A server in JavaScript sends whole numbers as floats where integers are asked: they are taken."""
    script.begin()
    welcome = plain(script.welcome())
    floats = {name: float(value) for name, value in welcome.items() if type(value) is int}
    script.header(type="WELCOME", **{**welcome, **floats})
    script.poll(0.01)
    script.do("offer", 1)
    script.header(type="CREDIT", credit=2.0)
    script.poll(0.01)
    script.do("offer", 2)
    now_s = script.time_s
    script.header(type="PONG", sent_client_s=now_s, received_server_s=now_s, sent_server_s=now_s, credit=3.0)
    script.poll(0.01)
    script.do("offer", 3)
    audio: dict[str, Any] = {"epoch": 0.0, "start_sample": -0.0, "n_samples": 2.0, "credit": 4.0, "steps": 2.0}
    script.header(payloads=(bytes(16),), type="AUDIO", **audio)
    script.poll(0.01)
    script.do("offer", 4)
    script.header(payloads=(bytes(16),), type="AUDIO", **{**audio, "start_sample": 2.0**40, "credit": 2.0**53})
    script.poll(0.01)
    script.do("offer", 5)


def broken_floats(script: Script) -> None:
    """Floats that are no whole numbers, or outside what an integer may be: refused, and the session goes on."""
    script.joined()
    script.do("offer", 1)
    for credit in (1.5, float("nan"), float("inf"), -1.0, 2.0**53 + 2, 1e300, "2", None):
        script.header(type="CREDIT", credit=credit)
        script.poll(0.001)
    script.header(type="CREDIT")
    script.header(payloads=(b"",), type="CREDIT", credit=2)
    script.poll(0.001)
    script.do("offer", 2)
    script.header(type="CREDIT", credit=2, later={"a": [None]})
    script.poll(0.001)
