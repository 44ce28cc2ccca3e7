"""Options of a client, and the error when it cannot connect."""

from __future__ import annotations

from dataclasses import dataclass

from stereosync.errors import StereoSyncError
from stereosync_bridge.security import ClientCurve
from stereosync_bridge.version import PACKAGE


class BridgeConnectError(StereoSyncError, ConnectionError):
    """No session came about; the sentence names the likely causes."""


@dataclass(frozen=True)
class ClientOptions:
    """Options of a client."""

    control_address: str = "tcp://127.0.0.1:5750"
    frames_address: str | None = None  # None: the control address's host and the port that WELCOME names
    insecure: bool = False  # connect beyond this machine without keys
    curve: ClientCurve | None = None  # keys for another machine's service
    name: str = "python"  # of the client, as HELLO says it
    engine: str = ""  # the game engine and its version
    package: str = PACKAGE  # the client's own version
    connect_timeout_s: float = 5.0
    picture_format: str = "rgb8"  # or "jpeg"
    jpeg_quality: int = 80  # 1 to 100
    reconnect: bool = True  # begin another session after a loss
    observer: bool = False  # look on: no sound, no frames, and STATS of every session


def no_frame_used(address: str, frames_sent: int) -> str:
    """The likely causes of a session that is connected and silent."""
    return (
        f"{frames_sent} frames were sent to {address} and none was used: its port is not reachable though the other is "
        "(stereosync-serve --frames-bind, a firewall, a port that is not published), or the frames are above 16 MiB"
    )


def no_answer(options: ClientOptions, limit_s: float) -> str:
    """The likely causes of silence; a wrong CURVE key is one of them, and libzmq does not tell the client."""
    keys = "this client's key is not in the server's allow-list, or the server's public key is another one"
    if options.curve is None:
        keys = "the server demands CURVE keys and this client has none"
    return (
        f"no answer from {options.control_address} in {limit_s:g} s: the server is not running, "
        f"the address is another, a firewall is in the way, or {keys}"
    )
