"""A box walks to and fro and is heard: run it beside `stereosync-serve`; `--wav FILE` needs no sound card.

What a game knows is told: feet, contacts ahead, the ground. `--untold` leaves it to the picture.
"""

import argparse
import math
import sys
import threading
import time
import wave
from dataclasses import replace
from typing import Any

import numpy as np

from stereosync.scene import SIDES, Box, Camera, Foot, SceneFrame, ToldContact, ToldScene
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.client_stream import ClientStream
from stereosync_bridge.events import ErrorReceived, Unanswered
from stereosync_bridge.ring import PlaybackRing

WIDTH, HEIGHT, CAMERA = 320, 180, Camera(math.radians(50), 16 / 9)
DOWN = np.maximum((2 * (np.arange(HEIGHT) + 0.5) / HEIGHT - 1) * CAMERA.tan_half_vertical, 1e-9)  # slope of each row
GROUND_M = np.where(DOWN > 1e-6, 1.6 / DOWN, np.inf)  # the eye is 1.6 m above the ground, the upper half is sky
AWAY_M, STEPS_PER_S = 6.0, 1.9
STANCE, LIFT_M = 0.6, 0.12  # the share of two steps in which a foot stands, and how high it is lifted then
AHEAD_S = 0.4  # how long before them contacts are told


def x_m(time_s: float) -> float:
    """The walker's place across the picture, in metres."""
    return 2.5 * math.sin(0.55 * time_s)


def contact_s(number: float, side: int) -> float:
    """When a foot comes down for the `number`-th time; `side` 0 is the left one. The box is widest then."""
    return (2 * number + 0.5 - side) / STEPS_PER_S


def turns(time_s: float, side: int) -> tuple[float, float]:
    """The count of the foot's contacts so far, and the share of its two steps that is over since, 0 to 1."""
    return divmod((STEPS_PER_S * time_s - 0.5 + side) / 2, 1)


def foot_at(time_s: float, side: int) -> Foot:
    """A foot that stands does not move; then it swings to where it stands next. x right, y up, z forward."""
    number, over = turns(time_s, side)
    swing = max(0.0, (over - STANCE) / (1 - STANCE))
    here, there = (x_m(contact_s(count + STANCE / 2, side)) for count in (number, number + 1))
    x = here + (there - here) * swing * swing * (3 - 2 * swing)
    return Foot(SIDES[side], (x, LIFT_M * math.sin(math.pi * swing), AWAY_M))


def told(frame: SceneFrame, time_s: float, surface: str, scene: ToldScene | None) -> SceneFrame:
    """The frame with what is known beside its picture. Times are those of the frame's own clock."""
    ahead_s = {side: contact_s(turns(time_s, side)[0] + 1, side) - time_s for side in (0, 1)}
    contacts = tuple(
        ToldContact(SIDES[side], frame.capture_time_s + wait_s, strength=0.5)
        for side, wait_s in ahead_s.items()
        if wait_s <= AHEAD_S
    )
    feet = (foot_at(time_s, 0), foot_at(time_s, 1))
    return replace(frame, boxes=(replace(frame.boxes[0], feet=feet, contacts=contacts, surface=surface),), scene=scene)


def frame_at(time_s: float, index: int, capture_time_s: float) -> SceneFrame:
    """Someone 1.75 m tall walks to and fro, 6 m ahead; the box widens with every stride."""
    x, z, half = x_m(time_s), AWAY_M, 0.22 + 0.16 * abs(math.sin(math.pi * STEPS_PER_S * time_s))
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


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connect", default="tcp://127.0.0.1:5750", help="the service's control lane")
    parser.add_argument("--wav", help="write this file instead of playing")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--surface", default="gravel", help="what is told of the ground")
    parser.add_argument("--place", help="what is told of the place, e.g. forest; it is seen if absent")
    parser.add_argument("--untold", action="store_true", help="tell nothing")
    return parser.parse_args()


def connect(client: BridgeClient, stream: ClientStream) -> None:
    """Wait for the service, however long it takes."""
    client.begin()
    while not client.connected:
        for event in stream.poll(20):
            if isinstance(event, Unanswered | ErrorReceived):
                print(event, file=sys.stderr)


def main() -> None:
    given = parse_options()
    scene = None if given.place is None else ToldScene(place=given.place)
    with BridgeClient(ClientOptions(given.connect, name="python_walk"), time.perf_counter) as client:
        stream, stop, index = ClientStream(client), threading.Event(), 0
        connect(client, stream)
        card = None if given.wav else open_card(stream.ring.sample_rate_hz)
        stream.report_device(0.0 if card is None else 1000 * card.latency)
        speaker = threading.Thread(target=play, args=(stream.ring, card, given.wav, stop), daemon=True)
        speaker.start()
        start_s = time.perf_counter()
        while speaker.is_alive() and (time_s := time.perf_counter() - start_s) < given.seconds:
            if time_s >= index / 30:
                seen = frame_at(time_s, index, start_s + time_s)
                stream.offer(seen if given.untold else told(seen, time_s, given.surface, scene))
                index += 1
            stream.poll(5)
        stop.set()
        speaker.join()
        print(f"{index} frames, {client.counters['frames_sent']} sent, {stream.ring.underruns} underruns")


if __name__ == "__main__":
    main()
