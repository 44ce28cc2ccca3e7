"""Tapes: recorded sessions that replay without an engine.

Each class is used by one thread. Times on a tape are seconds of the clock of whoever wrote it; only differences count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import msgpack

from stereosync.scene import SceneFrame
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

__all__ = ["SessionRecorder", "TapeError", "TapePlayer", "TapeReader", "TapeRecord", "TapeWriter", "frames"]

TAPE_SESSION = "0" * 32


class TapeWriter:
    """Writes a new tape. `metadata` is any msgpack map; `contacts` in it lists known foot contacts (PROTOCOL.md)."""

    def __init__(self, path: Path | str, metadata: Mapping[str, Any] | None = None) -> None:
        self._file = Path(path).open("wb")  # noqa: SIM115 - closed by close()
        self._frames = 0
        write_prefix(self._file)
        self.add(TapeRecord(0.0, META, (msgpack.packb(dict(metadata or {})),)))

    def add(self, record: TapeRecord) -> None:
        write_record(self._file, record)

    def add_frame(
        self, time_s: float, frame: SceneFrame, *, picture_format: str = "jpeg", jpeg_quality: int = 90
    ) -> None:
        """Add a frame as a client would send it, depth as float16 metres."""
        self._frames += 1
        stamp = FrameStamp(TAPE_SESSION, self._frames, 0.0, playback=None)
        message = from_scene_frame(frame, stamp, PictureOptions(picture_format, jpeg_quality))
        self.add(TapeRecord(time_s, TO_SERVER, tuple(wire.encode(message))))

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


class TapePlayer:
    """Replays frames with their timing: `due` gives those whose time has come on the clock that was passed in.

    The first frame is due at once. With `loop` the tape starts again after the last frame has stood as long as the one
    before it.
    """

    def __init__(self, tape: TapeReader, clock: Callable[[], float], speed: float = 1.0, loop: bool = False) -> None:
        self._tape = tape
        self._clock = clock
        self._speed = speed
        self._loop = loop
        self._source = frames(tape)
        self._next = next(self._source, None)
        self._origin_s = 0.0 if self._next is None else self._next[0]
        self._start_s = clock()
        self._last_s = self._origin_s
        self._gap_s = 0.0
        self._shown = 0

    @property
    def finished(self) -> bool:
        return self._next is None

    @property
    def next_due_s(self) -> float | None:
        """The moment on the clock at which the next frame is due, None at the end."""
        return None if self._next is None else self._due_s(self._next[0])

    def due(self) -> list[SceneFrame]:
        """The frames whose time has come, capture times in the clock, indices counted on through loops."""
        now_s = self._clock()
        shown = []
        while self._next is not None and self._due_s(self._next[0]) <= now_s:
            time_s, frame = self._next
            shown.append(replace(frame.stamped(self._due_s(time_s), self._speed), index=self._shown))
            self._shown += 1
            self._gap_s, self._last_s = time_s - self._last_s, time_s
            self._next = next(self._source, None) or self._rewind()
        return shown

    def _due_s(self, time_s: float) -> float:
        return self._start_s + (time_s - self._origin_s) / self._speed

    def _rewind(self) -> tuple[float, SceneFrame] | None:
        if not self._loop or self._gap_s <= 0:
            return None
        self._start_s = self._due_s(self._last_s + self._gap_s)
        self._last_s = self._origin_s
        self._source = frames(self._tape)
        return next(self._source, None)


class SessionRecorder:
    """Records the first session that speaks, both ways; without a path it does nothing."""

    def __init__(self, path: Path | None) -> None:
        self._writer = None if path is None else TapeWriter(path, {"recorded_by": "server"})
        self._session: str | None = None

    def received(self, time_s: float, session: str, parts: list[bytes]) -> None:
        self._add(time_s, session, TO_SERVER, parts)

    def sent(self, time_s: float, session: str, parts: list[bytes]) -> None:
        self._add(time_s, session, TO_CLIENT, parts)

    def _add(self, time_s: float, session: str, direction: int, parts: list[bytes]) -> None:
        if self._writer is None:
            return
        self._session = self._session or session
        if session == self._session:
            self._writer.add(TapeRecord(time_s, direction, tuple(parts)))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
