"""The component: a game makes one `PandaBridge`, names its characters, and is heard.

Threads: the thread of the task manager makes every call. Messages and sound have a thread of their own, the worker.
"""

from __future__ import annotations

import time
from typing import Any

from stereosync.scene import SIDES, ToldContact, ToldScene
from stereosync_bridge.ring import PlaybackRing
from stereosync_panda3d.capture import Capture
from stereosync_panda3d.lens import LensError
from stereosync_panda3d.options import PandaOptions, Telling
from stereosync_panda3d.overlay import Overlay
from stereosync_panda3d.player import NoSoundError, PandaPlayer
from stereosync_panda3d.status import Status
from stereosync_panda3d.worker import Worker

BEFORE_RENDER, AFTER_RENDER = 49, 51  # sort of the tasks; Panda3D draws at 50
TASKS = {"stereosync before render": BEFORE_RENDER, "stereosync after render": AFTER_RENDER}
WORKER_ENDED = "the worker thread has ended: the console says why"


class PandaBridge:
    """Joins a running `ShowBase` to the service. It connects by itself, and again when the service comes back.

    Raises:
        CaptureError, NoBufferError: the game's set-up cannot be captured; the sentence says what to change.
        SecurityError: an address beyond this machine without keys.
    """

    def __init__(self, base: Any, options: PandaOptions | None = None) -> None:
        self._base, self.options = base, options or PandaOptions()
        self.clock = time.perf_counter  # time.monotonic moves in steps of 16 ms on Windows
        self.capture = Capture(base.win, base.cam, self.clock, self.options.capture)
        self.capture.scene = self.options.scene
        self.status = Status(self.options.client.control_address, self.clock())
        self.ring, self.paused, self._closed = PlaybackRing(), False, False
        player = self._open_player() if self.options.speak else None
        device_ms = self.options.device_ms + (0.0 if player is None else self.options.ahead_ms)
        self.worker = Worker(self.options.client, self.clock, self.ring, player, device_ms)
        self._overlay = Overlay() if self.options.overlay else None
        for (name, sort), work in zip(TASKS.items(), (self._before_render, self._after_render), strict=True):
            base.taskMgr.add(work, name, sort=sort)
        base.finalExitCallbacks.append(self.close)

    def _open_player(self) -> PandaPlayer | None:
        """The player, which the worker alone uses from here on."""
        options = self.options
        try:
            return PandaPlayer(self.ring.read, self.ring.sample_rate_hz, options.ahead_ms, options.volume)
        except NoSoundError as error:
            self.status.no_sound(str(error))
            return None

    def add_character(self, body: Any, feet: Any = None, label: str = "person", telling: Telling | None = None) -> int:
        """Give a node path a box, and so the sound of its steps; see `Capture.add_character`."""
        return self.capture.add_character(body, feet, label, telling)

    def remove_character(self, number: int) -> None:
        """No box for this character any more."""
        self.capture.remove_character(number)

    def tell_contact(
        self, number: int, side: str, in_s: float = 0.0, strength: float | None = None, surface: str | None = None
    ) -> None:
        """A foot of this character comes down `in_s` from now: best told 0.1 to 0.5 s ahead. See `ToldContact`.

        Raises:
            ValueError: `side` is not left or right, or `strength` not 0 to 1.
        """
        if side not in SIDES:
            raise ValueError(f"side must be left or right, got {side!r}")
        if strength is not None and not 0 <= strength <= 1:
            raise ValueError(f"strength must be 0 to 1, got {strength:g}")
        self.capture.teller.tell_contact(number, ToldContact(side, self.clock() + in_s, strength, surface))

    def tell_surface(self, number: int, surface: str | None) -> None:
        """Tell the surface under this character, in the game's own word; None leaves it to the floor's tag."""
        self.capture.teller.tell_surface(number, surface)

    def tell_scene(self, scene: ToldScene | None) -> None:
        """Tell the place around the camera; None leaves it to the picture."""
        self.capture.scene = scene

    def _before_render(self, task: Any) -> int:
        for event in self.worker.events():
            self.status.handle(event, self.clock())
        if self.status.connected and not self.paused:
            self.capture.before_render()
        return int(task.cont)

    def _after_render(self, task: Any) -> int:
        try:
            frame = self.capture.after_render()
            if frame is not None:
                self.status.saw(frame)
                self.worker.offer(frame)
        except LensError as error:
            self.status.tell(str(error))
        if self._overlay is not None:
            self._overlay.show(f"{self.line()}\n{self.status.told}")
        return int(task.cont)

    def line(self) -> str:
        """One line on the state, or on what to do when nothing is heard."""
        if not self.worker.alive and not self._closed:
            return WORKER_ENDED
        return self.status.line(self.clock(), self.ring.buffered_ms, self.ring.underruns, self.paused)

    def pause(self) -> None:
        """The game stands still: the sound fades out."""
        self.paused = True
        self.worker.order(lambda _, stream: stream.pause())

    def resume(self) -> None:
        """The game goes on; what is heard begins with what is seen now."""
        self.paused = False
        self.status.resumed(self.clock())
        self.worker.order(lambda _, stream: stream.resume())

    def cut(self, reason: str = "cut") -> None:
        """The picture jumped (new scene, teleport, another camera): the service forgets what it saw."""
        self.worker.order(lambda client, _: client.reset(reason))

    def close(self) -> None:
        """Say bye, fall silent, give everything back. Called by itself when the game ends; twice is harmless."""
        if self._closed:
            return
        self._closed = True
        for name in TASKS:
            self._base.taskMgr.remove(name)
        self.worker.close()
        if self._overlay is not None:
            self._overlay.close()
        self.capture.close()
