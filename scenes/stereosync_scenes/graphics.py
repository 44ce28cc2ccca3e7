"""The one graphics context of this process: Panda3D on EGL without a screen, drawing into buffers of its own.

Not for several threads: whoever draws keeps to one thread.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stereosync.errors import StereoSyncError
from stereosync.scene import Float32Array, UInt8Array
from stereosync_panda3d.readback import NoBufferError, Readback

SETTINGS = """
load-display {display}
notify-level-display error
notify-level-gobj error
sync-video false
textures-power-2 none
garbage-collect-states false
"""


class GraphicsUnavailable(StereoSyncError, RuntimeError):
    """Nothing can be drawn here; the message says what to install."""


@lru_cache(maxsize=1)
def panda() -> Any:
    """The `panda3d.core` module, set up for drawing without a screen. Raises GraphicsUnavailable when it is missing."""
    os.environ.setdefault("LP_NUM_THREADS", "1")  # llvmpipe would otherwise take every core from the training
    try:
        from panda3d import core
    except ImportError as error:
        raise GraphicsUnavailable("drawing scenes needs Panda3D: pip install 'stereosync[scenes]'") from error
    display = "p3headlessgl" if sys.platform.startswith("linux") else "pandagl"
    core.loadPrcFileData("stereosync", SETTINGS.format(display=display))
    return core


@lru_cache(maxsize=1)
def _pipe() -> tuple[Any, Any]:
    core = panda()
    pipe = core.GraphicsPipeSelection.getGlobalPtr().makeDefaultPipe()
    if pipe is None or not pipe.isValid():
        raise GraphicsUnavailable(_NO_EGL)
    return core.GraphicsEngine.getGlobalPtr(), pipe


_NO_EGL = "no off-screen OpenGL here: install the Debian packages libegl1 libegl-mesa0 libgl1-mesa-dri"


@dataclass(frozen=True, eq=False)
class Canvas:
    """A buffer with colour and depth that come back to memory after each frame."""

    engine: Any
    readback: Readback

    def draw(self, camera: Any) -> tuple[UInt8Array, Float32Array]:
        """RGB (H, W, 3), top row first, and window depth (H, W) in 0..1 as `camera` (a node path) sees its scene."""
        self.readback.region.setCamera(camera)
        self.engine.renderFrame()
        return self.readback.take()

    def forget(self, camera: Any) -> None:
        """Let go of a camera, so that its scene can be freed."""
        if self.readback.region.getCamera() == camera:
            self.readback.region.setCamera(panda().NodePath())


@lru_cache(maxsize=8)
def canvas(width_px: int, height_px: int) -> Canvas:
    """The process's canvas of this size. Raises GraphicsUnavailable."""
    engine, pipe = _pipe()
    try:
        readback = Readback(engine, pipe, width_px, height_px)
    except NoBufferError as error:
        raise GraphicsUnavailable(_NO_EGL) from error
    readback.buffer.setClearStencilActive(True)
    readback.buffer.setClearColor((0.5, 0.5, 0.5, 1))
    return Canvas(engine, readback)


# Mesa keeps memory of textures that are thrown away (0.5 MB a plan), so they are used again.
_spare_textures: list[Any] = []


def borrow_texture(picture: UInt8Array) -> Any:
    """A mip-mapped, repeating texture that shows an RGB `picture` (S, S, 3); give it back with `return_textures`."""
    core = panda()
    texture = _spare_textures.pop() if _spare_textures else core.Texture("picture")
    height, width = picture.shape[:2]
    if (texture.getXSize(), texture.getYSize(), texture.getNumComponents()) != (width, height, 3):
        texture.setup2dTexture(width, height, core.Texture.TUnsignedByte, core.Texture.FRgb)
    texture.setRamImage(picture[:, :, ::-1].tobytes())
    texture.setMinfilter(core.SamplerState.FTLinearMipmapLinear)
    return texture


def return_textures(textures: list[Any]) -> None:
    """Take textures back for the next plan."""
    _spare_textures.extend(textures)
