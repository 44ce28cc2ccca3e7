"""Pictures of the wire to (H, W, 3) uint8 RGB, rows from the top, of at most `LARGEST_SIDE_PX` a side."""

from __future__ import annotations

import numpy as np

from stereosync.scene import UInt8Array
from stereosync_bridge.frame_message import PICTURE_CHANNELS, Payload, PictureSpec
from stereosync_bridge.jpeg import decode_jpeg
from stereosync_bridge.opencv import opencv
from stereosync_bridge.thinning import thinned_size


def decode_picture(spec: PictureSpec, payload: Payload) -> UInt8Array:
    """(H, W, 3) uint8 RGB; a larger picture comes as its mean over the pixels of `thinning.thinned_size`.

    Raises:
        WireError: a JPEG that cannot be read, or of another size than declared.
    """
    size = thinned_size(spec.width_px, spec.height_px)
    if spec.format == "jpeg":
        rgb = _averaged(decode_jpeg(bytes(payload), spec.width_px, spec.height_px, size), size)
    else:
        rgb = _decode_raw(spec, payload, size)
    return np.ascontiguousarray(rgb if spec.row_origin == "top" else rgb[::-1])


def _decode_raw(spec: PictureSpec, payload: Payload, size: tuple[int, int]) -> UInt8Array:
    pixels = np.frombuffer(payload, np.uint8).reshape(spec.height_px, spec.width_px, PICTURE_CHANNELS[spec.format])
    small = _averaged(pixels, size)  # before the channels are put in order: that touches every byte once more
    return small[..., 2::-1] if spec.format == "bgra8" else small[..., :3]


def _averaged(pixels: UInt8Array, size: tuple[int, int]) -> UInt8Array:
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    cv2 = opencv()
    if width >= 2 * size[0] and height >= 2 * size[1]:  # halves are quick to take, other steps are not
        pixels = cv2.resize(pixels, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    out: UInt8Array = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return out
