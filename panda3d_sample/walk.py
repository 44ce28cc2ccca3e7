"""A figure walks to and fro and is heard: `python panda3d_sample/walk.py` beside a running `stereosync-serve`.

`--offscreen` draws without a window, as on a machine without a screen.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from walker import Walker

SETTINGS = """
window-title StereoSync walk
clock-mode limited
clock-frame-rate 60
sleep-precision 0.001
"""
GROUND = "stone"
PALE, DARK = (0.52, 0.5, 0.47), (0.44, 0.42, 0.4)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connect", default="tcp://127.0.0.1:5750", metavar="ADDR", help="the service's control lane")
    parser.add_argument("--offscreen", action="store_true", help="draw without a window")
    parser.add_argument("--seconds", type=float, metavar="S", help="how long; until the window is closed if absent")
    return parser


def open_base(offscreen: bool) -> Any:
    """A ShowBase with a camera at the height of a head, looking at tiles under a blue sky."""
    from panda3d.core import loadPrcFileData

    loadPrcFileData("walk", SETTINGS)
    if offscreen and sys.platform.startswith("linux"):
        os.environ.setdefault("LP_NUM_THREADS", "1")  # drawn by the processor: one core is enough
        loadPrcFileData("walk", "load-display p3headlessgl\nwin-size 320 180")  # needs no screen
    from direct.showbase.ShowBase import ShowBase

    base = ShowBase(windowType="offscreen" if offscreen else "onscreen")
    base.disableMouse()
    base.setBackgroundColor(0.55, 0.7, 0.9, 1)
    base.camera.setPosHpr(0, 0, 1.7, 0, -6, 0)
    base.camLens.setMinFov(50)
    base.camLens.setNearFar(0.1, 200)
    lay_ground(base.render)
    return base


def lay_ground(render: Any) -> None:
    """Tiles of a metre, so that the ground shows its distance, over a floor that says what it is."""
    from panda3d.core import CardMaker, CollisionNode, CollisionPlane, Plane, Point3, Vec3

    floor = render.attachNewNode(CollisionNode("floor"))
    floor.node().addSolid(CollisionPlane(Plane(Vec3.up(), Point3(0, 0, 0))))
    floor.setTag("surface", GROUND)
    tile = CardMaker("tile")
    tile.setFrame(0, 1, 0, 1)
    ground = render.attachNewNode("ground")
    for x in range(-12, 12):
        for y in range(24):
            path = ground.attachNewNode(tile.generate())
            path.setPosHpr(x, y, 0, 0, -90, 0)
            path.setColor(*(PALE if (x + y) % 2 else DARK), 1)
    ground.flattenStrong()


def main(arguments: list[str] | None = None) -> int:
    given = build_parser().parse_args(arguments)
    from stereosync_bridge.client_options import ClientOptions
    from stereosync_panda3d.component import PandaBridge
    from stereosync_panda3d.options import PandaOptions, Telling

    base = open_base(given.offscreen)
    walker = Walker(base.render)
    bridge = PandaBridge(base, PandaOptions(ClientOptions(given.connect, name="walk.py", engine="panda3d")))
    left, right = walker.soles
    bridge.add_character(walker.body, telling=Telling(left=(left,), right=(right,)))
    base.accept("p", lambda: bridge.resume() if bridge.paused else bridge.pause())
    base.accept("escape", sys.exit)

    def move(task: Any) -> int | None:
        if not bridge.paused:
            walker.walk_to(base.clock.getFrameTime())
        return None if given.seconds and task.time > given.seconds else int(task.cont)

    step = base.taskMgr.add(move, "walk")
    while step.isAlive():
        base.taskMgr.step()
    print(bridge.status.told)
    print(bridge.line())
    base.destroy()
    return 0


if __name__ == "__main__":
    sys.exit(main())
