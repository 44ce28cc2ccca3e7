"""Every call of our functions in every thread, as trees: what `sys.setprofile` sees, with nothing else in it.

Threads: each thread writes a list of its own; they are read when the threads have ended.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

Look = Callable[[FrameType, Any], object]
NEVER_NS = 2**63
INSIDE = "<"  # comprehensions and lambdas belong to the function in which they stand


class Event(NamedTuple):
    """A call or its end; `note` is what was asked of it."""

    is_call: bool
    time_ns: int
    file: str = ""
    name: str = ""
    line: int = 0
    note: object = None


@dataclass(eq=False)
class Call:
    """A call and the calls of ours that it made. `line`: where its function begins."""

    file: str
    name: str
    line: int = 0
    start_ns: int = 0
    end_ns: int = NEVER_NS
    note: object = None
    calls: list[Call] = field(default_factory=list)

    def all(self) -> Iterator[Call]:
        """This call and all below it, in the order in which they were made."""
        yield self
        for call in self.calls:
            yield from call.all()

    def without(self, drop: Callable[[Call], bool]) -> Call:
        """The same without those below it that are to be dropped."""
        kept = [call.without(drop) for call in self.calls if not drop(call)]
        return Call(self.file, self.name, self.line, self.start_ns, self.end_ns, self.note, kept)


class Recorder:
    """A profile function, which sees files below `root` alone.

    Args:
        looks: what to note of a call at its begin or end, by its code and "call" or "return".
    """

    def __init__(self, root: Path, looks: Mapping[tuple[CodeType, str], Look]) -> None:
        self._root, self._looks = root, looks
        self._files: dict[str, str] = {}
        self.events: dict[int, list[Event]] = defaultdict(list)

    def __call__(self, frame: FrameType, event: str, value: Any) -> None:
        if event not in ("call", "return"):
            return
        code = frame.f_code
        file = self._files.get(code.co_filename)
        if file is None:
            file = self._files[code.co_filename] = _below(self._root, code.co_filename)
        if not file or code.co_name.startswith(INSIDE):
            return
        look = self._looks.get((code, event))
        note = None if look is None else look(frame, value)
        name, line = code.co_qualname.replace("<locals>.", ""), code.co_firstlineno
        self.events[threading.get_ident()].append(
            Event(event == "call", time.perf_counter_ns(), file, name, line, note)
        )

    def roots(self) -> list[list[Call]]:
        """The calls of each thread."""
        return [tree(events) for events in self.events.values()]


def _below(root: Path, name: str) -> str:
    file = Path(name)
    return file.relative_to(root).as_posix() if file.is_absolute() and file.is_relative_to(root) else ""


@contextmanager
def recording(recorder: Recorder) -> Iterator[None]:
    """Threads that start in here are recorded; the one that calls this is not."""
    threading.setprofile(recorder)
    try:
        yield
    finally:
        threading.setprofile(None)


def tree(events: Iterable[Event]) -> list[Call]:
    """The calls of one thread, each inside the one that made it."""
    out: list[Call] = []
    open_calls: list[Call] = []
    for event in events:
        if event.is_call:
            call = Call(event.file, event.name, event.line, event.time_ns, note=event.note)
            (open_calls[-1].calls if open_calls else out).append(call)
            open_calls.append(call)
        elif open_calls:
            ended = open_calls.pop()
            ended.end_ns = event.time_ns
            ended.note = ended.note if event.note is None else event.note
    return out
