"""JPEGs that are small and ask for much work (ITU-T T.81)."""

from __future__ import annotations

import struct

START, END = b"\xff\xd8", b"\xff\xd9"
RUN = 16_384  # blocks that one EOB code of category 14 passes over, at least


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def marker_chain(width_px: int, height_px: int, n_bytes: int) -> bytes:
    """Empty comments, four bytes each, and the frame's header behind them."""
    size = segment(0xC0, struct.pack(">BHHB", 8, height_px, width_px, 1) + b"\x01\x11\x00")
    return START + segment(0xFE, b"") * (n_bytes // 4) + size + END


def many_scans(width_px: int, height_px: int, scans: int) -> bytes:
    """A grey progressive picture whose scans say "nothing more" of every block, in a few bytes each."""
    blocks = -(-width_px // 8) * -(-height_px // 8)
    one_code = bytes([1] + [0] * 15)
    tables = segment(0xDB, bytes(1) + b"\x01" * 64)
    tables += segment(0xC2, struct.pack(">BHHB", 8, height_px, width_px, 1) + b"\x01\x11\x00")
    tables += segment(0xC4, b"\x00" + one_code + b"\x00") + segment(0xC4, b"\x10" + one_code + b"\xe0")
    levels = segment(0xDA, b"\x01\x01\x00\x00\x00\x00") + bytes(-(-blocks // 8) + 1)
    scan = segment(0xDA, b"\x01\x01\x00\x01\x3f\x00") + _ends_of_band(blocks)
    return START + tables + levels + scan * scans + END


def _ends_of_band(blocks: int) -> bytes:
    """Codes that end the band of so many blocks; the code itself is one zero bit."""
    codes = ["0" + format(min(max(left, RUN), 2 * RUN - 1) - RUN, "014b") for left in range(blocks, 0, 1 - 2 * RUN)]
    bits = "".join(codes)
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
