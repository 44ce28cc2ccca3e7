"""Long scripts drawn from a seed: what nobody thought of."""

from __future__ import annotations

import random

from stereosync_bridge.conformance.script import CHUNK, Script
from stereosync_bridge.messages import Bye, Credit

STEPS = 300
CHANCES = {
    "audio": 30,
    "listen": 30,
    "offer": 9,
    "told": 6,
    "pong": 6,
    "credit": 2,
    "poll": 10,
    "epoch": 3,
    "pause": 2,
    "lost": 1,
    "bye": 1,
    "block": 2,
    "reset": 1,
    "device": 1,
}


def fuzz(seed: int) -> list[str]:
    """A server and a game that do anything at any time."""
    draw, script = random.Random(seed), Script()
    script.joined()
    epoch = 0
    for index in range(STEPS):
        script.wait(round(draw.choice((0.0, 0.003, 0.01, 0.04, 0.04, 0.3)), 3))
        kind = draw.choices(tuple(CHANCES), tuple(CHANCES.values()))[0]
        if kind == "audio":
            _audio(script, draw, epoch)
        elif kind == "listen":
            script.do("listen", draw.choice((0, 1, 33, 64, 128, 300, 512)))
        elif kind == "offer":
            script.do("offer", index)
        elif kind == "told":
            script.do("offer_told", index)
        elif kind == "pong":
            script.credit += draw.choice((0, 1, 1, 2))
            script.pong(trip_s=draw.uniform(0.001, 0.05), ahead_s=100 + draw.uniform(-0.01, 0.01))
        elif kind == "credit":
            script.receive(Credit(script.credit + draw.choice((-1, 0, 1))))
        elif kind == "device":
            script.do("device", draw.choice((0, 12.5, 80)))
        elif kind == "epoch":
            epoch += 1
            script.audio(start=draw.choice((0, 0, 50)), n=draw.randrange(1, 700), epoch=epoch)
        elif kind == "block":
            script.do("block", draw.choice(("control", "frames")), draw.choice((0, 0, 1)))
        elif kind in ("lost", "bye"):
            epoch = _rejoin(script, kind)
        elif kind == "pause":
            script.do(draw.choice(("pause", "resume", "resume")))
        elif kind == "reset":
            script.do("reset", f"cut {index}")
        script.do("poll")
    return script.lines


def _audio(script: Script, draw: random.Random, epoch: int) -> None:
    offset = draw.choices((0, draw.randrange(-400, 0), draw.randrange(1, 300)), (80, 12, 8))[0]
    start = max(0, script.next_sample + offset)
    old = epoch - 1 if epoch and draw.random() < 0.03 else epoch
    script.audio(start, draw.choice((CHUNK, CHUNK, 160, 640, draw.randrange(1, 900))), old)


def _rejoin(script: Script, kind: str) -> int:
    """The session ends; control is heard again and another session is welcomed."""
    script.do("block", "control", 0)
    if kind == "lost":
        script.do("lost")
    else:
        script.receive(Bye("fuzz"))
    script.do("poll")
    script.session += 1
    script.receive(script.welcome())
    return 0
