"""How a client connects, and what it says when it cannot."""

from __future__ import annotations

from dataclasses import dataclass

from stereosync.errors import StereoSyncError
from stereosync_bridge.security import ClientCurve
from stereosync_bridge.version import PACKAGE


class BridgeConnectError(StereoSyncError, ConnectionError):
    """No session came about; the sentence names the likely causes."""


@dataclass(frozen=True)
class ClientOptions:
    """`frames_address` None takes the control address's host and the port that WELCOME names."""

    control_address: str = "tcp://127.0.0.1:5750"
    frames_address: str | None = None
    insecure: bool = False
    curve: ClientCurve | None = None
    name: str = "python"
    engine: str = ""
    package: str = PACKAGE
    connect_timeout_s: float = 5.0
    picture_format: str = "rgb8"
    jpeg_quality: int = 80
    reconnect: bool = True


def no_answer(options: ClientOptions, limit_s: float) -> str:
    """The likely causes of silence; a wrong CURVE key is one of them, and libzmq does not tell the client."""
    keys = "this client's key is not in the server's allow-list, or the server's public key is another one"
    if options.curve is None:
        keys = "the server demands CURVE keys and this client has none"
    return (
        f"no answer from {options.control_address} in {limit_s:g} s: the server is not running, "
        f"the address is another, a firewall is in the way, or {keys}"
    )
