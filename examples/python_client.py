"""A grey figure walks by and is heard: a client in thirty lines. Run it beside `stereosync-serve`."""

import math
import threading
import time

import numpy as np
import sounddevice

from stereosync.scene import Box, Camera, SceneFrame
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.client_stream import ClientStream
from stereosync_bridge.events import AudioReceived, StatsReceived


def draw(index: int, now_s: float) -> SceneFrame:
    x, half = 160 + 110 * math.sin(0.6 * now_s), 9 + 6 * abs(math.sin(6 * now_s))  # the box breathes with the stride
    picture, depth_m = np.full((180, 320, 3), 110, np.uint8), np.full((90, 160), 20, np.float32)
    picture[62:158, int(x - half) : int(x + half)], depth_m[31:79, int(x - half) // 2 : int(x + half) // 2] = 50, 5
    box = Box(1, "walker", x - half, 62, x + half, 158)
    return SceneFrame(index, now_s, Camera(math.radians(50), 16 / 9), picture, depth_m, (box,))


def play() -> None:
    with card:
        while threading.main_thread().is_alive():
            card.write(stream.ring.read(480))


card = sounddevice.OutputStream(48_000, channels=2, dtype="float32", latency="low")
with BridgeClient(ClientOptions(name="example"), time.perf_counter) as client:
    stream, index = ClientStream(client), 0
    stream.report_device(1000 * card.latency)
    client.begin()
    threading.Thread(target=play, daemon=True).start()
    while True:
        if (now_s := time.perf_counter()) * 30 >= index:
            stream.offer(draw(index := int(now_s * 30) + 1, now_s))
        for event in stream.poll(timeout_ms=5):
            if not isinstance(event, AudioReceived | StatsReceived):
                print(event)
