"""The worker: a thread for what must not wait for the next picture. A game may take its time over one, or stand still
in a minimised window, and messages and sound go on.

Threads: the game's thread makes every call. The worker's own thread alone uses the client, the stream and the player.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator

from stereosync.scene import SceneFrame
from stereosync_bridge.client import BridgeClient
from stereosync_bridge.client_options import ClientOptions
from stereosync_bridge.client_stream import ClientStream
from stereosync_bridge.errors import WireError
from stereosync_bridge.events import ClientEvent, ErrorReceived
from stereosync_bridge.messages import ErrorMessage
from stereosync_bridge.ring import PlaybackRing
from stereosync_panda3d.player import PandaPlayer

TURN_MS = 4.0  # between two looks at the frame that waits and at the player
EVENTS_KEPT = 1000  # of a game that stands still

Order = Callable[[BridgeClient, ClientStream], None]


class Worker:
    """Connects at once. `player` None leaves the sound to the game: it reads `ring` in its own audio callback.

    `device_ms` lies between the ring and the ear.

    Raises:
        SecurityError: an address beyond this machine without keys, or keys that cannot be read.
    """

    def __init__(
        self,
        options: ClientOptions,
        clock: Callable[[], float],
        ring: PlaybackRing,
        player: PandaPlayer | None,
        device_ms: float = 0.0,
    ) -> None:
        self.ring = ring
        self._client, self._player = BridgeClient(options, clock), player
        self._stream = ClientStream(self._client, ring)
        self._stream.report_device(device_ms)
        self._frame: deque[SceneFrame] = deque(maxlen=1)
        self._orders: deque[Order] = deque()
        self._events: deque[ClientEvent] = deque(maxlen=EVENTS_KEPT)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stereosync", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def frames_sent(self) -> int:
        return self._client.counters["frames_sent"]

    @property
    def stalls(self) -> int:
        """Times at which the player's stream ran dry."""
        return 0 if self._player is None else self._player.stalls

    def offer(self, frame: SceneFrame) -> None:
        """Hand over a frame, in place of one that still waits."""
        self._frame.append(frame)

    def order(self, what: Order) -> None:
        """Have something done with client and stream, in the worker's thread, within a few milliseconds."""
        self._orders.append(what)

    def events(self) -> Iterator[ClientEvent]:
        """The events since the last call."""
        while self._events:
            yield self._events.popleft()

    def close(self) -> None:
        """Say bye, fall silent, end the thread."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._client.begin()
            while not self._stop.is_set():
                self._turn()
        finally:
            self._client.close()
            if self._player is not None:
                self._player.close()

    def _turn(self) -> None:
        while self._orders:
            self._orders.popleft()(self._client, self._stream)
        try:
            if self._frame:
                self._stream.offer(self._frame.popleft())
            self._events.extend(self._stream.poll(TURN_MS))
        except WireError as error:
            told = ErrorMessage(error.code, error.field[:128], error.rule[:512], fatal=False)
            self._events.append(ErrorReceived(told))
        if self._player is not None:
            if self._player.sample_rate_hz != self.ring.sample_rate_hz:
                self._player.restart(self.ring.sample_rate_hz)
            self._player.pump()
