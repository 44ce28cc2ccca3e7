"""Tapes: recorded sessions that replay without an engine.

Each class is used by one thread. Times on a tape are seconds of the clock of whoever wrote it; only differences count.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import msgpack

from stereosync.scene import SceneFrame
from stereosync.writing import check_output, is_written_into, named
from stereosync_bridge import wire
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.scene_codec import FrameStamp, PictureOptions, from_scene_frame, to_scene_frame
from stereosync_bridge.tape_file import (
    META,
    TO_CLIENT,
    TO_SERVER,
    TapeError,
    TapeRecord,
    read_prefix,
    read_records,
    write_prefix,
    write_record,
)

__all__ = ["SessionRecorder", "TapeError", "TapeReader", "TapeRecord", "TapeWriter", "frames"]

TAPE_SESSION = "0" * 32
LARGEST_RECORDING_MB = 4000.0

log = logging.getLogger("stereosync.bridge")


class TapeWriter:
    """Writes a tape. `metadata` is any msgpack map; `contacts` in it lists known foot contacts (PROTOCOL.md). In mode
    `xb` a file that exists is a FileExistsError."""

    def __init__(
        self, path: Path | str, metadata: Mapping[str, Any] | None = None, mode: Literal["wb", "xb"] = "wb"
    ) -> None:
        self._file = Path(path).open(mode)  # noqa: SIM115 - closed by close()
        self._frames = 0
        try:
            write_prefix(self._file)
            self.add(TapeRecord(0.0, META, (msgpack.packb(dict(metadata or {})),)))
        except BaseException:
            with suppress(OSError):  # what is still to be written would fail as well
                self._file.close()
            raise

    def add(self, record: TapeRecord) -> None:
        write_record(self._file, record)

    def add_frame(
        self, time_s: float, frame: SceneFrame, *, picture_format: str = "jpeg", jpeg_quality: int = 90
    ) -> None:
        """Add a frame as a client would send it, depth as float16 metres.

        Raises:
            WireError: the frame breaks a rule of the wire; nothing was written.
        """
        self._frames += 1
        stamp = FrameStamp(TAPE_SESSION, self._frames, 0.0, playback=None)
        message = from_scene_frame(frame, stamp, PictureOptions(picture_format, jpeg_quality))
        parts = wire.encode(message)
        wire.decode(parts)  # a reader would refuse what breaks a rule
        self.add(TapeRecord(time_s, TO_SERVER, tuple(parts)))

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> TapeWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class TapeReader:
    """Reads a tape, any number of times over.

    With `strict` False, a tape that is cut off or damaged gives its whole messages, and `truncated` then says so.

    Raises:
        TapeError: the file is no tape or its metadata cannot be read.
    """

    def __init__(self, path: Path | str, strict: bool = True) -> None:
        self.path = Path(path)
        self.truncated = False
        self._strict = strict
        first = next(self._all_records(), None)
        self.metadata: dict[str, Any] = _metadata(first, self.path.name)

    def records(self) -> Iterator[TapeRecord]:
        """Every message, in order, without the metadata.

        Raises:
            TapeError: the tape is cut off or damaged, and `strict` is set.
        """
        return (record for record in self._all_records() if record.direction != META)

    def _all_records(self) -> Iterator[TapeRecord]:
        with self.path.open("rb") as file:
            read_prefix(file, self.path.name)
            try:
                yield from read_records(file, self.path.name)
            except TapeError:
                if self._strict:
                    raise
                self.truncated = True


def _metadata(record: TapeRecord | None, name: str) -> dict[str, Any]:
    try:
        metadata = msgpack.unpackb(record.parts[0]) if record is not None and record.direction == META else None
    except (ValueError, TypeError, msgpack.UnpackException):
        metadata = None
    if not isinstance(metadata, dict):
        raise TapeError(f"{name} does not begin with its metadata: it is cut off or damaged, record it again")
    return metadata


def frames(tape: TapeReader) -> Iterator[tuple[float, SceneFrame]]:
    """The frames that went to the server, each with its time on the tape.

    Raises:
        TapeError: the tape is cut off or damaged, and was opened strictly.
        WireError: a message on the tape breaks a rule of the wire.
    """
    for record in tape.records():
        message = wire.decode(record.parts) if record.direction == TO_SERVER else None
        if isinstance(message, FrameMessage):
            yield record.time_s, to_scene_frame(message)


class SessionRecorder:
    """Records the first session that speaks, both ways.

    The first write that fails ends the recording, and so does the largest size: a line in the log says so, `dropped`
    counts the messages that are missing, and nothing is raised. A tape on which nobody spoke is not left behind.

    Raises:
        UserError: the file exists already, or cannot be made.
    """

    def __init__(self, path: Path, largest_mb: float = LARGEST_RECORDING_MB) -> None:
        self.dropped = 0
        self._path = path
        self._left_bytes = largest_mb * 1e6
        self._session: str | None = None
        self._writer: TapeWriter | None = _begun(path)

    def received(self, time_s: float, session: str, parts: list[bytes]) -> None:
        self._session = self._session or session
        self._add(time_s, session, TO_SERVER, parts)

    def sent(self, time_s: float, session: str, parts: list[bytes]) -> None:
        self._add(time_s, session, TO_CLIENT, parts)

    def _add(self, time_s: float, session: str, direction: int, parts: list[bytes]) -> None:
        if session != self._session:
            return
        self._left_bytes -= sum(map(len, parts))
        if self._left_bytes < 0:
            self._end("it is as large as it may be")
        if self._writer is None:
            self.dropped += 1
            return
        try:
            self._writer.add(TapeRecord(time_s, direction, tuple(parts)))
        except OSError as error:
            self.dropped += 1
            self._end(error.strerror or str(error))

    def _end(self, reason: str) -> None:
        """Stop recording; the sound goes on."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        log.warning("the recording %s ends here, the sound goes on: %s", self._path, reason)
        with suppress(OSError):  # told already
            writer.close()

    def close(self) -> None:
        """Finish the tape."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        try:
            writer.close()
        except OSError as error:  # what was still to be written
            log.warning("the recording %s is cut off: %s", self._path, error.strerror or error)
        if self._session is None and not is_written_into(self._path):
            self._path.unlink(missing_ok=True)


def _begun(path: Path) -> TapeWriter:
    """A tape for a recording, which must not exist yet unless it is a device or a pipe."""
    check_output(path, "--record")
    with named(path, "--record"):
        return TapeWriter(path, {"recorded_by": "server"}, "wb" if is_written_into(path) else "xb")
