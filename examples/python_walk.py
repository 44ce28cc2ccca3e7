"""A box walks across a grey ground and is heard: run it beside `stereosync-serve`; `--wav FILE` needs no sound card."""

import argparse
import math
import sys
import threading
import time
import wave
from typing import Any

import numpy as np

from stereosync.scene import Box, Camera, SceneFrame
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.client_stream import ClientStream
from stereosync_bridge.events import ErrorReceived, Unanswered
from stereosync_bridge.ring import PlaybackRing

WIDTH, HEIGHT, CAMERA = 320, 180, Camera(math.radians(50), 16 / 9)
DOWN = np.maximum((2 * (np.arange(HEIGHT) + 0.5) / HEIGHT - 1) * CAMERA.tan_half_vertical, 1e-9)  # slope of each row
GROUND_M = np.where(DOWN > 1e-6, 1.6 / DOWN, np.inf)  # the eye is 1.6 m above the ground, the upper half is sky


def frame_at(time_s: float, index: int, capture_time_s: float) -> SceneFrame:
    """Someone 1.75 m tall walks to and fro, 6 m ahead; the box widens with every stride."""
    x, z, half = 2.5 * math.sin(0.55 * time_s), 6.0, 0.22 + 0.16 * abs(math.sin(math.pi * 1.9 * time_s))
    across, up = WIDTH / 2 / CAMERA.tan_half_horizontal / z, HEIGHT / 2 / CAMERA.tan_half_vertical / z
    x0, x1 = (WIDTH / 2 + across * edge for edge in (x - half, x + half))
    box = Box(1, "walker", x0, HEIGHT / 2 - up * 0.15, x1, HEIGHT / 2 + up * 1.6, position_m=(x, -1.6, z))
    picture = np.full((HEIGHT, WIDTH, 3), 110, np.uint8)
    depth_m = np.repeat(GROUND_M[:, None], WIDTH, axis=1).astype(np.float32)
    inside = np.s_[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
    picture[inside], depth_m[inside] = (40, 70, 130), z
    return SceneFrame(index, capture_time_s, CAMERA, picture, depth_m[::2, ::2], (box,))


def open_card(rate_hz: int) -> Any:
    """A sound card that is written to, or a sentence and the end."""
    try:
        import sounddevice

        card = sounddevice.OutputStream(rate_hz, channels=2, dtype="float32", latency="low")
        card.start()
    except Exception as error:
        sys.exit(
            f"no sound card can be used ({error}): connect one, on Debian install libportaudio2, or give --wav FILE"
        )
    return card


def play(ring: PlaybackRing, card: Any, wav: str, stop: threading.Event) -> None:
    """The audio thread: 10 ms at a time, at the pace of the sound card or, into a file, of the clock."""
    rate_hz, began_s = ring.sample_rate_hz, time.perf_counter()
    if card is not None:
        while not stop.is_set():
            card.write(ring.read(rate_hz // 100))
        return
    with wave.open(wav, "wb") as file:
        file.setparams((2, 2, rate_hz, 0, "NONE", ""))
        while not stop.wait(max(0.0, began_s + file.tell() / rate_hz - time.perf_counter())):
            file.writeframes((ring.read(rate_hz // 100) * 32767).astype("<i2").tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connect", default="tcp://127.0.0.1:5750", help="the service's control lane")
    parser.add_argument("--wav", help="write this file instead of playing")
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    with BridgeClient(ClientOptions(given.connect, name="python_walk"), time.perf_counter) as client:
        stream, stop, index = ClientStream(client), threading.Event(), 0
        client.begin()
        while not client.connected:
            for event in stream.poll(20):
                if isinstance(event, Unanswered | ErrorReceived):
                    print(event, file=sys.stderr)
        card = None if given.wav else open_card(stream.ring.sample_rate_hz)
        speaker = threading.Thread(target=play, args=(stream.ring, card, given.wav, stop), daemon=True)
        speaker.start()
        start_s = time.perf_counter()
        while speaker.is_alive() and (time_s := time.perf_counter() - start_s) < given.seconds:
            if time_s >= index / 30:
                stream.offer(frame_at(time_s, index, start_s + time_s))
                index += 1
            stream.poll(5)
        stop.set()
        speaker.join()
        print(f"{index} frames, {client.counters['frames_sent']} sent, {stream.ring.underruns} underruns")


if __name__ == "__main__":
    main()
