"""Scripts about what is heard: places in the stream, fades, rates, pauses."""

from __future__ import annotations

import numpy as np

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


def too_loud(script: Script) -> None:
    """Samples beyond full scale are held at it."""
    script.joined()
    for level in (1.5, 3.4e38, -3.4e38, 0.5):
        script.audio(samples=level * tone(0, CHUNK) / np.float32(0.5))
    script.poll()
    script.do("listen", 4 * CHUNK)


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
