"""One run of the real service with the shipped bundle and one client, both in this process, every call recorded.

One character with a box, CPU, 1 sampler step, 2 latents per chunk. The client shows a frame when a chunk has come, and
the next when a few more have: the worker has just become free, and no other frame is on its way. The client and its
sockets live in a thread that is not recorded.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from commands import ROOT
from house_files import House
from house_frame import Way, all_ways
from house_trace import Call, Look, Recorder, recording

if TYPE_CHECKING:
    from clients import PlayingClient

SECONDS = 10.0
CHUNKS_PER_FRAME = 3
LONGEST_WAIT_S = 0.5
NEVER = 1e-6  # frames per second: each is shown when we say so
CONDITIONS = "bundle `walk`, CPU, 1 sampler step, 2 latents per chunk, one character with a box"


def import_ours() -> None:
    """See to it that the packages of this repository are imported, and none that is installed."""
    sys.path[:0] = [str(folder.parent) for folder in House().packages.values()] + [str(ROOT / "bench")]


def traced_ways() -> list[Way]:
    """The ways of the frames that became a chunk undisturbed; none if the machine was too busy."""
    return all_ways(traced_threads())


def traced_threads(seconds: float = SECONDS) -> list[list[Call]]:
    """The calls of each thread of a service that one client uses."""
    from clients import PlayingClient

    recorder = Recorder(ROOT, _looks())
    with _service(recorder) as place:
        client = PlayingClient(place, "house", NEVER)
        try:
            _play(client, seconds)
        finally:
            client.close()
    return recorder.roots()


def _play(client: PlayingClient, seconds: float) -> None:
    """Show frames one by one."""
    reel, end_s = _one_walker(), time.perf_counter() + seconds
    shown_s, chunks = 0.0, 0
    while (now_s := time.perf_counter()) < end_s:
        come = len(client.heard().arrivals)
        if come >= chunks + CHUNKS_PER_FRAME or now_s > shown_s + LONGEST_WAIT_S:
            client.begin(now_s)
            shown_s, chunks = now_s, come
        client.tick(reel, timeout_ms=2.0)


def _one_walker() -> Any:
    from walkers import Reel

    class OneWalker(Reel):
        """Frames with a single character."""

        def frame(self, index: int, time_s: float) -> Any:
            shown = super().frame(index, time_s)
            return replace(shown, boxes=shown.boxes[:1])

    return OneWalker()


@contextmanager
def _service(recorder: Recorder) -> Iterator[Any]:
    from clients import Place

    from stereosync_runtime.options import ServeOptions
    from stereosync_runtime.serve import open_service

    any_port = "tcp://127.0.0.1:0"
    options = ServeOptions(bind=any_port, frames_bind=any_port, device="cpu", steps=1, chunk_ms=40, seed=1)
    stop = threading.Event()
    with open_service(options) as service, recording(recorder):
        thread = threading.Thread(target=service.run, args=(stop,), name="stereosync-io")
        thread.start()
        try:
            yield Place(service.control_address, service.frames_address)
        finally:
            stop.set()
            thread.join()


def _looks() -> dict[tuple[CodeType, str], Look]:
    """Looks at calls that note when a poll's frames were captured, and so the frame behind each chunk."""
    from stereosync_bridge.events import FrameReceived
    from stereosync_bridge.server import BridgeServer

    def frames(_: FrameType, events: Any) -> object:
        return tuple(event.captured_s for event in events or () if isinstance(event, FrameReceived))

    def newest_frame(frame: FrameType, _: Any) -> object:
        return frame.f_locals["capture_time_s"]

    return {(BridgeServer.poll.__code__, "return"): frames, (BridgeServer.send_audio.__code__, "call"): newest_frame}
