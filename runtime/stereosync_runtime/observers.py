"""Those who look on: each second they are sent what arrives of every session, and make no sound.

Threads: the I/O thread makes every call.
"""

from __future__ import annotations

from collections.abc import Mapping

from stereosync_bridge.peer import Peer
from stereosync_bridge.server import BridgeServer

SHORT = 8  # digits of a session id that are told to others: who knows all of them could speak for its client
SEPARATOR = "."  # between these digits and the name of a figure
MAX_VALUES = 256  # of a STATS message


class Observers:
    """The observers of a service."""

    def __init__(self, server: BridgeServer) -> None:
        self._server = server
        self._ids: set[str] = set()

    def add(self, session_id: str) -> None:
        self._ids.add(session_id)

    def remove(self, session_id: str) -> None:
        self._ids.discard(session_id)

    def tell(self, service: Mapping[str, float], sessions: Mapping[str, Mapping[str, float]]) -> None:
        """Send the figures of each session, by the beginning of its id, and last those of the service."""
        if not self._ids:
            return
        named = [
            (f"{session_id[:SHORT]}{SEPARATOR}{name}", value)
            for session_id, values in sessions.items()
            for name, value in {**values, **_of_peer(self._server.peer(session_id))}.items()
        ]
        for observer in self._ids:
            for start in range(0, len(named), MAX_VALUES):
                self._server.send_stats(observer, dict(named[start : start + MAX_VALUES]))
            self._server.send_stats(observer, service)


def _of_peer(peer: Peer | None) -> dict[str, float]:
    """What the bridge knows of a session: credits, and the warnings that it was told."""
    if peer is None:
        return {}
    figures: dict[str, float] = {"frames_lost": peer.lost, "frames_over_credit": peer.over_credit}
    return figures | {f"warned.{code}": 1.0 for code in peer.warned}
