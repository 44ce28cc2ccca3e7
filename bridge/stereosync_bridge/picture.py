"""Pictures of the wire to (H, W, 3) uint8 RGB, rows from the top, and back."""

from __future__ import annotations

import struct

import numpy as np

from stereosync.scene import UInt8Array
from stereosync_bridge.errors import BAD_VALUE, WireError
from stereosync_bridge.frame_message import PICTURE_CHANNELS, PictureSpec
from stereosync_bridge.opencv import opencv

JPEG_START = b"\xff\xd8"
JPEG_SCAN = 0xDA
JPEG_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def decode_picture(spec: PictureSpec, payload: bytes) -> UInt8Array:
    """(H, W, 3) uint8 RGB.

    Raises:
        WireError: a JPEG that cannot be read, or of another size than declared.
    """
    rgb = _decode_jpeg(spec, payload) if spec.format == "jpeg" else _decode_raw(spec, payload)
    return np.ascontiguousarray(rgb if spec.row_origin == "top" else rgb[::-1])


def _decode_raw(spec: PictureSpec, payload: bytes) -> UInt8Array:
    pixels = np.frombuffer(payload, np.uint8).reshape(spec.height_px, spec.width_px, PICTURE_CHANNELS[spec.format])
    return pixels[..., 2::-1] if spec.format == "bgra8" else pixels[..., :3]


def _decode_jpeg(spec: PictureSpec, payload: bytes) -> UInt8Array:
    # The size is read before decoding: a few kilobytes can unpack to gigabytes.
    if _jpeg_size(payload) != (spec.width_px, spec.height_px):
        raise WireError(BAD_VALUE, "picture", f"must be a JPEG of {spec.width_px}x{spec.height_px} pixels, as declared")
    cv2 = opencv()
    try:
        bgr = cv2.imdecode(np.frombuffer(payload, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        bgr = None
    if bgr is None or bgr.shape != (spec.height_px, spec.width_px, 3):
        raise WireError(BAD_VALUE, "picture", "is not a JPEG that can be decoded")
    return np.asarray(bgr[..., ::-1], dtype=np.uint8)


def _jpeg_size(payload: bytes) -> tuple[int, int] | None:
    """(width, height) from the frame header, or None (ITU-T T.81, B.1)."""
    if not payload.startswith(JPEG_START):
        return None
    position = 2
    while position + 9 <= len(payload) and payload[position] == 0xFF:
        marker = payload[position + 1]
        if marker == JPEG_SCAN:
            return None
        length, _precision, height, width = struct.unpack_from(">HBHH", payload, position + 2)
        if marker in JPEG_SIZE_MARKERS:
            return width, height
        position += 2 + length
    return None


def encode_jpeg(picture: UInt8Array, quality: int) -> bytes:
    """JPEG bytes of an (H, W, 3) RGB picture; `quality` 1 to 100.

    Raises:
        ValueError: the picture cannot be encoded.
    """
    cv2 = opencv()
    done, data = cv2.imencode(".jpg", np.ascontiguousarray(picture[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"cannot make a JPEG of a picture of shape {picture.shape}")
    return bytes(data.tobytes())
