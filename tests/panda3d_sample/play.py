"""A game for the tests of the component: it pauses, goes on, cuts, looks askew, and ends. Says as JSON how it went.

python play.py ADDRESS
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from stereosync.scene import ToldRoom, ToldScene
from stereosync_bridge.client_options import ClientOptions
from stereosync_panda3d.component import PandaBridge
from stereosync_panda3d.options import PandaOptions, Telling
from walk import open_base
from walker import Walker


def main() -> None:
    base = open_base(offscreen=True)
    walker = Walker(base.render)
    bridge = PandaBridge(base, PandaOptions(ClientOptions(sys.argv[1], name="play")))
    left, right = walker.soles
    number = bridge.add_character(walker.body, telling=Telling(left=(left,), right=(right,)))
    bridge.tell_contact(number, "left", in_s=1.0, strength=0.75)
    bridge.tell_scene(ToldScene(place="cave", room=ToldRoom(12.0, 0.75)))
    told: dict[str, Any] = {"characters": number}

    def run(seconds: float, nap_s: float = 0.0) -> None:
        end_s = bridge.clock() + seconds
        while bridge.clock() < end_s:
            walker.walk_to(base.clock.getFrameTime())
            base.taskMgr.step()
            time.sleep(nap_s)

    def note(name: str) -> None:
        told[name] = {
            "line": bridge.line(),
            "told": bridge.status.told,
            "sent": bridge.worker.frames_sent,
            "epoch": bridge.ring.epoch,
        }

    run(1.5)
    note("playing")
    before = bridge.ring.underruns
    run(1.2, nap_s=0.1)  # what Panda3D does in a minimised window
    told["underruns while slow"] = bridge.ring.underruns - before
    bridge.pause()
    run(0.8)
    note("paused")
    bridge.resume()
    run(1.0)
    note("resumed")
    bridge.cut("another scene")
    run(1.0)
    note("cut")
    base.camLens.setFilmOffset(0.1, 0)
    run(0.3)
    note("off axis")
    base.camLens.setFilmOffset(0, 0)
    told["text"] = bridge._overlay._text.getText() if bridge._overlay else ""
    base.destroy()
    bridge.close()
    told["threads"] = threading.active_count()
    told["tasks"] = [task.name for task in base.taskMgr.getAllTasks() if task.name.startswith("stereosync")]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
