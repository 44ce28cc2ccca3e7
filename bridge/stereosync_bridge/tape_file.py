"""The file format of tapes: one record per message, in the order of time. Little endian, nothing compressed.

`SSTAPE` and a uint16 version; then records of: float64 time in seconds, uint8 direction, uint32 number of parts,
one uint32 length per part, the parts. The first record has direction META and holds the metadata as a msgpack map.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from stereosync.errors import StereoSyncError

MAGIC = b"SSTAPE"
VERSION = 1
PREFIX = struct.Struct("<6sH")
HEAD = struct.Struct("<dBI")
MAX_PARTS = 8
MAX_PART_BYTES = 64 * 1024 * 1024
LONGEST_STEP_S = 86_400.0  # between a message and the next: beyond it the times are no seconds
LONGEST_FALL_S = 5.0  # what was received a little earlier may have been written a little later
REPAIR = "`stereosync-tape repair` makes a tape of what is whole"

TO_SERVER = 0
TO_CLIENT = 1
META = 2
DIRECTIONS = (TO_SERVER, TO_CLIENT, META)


class TapeError(StereoSyncError, ValueError):
    """The file is no tape, of another version, cut off or damaged; the sentence says where and what to do."""


@dataclass(frozen=True)
class TapeRecord:
    """One message with its time on the tape in seconds."""

    time_s: float
    direction: int
    parts: tuple[bytes, ...]


def write_prefix(file: BinaryIO) -> None:
    file.write(PREFIX.pack(MAGIC, VERSION))


def write_record(file: BinaryIO, record: TapeRecord) -> None:
    lengths = [len(part) for part in record.parts]
    head = HEAD.pack(record.time_s, record.direction, len(lengths))
    file.write(b"".join([head, struct.pack(f"<{len(lengths)}I", *lengths), *record.parts]))


def read_prefix(file: BinaryIO, name: str) -> None:
    """Check magic and version.

    Raises:
        TapeError: the file is no tape, or of a version that this program does not read.
    """
    prefix = file.read(PREFIX.size)
    if len(prefix) < PREFIX.size or not prefix.startswith(MAGIC):
        raise TapeError(f"{name} is not a tape: make one with stereosync-tape convert or a server's tape option")
    version = PREFIX.unpack(prefix)[1]
    if version != VERSION:
        raise TapeError(f"{name} is a tape of version {version}, this program reads version {VERSION}: update it")


def read_records(file: BinaryIO, name: str) -> Iterator[TapeRecord]:
    """Every record up to the end of the file.

    Raises:
        TapeError: the file ends within a record, or a record makes no sense.
    """
    last_s: float | None = None
    while head := file.read(HEAD.size):
        time_s, direction, n_parts = HEAD.unpack(_whole(head, HEAD.size, name))
        if direction not in DIRECTIONS or not 1 <= n_parts <= MAX_PARTS:
            raise TapeError(f"{name} is damaged before byte {file.tell()}: {REPAIR}")
        if direction != META:
            if not follows(time_s, last_s):
                raise TapeError(f"{name} has an impossible time, {time_s:g} s, before byte {file.tell()}: {REPAIR}")
            last_s = time_s
        lengths = struct.unpack(f"<{n_parts}I", _read(file, 4 * n_parts, name))
        yield TapeRecord(time_s, direction, _read_parts(file, lengths, name))


def follows(time_s: float, last_s: float | None) -> bool:
    """True if a message may have this time after that of the one before it; None: it is the first."""
    if last_s is None:
        return math.isfinite(time_s)
    return -LONGEST_FALL_S <= time_s - last_s <= LONGEST_STEP_S


def _read_parts(file: BinaryIO, lengths: Sequence[int], name: str) -> tuple[bytes, ...]:
    if max(lengths) > MAX_PART_BYTES:
        raise TapeError(f"{name} is damaged before byte {file.tell()}: {REPAIR}")
    return tuple(_read(file, length, name) for length in lengths)


def _read(file: BinaryIO, size: int, name: str) -> bytes:
    return _whole(file.read(size), size, name)


def _whole(data: bytes, size: int, name: str) -> bytes:
    if len(data) < size:
        raise TapeError(f"{name} ends in the middle of a message: {REPAIR}")
    return data
