"""A clock and a transport that are turned by hand; what the client does with them becomes lines."""

from __future__ import annotations

from collections.abc import Iterator

from stereosync_bridge import golden

LANES = ("control", "frames")


class HandClock:
    """Shows `now_s` until it is set."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class HandLink:
    """The transport of `BridgeClient` with both ends in the hand; each open, close and send is a line of `lines`."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._open: set[str] = set()
        self._blocked: set[str] = set()
        self._waiting: dict[str, list[list[bytes]]] = {lane: [] for lane in LANES}
        self._broken = False

    # The server's and the network's side

    def arrive(self, lane: str, parts: list[bytes]) -> None:
        """A message comes; without a socket for it, it is lost."""
        if lane in self._open:
            self._waiting[lane].append(parts)

    def break_connection(self) -> None:
        self._broken = "control" in self._open

    def block(self, lane: str, blocked: bool) -> None:
        (self._blocked.add if blocked else self._blocked.discard)(lane)

    # The client's side

    def open_control(self, address: str) -> None:
        self.close_sockets()
        self._open_lane("control", address)

    def open_frames(self, address: str) -> None:
        self._open_lane("frames", address)

    def _open_lane(self, lane: str, address: str) -> None:
        self._open.add(lane)
        self.lines.append(f"open {lane} {address}")

    def wait(self, timeout_ms: float) -> None:
        """Nothing to wait for: all that comes has come."""

    def take_lost(self) -> bool:
        broken, self._broken = self._broken, False
        return broken

    def receive_all(self) -> Iterator[list[bytes]]:
        for lane in LANES:
            while self._waiting[lane]:
                yield self._waiting[lane].pop(0)

    def send_control(self, parts: list[bytes]) -> bool:
        return self._send("control", parts)

    def send_frame(self, parts: list[bytes]) -> bool:
        return self._send("frames", parts)

    def _send(self, lane: str, parts: list[bytes]) -> bool:
        if lane not in self._open or lane in self._blocked:
            return False
        self.lines.append(f"send {lane} {golden.pack(parts).hex()}")
        return True

    def close_sockets(self) -> None:
        if self._open:
            self.lines.append("close")
        self._open.clear()
        self._broken = False
        self._waiting = {lane: [] for lane in LANES}

    def close(self) -> None:
        self.close_sockets()
