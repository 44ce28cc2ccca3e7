"""StereoSync: stereo sound for games, made from the picture while they run.

Public names, of which `tests/core/test_front_door.py` keeps the list; what is not here may change.

    generate        frames to sound, offline: (samples, 2) at 48 kHz
    tape_frames     the frames of a recorded session, or of the "demo"
    SceneFrame, Box, Camera, Foot, ToldContact, ToldScene, ToldRoom     what a game sends with a frame
    BridgeClient, ClientOptions, ClientStream                           a game's client of a running service
    StereoSyncError the root of all errors
    __version__     of the package

Nothing is imported before it is asked for: a game that only sends frames needs no runtime.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stereosync.errors import StereoSyncError
    from stereosync.scene import Box, Camera, Foot, SceneFrame, ToldContact, ToldRoom, ToldScene
    from stereosync_bridge.client import BridgeClient, ClientOptions
    from stereosync_bridge.client_stream import ClientStream
    from stereosync_bridge.version import PACKAGE as __version__
    from stereosync_runtime.offline import generate, tape_frames

__all__ = [
    "Box",
    "BridgeClient",
    "Camera",
    "ClientOptions",
    "ClientStream",
    "Foot",
    "SceneFrame",
    "StereoSyncError",
    "ToldContact",
    "ToldRoom",
    "ToldScene",
    "__version__",
    "generate",
    "tape_frames",
]

_HOMES = {
    "StereoSyncError": "stereosync.errors",
    **dict.fromkeys(
        ("Box", "Camera", "Foot", "SceneFrame", "ToldContact", "ToldRoom", "ToldScene"), "stereosync.scene"
    ),
    **dict.fromkeys(("BridgeClient", "ClientOptions"), "stereosync_bridge.client"),
    "ClientStream": "stereosync_bridge.client_stream",
    "__version__": "stereosync_bridge.version:PACKAGE",
    **dict.fromkeys(("generate", "tape_frames"), "stereosync_runtime.offline"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'stereosync' has no attribute {name!r}")
    module, _, inside = _HOMES[name].partition(":")
    value = getattr(import_module(module), inside or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
