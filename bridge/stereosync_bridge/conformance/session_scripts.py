"""Scripts about sessions: credit, heartbeats, losses, refusals, the clock."""

from __future__ import annotations

from stereosync_bridge.conformance.script import Script
from stereosync_bridge.messages import Bye


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


def frames_never_answered(script: Script) -> None:
    """Frames are lost for 5 s and it is told once; in the next session an AUDIO, in the third an ERROR is an answer."""
    for answer in ("none", "audio", "error"):
        script.joined()
        script.poll(0.5)
        script.do("offer", 1)
        for beat in range(1, 16):
            script.wait(0.5)
            script.pong(credit=1 + beat // 4)
            if beat == 2 and answer == "audio":
                script.audio(capture_client_s=script.time_s)
            if beat == 2 and answer == "error":
                script.error("bad_value", fatal=False)
            script.do("offer", beat)
            script.do("poll")
        script.do("bye", "next")


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
