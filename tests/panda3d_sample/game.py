"""A small game for the tests: the sample's walker, off-screen. Says as JSON what its bridge did.

    python game.py ADDRESS SECONDS WAV AHEAD_MS

WAV is where OpenAL records what is played; its growth tells at what time each of its samples was handed over.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from stereosync_bridge.client_options import ClientOptions
from stereosync_bridge.events import AudioReceived, ClientEvent
from stereosync_panda3d.component import PandaBridge
from stereosync_panda3d.options import PandaOptions, Telling
from stereosync_panda3d.status import Status
from walk import open_base
from walker import Walker

WAV_HEADER_BYTES, WAV_FRAME_BYTES, WAV_RATE_HZ = 68, 8, 48_000


class Heard(Status):
    """Keeps of each chunk where it begins and the frame that it was made from."""

    def __init__(self, *of_status: Any) -> None:
        super().__init__(*of_status)
        self.chunks: list[tuple[int, float | None]] = []

    def handle(self, event: ClientEvent, now_s: float) -> None:
        super().handle(event, now_s)
        if isinstance(event, AudioReceived):
            self.chunks.append((event.chunk.start_sample, event.capture_time_s))


def main() -> None:
    address, seconds, wav = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
    base = open_base(offscreen=True)
    walker = Walker(base.render)
    options = PandaOptions(ClientOptions(address, name="game", engine="panda3d"), ahead_ms=float(sys.argv[4]))
    bridge = PandaBridge(base, options)
    bridge.status = heard = Heard(address, bridge.clock())
    left, right = walker.soles
    bridge.add_character(walker.body, telling=Telling(left=(left,), right=(right,)))
    end_s, wav_began_s, frames = bridge.clock() + seconds, float("inf"), 0
    while bridge.clock() < end_s:
        walker.walk_to(base.clock.getFrameTime())
        base.taskMgr.step()
        frames += 1
        written = (wav.stat().st_size - WAV_HEADER_BYTES) / WAV_FRAME_BYTES if wav.exists() else 0.0
        if written > 0:
            wav_began_s = min(wav_began_s, bridge.clock() - written / WAV_RATE_HZ)
    ring = bridge.ring
    told = {
        "line": bridge.line(),
        "frames": frames,
        "sent": bridge.worker.frames_sent,
        "underruns": ring.underruns,
        "late": ring.late_samples,
        "gap": ring.gap_samples,
        "skipped": ring.skipped_samples,
        "stalls": bridge.worker.stalls,
        "wav_began_s": wav_began_s,
        "chunks": heard.chunks,
    }
    base.destroy()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
