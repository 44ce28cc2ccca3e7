"""Run by the Python of a fresh environment: the installed service makes a chunk for one walker of a real client.

Prints `chunk N`: the number of samples of the first chunk that the model made (not concealed) and that is no silence.
"""

import importlib.util
import math
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from stereosync.scene import Box, Camera, Chunk, SceneFrame
from stereosync_bridge.client import BridgeClient, ClientOptions
from stereosync_bridge.events import AudioReceived

LIMIT_S = 60.0


def frame(index: int) -> SceneFrame:
    """A grey scene with a box that walks."""
    camera = Camera(vertical_fov_rad=math.radians(60), aspect=16 / 9)
    box = Box(1, "walker", 100.0 + index, 60.0, 140.0 + index, 150.0 + index % 3)
    depth_m = np.full((90, 160), 5.0, dtype=np.float32)
    return SceneFrame(index, time.monotonic(), camera, np.full((180, 320, 3), 90, np.uint8), depth_m, (box,))


def first_sound(client: BridgeClient) -> Chunk:
    """The first chunk that the model made and that is not silent."""
    give_up_s = time.monotonic() + LIMIT_S
    index = 0
    while time.monotonic() < give_up_s:
        client.offer_frame(frame(index))
        index += 1
        for event in client.poll(30.0):
            if isinstance(event, AudioReceived) and event.chunk.steps > 0 and np.any(event.chunk.samples):
                return event.chunk
    raise TimeoutError(f"no sound within {LIMIT_S} s; counters: {client.counters}")


def main() -> None:
    for absent in ("torch", "onnx", "panda3d"):
        assert importlib.util.find_spec(absent) is None, f"{absent} is installed"
    command = [str(Path(sys.executable).with_name("stereosync-serve")), "--bind", "tcp://127.0.0.1:0"]
    command += ["--frames-bind", "tcp://127.0.0.1:0", "--seconds", str(LIMIT_S)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        ready = next(line for line in service.stdout if line.startswith("ready "))
        addresses = dict(word.split("=", 1) for word in ready.split()[1:])
        client = BridgeClient(ClientOptions(addresses["control"], addresses["frames"]), time.monotonic)
        client.connect()
        print("chunk", len(first_sound(client).samples))
        client.close()
        service.terminate()


if __name__ == "__main__":
    main()
