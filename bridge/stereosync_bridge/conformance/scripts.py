"""The scripts of the conformance suite: each makes a server and a game do one kind of thing to a client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from stereosync_bridge.conformance.fuzz import fuzz
from stereosync_bridge.conformance.script import CHUNK, RATE_HZ, Script, tone
from stereosync_bridge.messages import Bye, StatsMessage


def first_sound(script: Script) -> None:
    """HELLO, WELCOME, a frame, sound: the whole way once."""
    script.joined()
    script.do("offer", 1)
    for index in range(2, 8):
        script.wait(0.04)
        script.credit = index
        script.audio(capture_client_s=script.time_s - 0.06, age_s=0.05, steps=2, compute_ms=5.25)
        script.do("offer", index)
        script.do("poll")
        script.do("listen", CHUNK)


def late_audio(script: Script) -> None:
    """Chunks that are past in part, past altogether, and one sample short of the place where sound goes on."""
    script.joined()
    for _ in range(3):
        script.audio()
    script.poll()
    script.do("listen", 700)
    script.audio(start=600, n=400)
    script.poll(0.02)
    script.audio(start=100, n=200)
    script.poll(0.02)
    script.do("listen", 299)
    script.do("listen", 200)
    script.audio(start=1000, n=1)
    script.audio(start=1001, n=400)
    script.poll(0.02)
    script.do("listen", 500)


def lost_chunk(script: Script) -> None:
    """A gap in the middle, a gap before an empty ring, a gap in the first chunk."""
    script.joined()
    script.audio(start=480)
    script.audio(start=1200)
    script.poll()
    for _ in range(5):
        script.do("listen", 240)
    script.audio(start=5000)
    script.poll(0.02)
    script.do("listen", 400)


def remade(script: Script) -> None:
    """Chunks over what waits: inside it, beyond its end, shorter than the fade, at the very next sample."""
    script.joined()
    script.audio(n=800)
    script.audio(start=400, n=600, samples=-tone(400, 600))
    script.audio(start=980, n=400)
    script.audio(start=300, n=10, samples=tone(0, 10))
    script.poll()
    script.do("listen", 100)
    script.audio(start=100, n=500, samples=tone(700, 500))
    script.poll()
    script.do("listen", 700)


def new_epoch(script: Script) -> None:
    """RESET: the stream begins again, over waiting sound, over none, and while priming; the old epoch is ignored."""
    script.joined()
    script.audio(n=600)
    script.poll()
    script.do("listen", 200)
    script.do("reset", "new scene")
    script.audio(start=0, n=600, epoch=1)
    script.poll(0.01)
    script.do("listen", 300)
    script.audio(start=600, epoch=0)
    script.poll(0.01)
    script.do("listen", 300)
    script.audio(start=64, n=500, epoch=3)
    script.poll(0.01)
    script.do("listen", 600)
    script.audio(start=0, n=100, epoch=4)
    script.poll(0.01)
    script.audio(start=100, n=300, epoch=4)
    script.poll(0.01)
    script.do("listen", 300)


def underruns(script: Script) -> None:
    """The sound runs out again and again, with blocks of many sizes."""
    script.joined()
    for block in (1, 7, 40, 64, 128, 240, 256, 441, 1024):
        script.audio(n=300)
        script.poll(0.01)
        for _ in range(max(1, 480 // block)):
            script.do("listen", block)
        script.do("listen", 0)


def shrink(script: Script) -> None:
    """More than half a second waits: the oldest is skipped."""
    script.joined()
    for _ in range(10):
        script.audio()
    script.poll()
    script.do("listen", 100)
    for _ in range(10):
        script.audio()
        script.poll(0.001)
    script.do("listen", 200)
    script.audio(n=5000)
    script.poll()
    script.do("listen", 4500)


def other_rate(script: Script) -> None:
    """Rates at which the figures of milliseconds are no whole samples; the second session has another rate."""
    script.joined(sample_rate_hz=44_100)
    script.audio(n=1323)
    script.poll()
    script.do("listen", 700)
    script.audio(n=600)
    script.poll(0.01)
    script.do("listen", 1400)
    script.receive(Bye("other rate"))
    script.session += 1
    script.poll()
    script.do("listen", 50)
    script.receive(script.welcome(sample_rate_hz=11_025, epoch=7))
    script.poll(0.004)
    script.audio(n=500, epoch=7)
    script.poll()
    script.do("listen", 600)


def credit(script: Script) -> None:
    """One frame for one credit: the newest waits, smaller credits are old news, PONG and empty AUDIO bring some too."""
    script.joined()
    for index in range(1, 6):
        script.wait(0.01)
        script.do("offer", index)
    script.audio(n=0, credit=2)
    script.poll(0.01)
    script.audio(n=0, credit=1)
    script.do("offer", 6)
    script.poll(0.01)
    script.pong(credit=4)
    script.poll(0.01)
    script.do("offer", 7)
    script.do("offer", 8)
    script.poll(0.01)


def lost_credit(script: Script) -> None:
    """A credit is lost; pings tell how many frames were sent, and after two heartbeats the server grants another."""
    script.joined()
    script.do("offer", 1)
    for beat in range(1, 30):
        script.wait(0.1)
        if beat % 10 == 9:
            script.do("offer", beat)
        script.pong(credit=1 if beat < 25 else 2)
        script.do("poll")


def heartbeats(script: Script) -> None:
    """Five quick pings, then one a second; silence for three heartbeats ends the session, and another begins."""
    script.joined(heartbeat_s=0.5)
    for _ in range(14):
        script.poll(0.05)
        script.pong()
    for _ in range(36):
        script.poll(0.05)
    script.session += 1
    script.receive(script.welcome())
    script.poll(0.01)
    script.do("offer", 1)


def connection_breaks(script: Script) -> None:
    """The service is killed: the sound plays out and fades, HELLO is said at once, the new session fades in."""
    script.joined()
    script.do("offer", 1)
    script.audio(n=640, credit=2)
    script.poll()
    script.do("listen", 400)
    script.do("lost")
    script.session += 1
    script.poll(0.01)
    script.do("offer", 2)
    script.do("listen", 400)
    script.do("lost")
    script.poll(0.3)
    script.receive(script.welcome())
    script.poll(0.2)
    for _ in range(3):
        script.audio()
        script.poll(0.01)
        script.do("listen", 300)


def last_word_before_the_break(script: Script) -> None:
    """BYE and sound were on their way when the connection broke: they are read, and only one session is lost."""
    script.joined()
    script.audio(n=400)
    script.receive(Bye("the server stops"))
    script.do("lost")
    script.session += 1
    script.poll()
    script.do("listen", 480)
    script.receive(script.welcome())
    script.poll(0.01)


def unanswered(script: Script) -> None:
    """Nobody answers for a while; what comes before WELCOME, or welcomes another session, is ignored."""
    script.begin()
    script.do("offer", 1)
    for _ in range(9):
        script.poll(0.9)
    script.session = 4
    script.receive(script.welcome(session=f"{3:032x}"))
    script.poll(0.01)
    script.audio()
    script.pong(credit=9)
    script.poll(0.01)
    script.receive(script.welcome())
    script.poll(0.01)


def refusals(script: Script) -> None:
    """Errors told by the server: shown, retried at once, retried after two seconds, and final."""
    script.joined()
    script.error("bad_value", fatal=False, field="boxes[3].x1")
    script.error("no_such_code", fatal=False, field="")
    script.poll(0.01)
    script.error("unknown_session", fatal=True)
    script.poll(0.01)
    script.session += 1
    script.error("server_full", fatal=True, field="session")
    script.poll(0.01)
    for _ in range(5):
        script.poll(0.5)
    script.session += 1
    script.receive(script.welcome())
    script.poll(0.01)
    script.error("hello_first", fatal=True)
    script.poll(0.01)
    script.session += 1
    script.receive(script.welcome())
    script.poll(0.01)
    script.error("service_failed", fatal=True)
    script.poll(0.01)
    script.do("offer", 1)
    script.poll(5)


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
        {"type": "PONG", "sent_client_s": 1, "received_server_s": 1, "sent_server_s": 1, "credit": 1.0},
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
    script.header(type="HELLO", session="0" * 32, wire="1.0", min_wire="1.0", package="0.1.0")
    script.header(type="PING", sent_client_s=1.0)
    script.poll(0.001)
    script.audio()
    script.poll(0.001)
    script.do("listen", 320)


def full_buffers(script: Script) -> None:
    """The transport takes nothing for a while: a frame stays in the slot unless a newer one comes, a ping is lost."""
    script.joined()
    script.do("block", "frames", 1)
    script.do("offer", 1)
    script.poll(0.01)
    script.do("offer", 2)
    script.do("block", "control", 1)
    script.poll(0.2)
    script.do("block", "frames", 0)
    script.poll(0.01)
    script.do("block", "control", 0)
    for _ in range(12):
        script.poll(0.1)


def clock_offset(script: Script) -> None:
    """Echoes quick and slow: the quickest of the last sixteen counts, and is seen in the frames."""
    script.joined()
    trips_ms = (9, 30, 4, 80, 12, 7, 3, 60) + 20 * (25,)
    for number, trip_ms in enumerate(trips_ms):
        script.wait(0.1)
        script.pong(trip_s=trip_ms / 1000, ahead_s=100 + 0.01 * (number % 5), credit=number + 2)
        script.poll()
        script.do("offer", number)


def pauses(script: Script) -> None:
    """The game stands still for thirty seconds, once with pings that go on, once with everything at rest."""
    script.do("pause")
    script.do("resume")
    script.joined()
    script.audio(n=800)
    script.poll()
    script.do("listen", 300)
    script.do("pause")
    script.do("listen", 100)
    for _ in range(30):
        script.pong()
        script.poll(1)
    script.audio()
    script.poll()
    script.do("listen", 100)
    script.do("resume")
    script.audio(start=0, n=600, epoch=1)
    script.poll(0.02)
    script.do("listen", 500)
    script.wait(30)
    script.do("offer", 2)
    script.session += 1
    script.poll()
    script.receive(script.welcome())
    script.poll(0.01)
    script.audio(n=500)
    script.poll(0.01)
    script.do("listen", 400)


def goodbyes(script: Script) -> None:
    """BYE from the server is followed by HELLO, BYE from the game by nothing until it begins again."""
    script.joined()
    script.receive(Bye())
    script.session += 1
    script.poll()
    script.receive(script.welcome())
    script.poll(0.01)
    script.do("bye", "level ends")
    script.do("offer", 1)
    script.do("reset", "nobody hears this")
    script.poll(3)
    script.do("bye")
    script.joined()
    script.do("offer", 2)


def restart_amid_a_fade(script: Script) -> None:
    """The new session is welcomed while the old sound still fades out: the fade goes on."""
    script.joined()
    script.audio(n=300)
    script.poll()
    script.do("listen", 280)
    script.do("lost")
    script.session += 1
    script.poll(0.001)
    script.do("listen", 30)
    script.receive(script.welcome())
    script.poll(0.001)
    script.do("listen", 40)
    script.do("pause")
    script.do("listen", 8)


def chunk_sizes(script: Script) -> None:
    """Chunks of one sample, of whole seconds, and of numbers that take one, two and four bytes."""
    script.joined()
    for size in (1, 127, 128, 255, 256):
        script.audio(n=size)
        script.poll(0.001)
    script.receive(StatsMessage({f"v{number}": float(number) for number in range(256)}))
    script.poll(0.001)
    script.do("listen", 700)
    script.audio(start=2**40, n=300)
    script.poll(0.001)
    script.audio(n=4 * RATE_HZ)
    script.poll(0.001)
    script.do("listen", 500)


ALL: tuple[Callable[[Script], None], ...] = (
    first_sound,
    late_audio,
    lost_chunk,
    remade,
    new_epoch,
    underruns,
    shrink,
    other_rate,
    credit,
    lost_credit,
    heartbeats,
    connection_breaks,
    last_word_before_the_break,
    unanswered,
    refusals,
    wrong_version_told,
    wrong_version_seen,
    newer_minor_version,
    broken_messages,
    full_buffers,
    clock_offset,
    pauses,
    goodbyes,
    restart_amid_a_fade,
    chunk_sizes,
)
FUZZ_SEEDS = (1, 2, 3, 4, 5, 6)


def scripts() -> dict[str, list[str]]:
    """The commands of every script by its name; the first line of each says what it is about."""
    written: dict[str, list[str]] = {}
    for write in ALL:
        script = Script()
        write(script)
        written[write.__name__] = [f"# {write.__doc__}", *script.lines]
    for seed in FUZZ_SEEDS:
        written[f"fuzz_{seed}"] = [f"# {fuzz.__doc__}", *fuzz(seed)]
    return written
