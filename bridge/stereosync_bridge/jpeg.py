"""JPEGs of the wire: looked through before they are decoded, because a few kilobytes can ask for minutes of work.

Pillow decodes, and not OpenCV: what libjpeg has to say of a damaged picture would go to the service's stderr.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass

import numpy as np
from PIL import Image

from stereosync.scene import UInt8Array
from stereosync_bridge.errors import BAD_VALUE, WireError
from stereosync_bridge.opencv import opencv

MAX_HEADER_BYTES = 65_536
MAX_HEADER_SEGMENTS = 256
MAX_SCANS = 64
MAX_MARKERS_AFTER_HEADER = 1024  # restart markers, which may come with every row, not counted
SPARE_BYTES = 65_536  # beyond three a pixel: a small picture may have a large header

DAMAGED = "is not a JPEG that can be decoded: it is damaged or cut"
START = b"\xff\xd8"
SCAN = 0xDA
FRAMES_TAKEN = frozenset((0xC0, 0xC1, 0xC2))  # baseline, extended and progressive, all with Huffman codes
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
RESTARTS = range(0xD0, 0xD8)
WITHOUT_LENGTH = frozenset(RESTARTS) | {0x01}
NEEDED = FRAMES_TAKEN | {0xC4, 0xDB, 0xDD, 0xE0, 0xEE}  # tables, restart interval; of JFIF and Adobe the colour space


@dataclass(frozen=True)
class Header:
    """The part before the first scan: the size, and the segments that decoding needs."""

    width_px: int
    height_px: int
    needed: bytes
    scan_at: int


def decode_jpeg(payload: bytes, width_px: int, height_px: int, enough_px: tuple[int, int]) -> UInt8Array:
    """(h, w, 3) RGB of a JPEG of the declared size; a larger one may come at 1/2 of it, not below `enough_px`.

    Raises:
        WireError: it is of another size, of a kind that is not taken, damaged, or asks for too much work.
    """
    if len(payload) > 3 * width_px * height_px + SPARE_BYTES:
        raise _refused(f"holds {len(payload)} bytes, more than 3 a pixel and {SPARE_BYTES}")
    header = _read_header(payload)
    if (header.width_px, header.height_px) != (width_px, height_px):
        raise _refused(f"must be a JPEG of {width_px}x{height_px} pixels, as declared")
    scans = payload[header.scan_at :]
    _check_scans(scans)
    try:
        # What is not needed stays out: Pillow would read the camera's notes, and turn to other formats inside them.
        with Image.open(io.BytesIO(START + header.needed + scans), formats=("JPEG",)) as image:
            image.draft(None, enough_px)
            rgb = np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise _refused(DAMAGED) from error
    return rgb


def _refused(rule: str) -> WireError:
    return WireError(BAD_VALUE, "picture", rule)


def _read_header(payload: bytes) -> Header:
    """The segments up to the first scan (ITU-T T.81, B.1)."""
    if not payload.startswith(START):
        raise _refused("is not a JPEG")
    size, needed, position = None, b"", len(START)
    for _ in range(MAX_HEADER_SEGMENTS):
        position = _marker_at(payload, position)
        marker = payload[position]
        if marker == SCAN and size is not None:
            return Header(*size, needed, position - 1)
        end = position + 1 + _length(payload, position, marker)
        if marker in FRAMES:
            size = _size(payload, position, marker)
        if marker in NEEDED:
            needed += b"\xff" + payload[position:end]
        position = end
    raise _refused(f"has more than {MAX_HEADER_SEGMENTS} segments before its first scan")


def _marker_at(payload: bytes, position: int) -> int:
    """The position of the next marker's second byte, after any number of fill bytes."""
    start = position
    while position < min(len(payload), MAX_HEADER_BYTES) and payload[position] == 0xFF:
        position += 1
    if position >= MAX_HEADER_BYTES:
        raise _refused(f"must begin its first scan within {MAX_HEADER_BYTES} bytes: leave out thumbnails and profiles")
    if position in (start, len(payload)):
        raise _refused(DAMAGED)
    return position


def _length(payload: bytes, position: int, marker: int) -> int:
    """Bytes of a segment after its marker."""
    if marker in WITHOUT_LENGTH:
        return 0
    if position + 3 > len(payload):
        raise _refused(DAMAGED)
    return max(2, int(struct.unpack_from(">H", payload, position + 1)[0]))


def _size(payload: bytes, position: int, marker: int) -> tuple[int, int]:
    if marker not in FRAMES_TAKEN:
        raise _refused("must be a baseline or progressive JPEG, not lossless, hierarchical or arithmetic")
    if position + 8 > len(payload):
        raise _refused(DAMAGED)
    height_px, width_px = struct.unpack_from(">HH", payload, position + 4)
    return width_px, height_px


def _check_scans(scans: bytes) -> None:
    """Refuse what would keep the decoder busy: a scan of a few bytes may visit every pixel."""
    data = np.frombuffer(scans, np.uint8)
    after = data[1:][data[:-1] == 0xFF]  # in coded data a zero, else a marker or a fill byte
    markers = after[(after != 0) & (after != 0xFF) & ((after < RESTARTS.start) | (after >= RESTARTS.stop))]
    if np.count_nonzero(markers == SCAN) > MAX_SCANS:
        raise _refused(f"has more than {MAX_SCANS} scans: send it as baseline")
    if len(markers) > MAX_MARKERS_AFTER_HEADER:
        raise _refused(f"has more than {MAX_MARKERS_AFTER_HEADER} markers after its first scan")


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
