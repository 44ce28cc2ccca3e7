"""Scripts about messages that break a rule, and about other versions."""

from __future__ import annotations

from typing import Any

import numpy as np

from stereosync_bridge.conformance.script import Script


def wrong_version_told(script: Script) -> None:
    """The server says wrong_version: nothing more is said."""
    script.begin()
    script.error("wrong_version", fatal=True, field="wire")
    for _ in range(3):
        script.poll(2.5)


def wrong_version_seen(script: Script) -> None:
    """WELCOME is of another major version, or the server wants a newer client: nothing more is said."""
    script.begin()
    script.receive(script.welcome(wire="2.0", min_wire="2.0"))
    for _ in range(3):
        script.poll(2.5)
    script.begin()
    script.receive(script.welcome(wire="1.9", min_wire="1.4"))
    script.poll(2.5)


def newer_minor_version(script: Script) -> None:
    """A newer minor version that goes with ours, with keys and a message that we do not know."""
    script.joined(wire="1.9")
    script.header(type="NOVELTY", reason="later")
    script.header(type="STATS", values={"compute_ms": 1.5, "frames": 3}, later=[1, {"a": None}])
    script.poll(0.01)


def broken_messages(script: Script) -> None:
    """Each kind of broken rule; the session goes on."""
    script.joined()
    audio: dict[str, Any] = {"type": "AUDIO", "epoch": 0, "start_sample": 0, "n_samples": 2, "credit": 1}
    silence = (bytes(16),)
    for parts in ([b""], [b"\xc1"], [b"\x93\x01\x02\x03"], [b"\x81\xa4type"], [b"\xff"], []):
        script.receive_parts([*parts])
        script.poll(0.001)
    broken: dict[str, Any]
    for broken in (
        {"type": "NOTHING"},
        {"type": 3},
        {},
        {"type": "PONG", "sent_client_s": 1.0, "received_server_s": 1.0, "credit": 1},
        {"type": "PONG", "sent_client_s": "1", "received_server_s": 1.0, "sent_server_s": 1.0, "credit": 1},
        {"type": "PONG", "sent_client_s": True, "received_server_s": 1.0, "sent_server_s": 1.0, "credit": 1},
        {"type": "PONG", "sent_client_s": 1e13, "received_server_s": 1.0, "sent_server_s": 1.0, "credit": 1},
        {"type": "PONG", "sent_client_s": float("nan"), "received_server_s": 1.0, "sent_server_s": 1.0, "credit": 1},
        {"type": "PONG", "sent_client_s": 1, "received_server_s": 1, "sent_server_s": 1, "credit": -1},
        {"type": "PONG", "sent_client_s": 1, "received_server_s": 1, "sent_server_s": 1, "credit": 2**53 + 1},
        {"type": "PONG", "sent_client_s": 1, "received_server_s": 1, "sent_server_s": 1, "credit": 1.5},
        {"type": "STATS", "values": [1]},
        {"type": "STATS", "values": {"a": "b"}},
        {"type": "STATS", "values": {"a" * 65: 1}},
        {"type": "STATS", "values": {f"v{number}": number for number in range(257)}},
        {"type": "BYE", "reason": 7},
        {"type": "BYE", "reason": "r" * 257},
        {"type": "BYE", "reason": "a\nb"},
        {"type": "ERROR", "code": "x" * 33, "field": "", "rule": "", "fatal": False},
        {"type": "ERROR", "code": "x", "field": "", "rule": "", "fatal": 0},
        audio,
    ):
        script.header(**broken)
        script.poll(0.001)
    for broken in (
        {**audio, "n_samples": 3},
        {**audio, "n_samples": 48_001},
        {**audio, "start_sample": None},
        {**audio, "age_s": None},
        {**audio, "capture_client_s": "now"},
        {**audio, "steps": 1001},
        {**audio, "compute_ms": -1},
    ):
        script.header(payloads=silence, **broken)
        script.poll(0.001)
    script.header(payloads=(silence[0], b""), **audio)
    script.header(payloads=(np.array([0, np.nan, 0, 0], "<f4").tobytes(),), **audio)
    script.header(payloads=(np.array([0, 0, 0, np.inf], "<f4").tobytes(),), **audio)
    script.header(type="HELLO", session="0" * 32, wire="1.1", min_wire="1.0", package="0.1.0")
    script.header(type="PING", sent_client_s=1.0)
    script.poll(0.001)
    script.audio()
    script.poll(0.001)
    script.do("listen", 320)
