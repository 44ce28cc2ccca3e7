"""A recorded session's frames, repeated with continuing time: what the audition plays and export compares with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from stereosync.scene import SceneFrame
from stereosync_bridge import wire
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.tape import TapeError, TapeReader, frames
from stereosync_bridge.tape_file import TO_SERVER


class RepeatedTape:
    """The frames of a tape, over and over; of one that is cut off or damaged those that are whole.

    Raises:
        OSError, TapeError, WireError: the tape cannot be read, or holds no frames.
    """

    def __init__(self, path: Path) -> None:
        self._tape = TapeReader(path, strict=False)
        self._times_s = frame_times_s(self._tape)
        if not self._times_s:
            raise TapeError("it holds no frames; record it again while the game is running")

    @property
    def metadata(self) -> Mapping[str, Any]:
        return self._tape.metadata

    @property
    def truncated(self) -> bool:
        return self._tape.truncated

    @property
    def first_s(self) -> float:
        """Time of the first frame on the tape's own clock."""
        return self._times_s[0]

    @cached_property
    def duration_s(self) -> float:
        """From the first frame to one frame interval after the last one."""
        span_s = self._times_s[-1] - self._times_s[0]
        return span_s + (span_s / (len(self._times_s) - 1) if span_s > 0 else 1.0)

    def timeline(self) -> Iterator[tuple[float, SceneFrame]]:
        """Seconds since the beginning and frames, without end."""
        index = itertools.count()
        for turn in itertools.count():
            for time_s, frame in frames(self._tape):
                yield turn * self.duration_s + time_s - self.first_s, replace(frame, index=next(index))


def frame_times_s(tape: TapeReader) -> list[float]:
    """Times of the frames on a tape, without unpacking their pictures."""
    sent = (record for record in tape.records() if record.direction == TO_SERVER)
    return [record.time_s for record in sent if isinstance(wire.decode(record.parts), FrameMessage)]
