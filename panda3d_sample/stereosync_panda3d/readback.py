"""Readback: an off-screen buffer whose colour and depth come back to memory after each frame. The rendering thread."""

from __future__ import annotations

from typing import Any

import numpy as np

from stereosync.errors import StereoSyncError
from stereosync.scene import Float32Array, UInt8Array


class NoBufferError(StereoSyncError, RuntimeError):
    """The graphics context gives no off-screen buffer."""


class Readback:
    """One buffer. With `host`, a window or buffer that is open already, it shares the host's textures and context.

    Raises:
        NoBufferError: the graphics context gives no off-screen buffer.
    """

    def __init__(self, engine: Any, pipe: Any, width_px: int, height_px: int, host: Any = None) -> None:
        from panda3d import core

        self.width_px, self.height_px = width_px, height_px
        wanted = core.FrameBufferProperties()
        wanted.setRgbaBits(8, 8, 8, 8)
        wanted.setDepthBits(24)
        wanted.setStencilBits(8)
        size = core.WindowProperties.size(width_px, height_px)
        shared = () if host is None else (host.getGsg(), host)
        name, flags = f"readback-{width_px}x{height_px}", core.GraphicsPipe.BFRefuseWindow
        self.buffer = engine.makeOutput(pipe, name, 0, wanted, size, flags, *shared)
        if self.buffer is None:
            raise NoBufferError("the graphics context gives no off-screen buffer; update the graphics driver")
        self._colour, self._depth = core.Texture("colour"), core.Texture("depth")
        self._depth.setFormat(core.Texture.FDepthComponent)
        self._depth.setComponentType(core.Texture.TFloat)
        copy = core.GraphicsOutput.RTMCopyRam
        self.buffer.addRenderTexture(self._colour, copy, core.GraphicsOutput.RTPColor)
        self.buffer.addRenderTexture(self._depth, copy, core.GraphicsOutput.RTPDepth)
        self.region = self.buffer.makeDisplayRegion()

    def take(self) -> tuple[UInt8Array, Float32Array]:
        """RGB (H, W, 3), top row first, and window depth (H, W) in 0..1 of the last rendered frame.

        Raises:
            NoBufferError: nothing has been rendered yet, or the buffer is not the size that was asked for.
        """
        shape = (self.height_px, self.width_px)
        colour = np.frombuffer(self._colour.getRamImage(), dtype=np.uint8)
        depth = np.frombuffer(self._depth.getRamImage(), dtype=np.float32)
        if depth.size != self.height_px * self.width_px:
            raise NoBufferError(
                f"{depth.size} pixels of depth came back instead of {shape}; update the graphics driver"
            )
        return np.ascontiguousarray(colour.reshape(*shape, -1)[::-1, :, 2::-1]), depth.reshape(shape)[::-1]
