"""Options of a game, checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stereosync.scene import ToldScene
from stereosync_bridge.client_options import ClientOptions
from stereosync_panda3d.bodies import BOUNDS, Bounds
from stereosync_panda3d.player import AHEAD_MS, DEVICE_MS


@dataclass(frozen=True)
class Telling:
    """Told parts of a character beside its box.

    `left` and `right` name its feet, two of a side at most: joints of an Actor, or node paths. Where both are empty,
    joints with a usual name are looked for. `feet` False tells no feet, `ground` False looks for no floor.
    """

    left: tuple[Any, ...] = ()
    right: tuple[Any, ...] = ()
    feet: bool = True
    ground: bool = True


@dataclass(frozen=True)
class CaptureOptions:
    """Size and pace of the pictures.

    Raises:
        ValueError: a value is out of its rule.
    """

    width_px: int = 320
    height_px: int = 180
    frames_per_s: float = 30.0
    depth_stride: int = 2  # every second pixel of the depth is sent: half the picture's resolution is enough
    metres_per_unit: float = 1.0  # length of the game's unit
    bounds: Bounds = "tight"  # a box goes around every vertex; "parts": each part's own box; "loose": one for all
    ground_mask: int | None = None  # of collision nodes that are floors; None: the bits that all of them have

    def __post_init__(self) -> None:
        if not (1 <= self.width_px <= 2048 and 1 <= self.height_px <= 2048):
            raise ValueError(f"width_px and height_px must be 1 to 2048, got {self.width_px} and {self.height_px}")
        if not 0 < self.frames_per_s <= 240:
            raise ValueError(f"frames_per_s must be above 0 and at most 240, got {self.frames_per_s:g}")
        if not 1 <= self.depth_stride <= 8:
            raise ValueError(f"depth_stride must be 1 to 8, got {self.depth_stride}")
        if not 0 < self.metres_per_unit <= 1e6:
            raise ValueError(f"metres_per_unit must be above 0 and at most 1e6, got {self.metres_per_unit:g}")
        if self.bounds not in BOUNDS:
            raise ValueError(f"bounds must be one of {', '.join(BOUNDS)}, got {self.bounds!r}")


@dataclass(frozen=True)
class PandaOptions:
    """Options of the bridge in a Panda3D game.

    Raises:
        ValueError: a value is out of its rule.
    """

    client: ClientOptions = field(default_factory=lambda: ClientOptions(name="panda3d", engine="panda3d"))
    capture: CaptureOptions = field(default_factory=CaptureOptions)
    speak: bool = True  # False: the game reads `PandaBridge.ring` in an audio callback of its own
    overlay: bool = True
    ahead_ms: float = AHEAD_MS  # waits in Panda3D's stream: more for a device that stutters, less for a shorter delay
    volume: float = 1.0  # 0 to 1
    device_ms: float = DEVICE_MS  # that the sound device and its driver add, which Panda3D does not say
    scene: ToldScene | None = None  # told of the place from the start

    def __post_init__(self) -> None:
        if not 10 <= self.ahead_ms <= 500:
            raise ValueError(f"ahead_ms must be 10 to 500, got {self.ahead_ms:g}")
        if not 0 <= self.device_ms <= 1000:
            raise ValueError(f"device_ms must be 0 to 1000, got {self.device_ms:g}")
        if not 0 <= self.volume <= 1:
            raise ValueError(f"volume must be 0 to 1, got {self.volume:g}")
