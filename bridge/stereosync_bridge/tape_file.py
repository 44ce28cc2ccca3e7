"""The file format of tapes: one record per message, in the order of time. Little endian, nothing compressed.

`SSTAPE` and a uint16 version; then records of: float64 time in seconds, uint8 direction, uint32 number of parts,
one uint32 length per part, the parts. The first record has direction META and holds the metadata as a msgpack map.
"""

from __future__ import annotations

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
    while head := file.read(HEAD.size):
        time_s, direction, n_parts = HEAD.unpack(_whole(head, HEAD.size, name))
        if direction not in DIRECTIONS or not 1 <= n_parts <= MAX_PARTS:
            raise TapeError(f"{name} is damaged before byte {file.tell()}: read it with strict=False up to there")
        lengths = struct.unpack(f"<{n_parts}I", _read(file, 4 * n_parts, name))
        yield TapeRecord(time_s, direction, _read_parts(file, lengths, name))


def _read_parts(file: BinaryIO, lengths: Sequence[int], name: str) -> tuple[bytes, ...]:
    if max(lengths) > MAX_PART_BYTES:
        raise TapeError(f"{name} is damaged before byte {file.tell()}: read it with strict=False up to there")
    return tuple(_read(file, length, name) for length in lengths)


def _read(file: BinaryIO, size: int, name: str) -> bytes:
    return _whole(file.read(size), size, name)


def _whole(data: bytes, size: int, name: str) -> bytes:
    if len(data) < size:
        raise TapeError(f"{name} ends in the middle of a message: read it with strict=False to use what is whole")
    return data
