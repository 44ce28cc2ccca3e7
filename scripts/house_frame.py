"""The way of one frame to one chunk, picked out of all that a service's threads called.

A thread of the service goes round a loop. What it calls once from the innermost function that stands all the while is a
turn. Of the turns between the arrival of a frame and the sending of the chunk made from it, those count that take the
frame off the wire, make its cues, run a graph, or send.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from house_trace import Call


class Stage(Enum):
    """A turn's work for the frame, in words, and the call that shows it: its file or folder, and its name."""

    ARRIVAL = ("the message becomes a frame", "bridge/stereosync_bridge/dispatcher.py", "Dispatcher.on_frame")
    CUES = ("the frame becomes cues", "core/stereosync/cues.py", "encode")
    GRAPHS = ("graphs run", "runners/stereosync_runners/", "")
    CHUNK = ("the chunk leaves", "bridge/stereosync_bridge/server.py", "BridgeServer.send_audio")
    CREDIT = ("the client may send its next frame", "bridge/stereosync_bridge/server.py", "BridgeServer.grant_credit")
    SENDING = ("a message leaves", "bridge/stereosync_bridge/lane.py", "Lane.send")

    @property
    def words(self) -> str:
        return self.value[0]

    def is_call(self, call: Call) -> bool:
        _, file, name = self.value
        return call.file.startswith(file) and name in ("", call.name)


NEEDED = {Stage.ARRIVAL, Stage.CUES, Stage.GRAPHS, Stage.CHUNK}
POLL = ("bridge/stereosync_bridge/server.py", "BridgeServer.poll")
CONTROL = ("bridge/stereosync_bridge/dispatcher.py", "Dispatcher.on_control")


@dataclass(frozen=True)
class Turn:
    """The calls that one thread made for the frame without a pause."""

    on_io_thread: bool
    call: Call

    @property
    def begins_ns(self) -> int:
        """The beginning of its first work; what is left out before it is waiting."""
        return next((call.start_ns for call in self.call.calls), self.call.start_ns)

    @property
    def stages(self) -> list[Stage]:
        found = [stage for stage in Stage if any(map(stage.is_call, self.call.all()))]
        return [stage for stage in found if stage is not Stage.SENDING or found == [Stage.SENDING]]

    @property
    def graph_runs(self) -> int:
        """The number of runs of graphs: calls into the runners from elsewhere."""
        elsewhere = [call for call in self.call.all() if not Stage.GRAPHS.is_call(call)]
        return sum(Stage.GRAPHS.is_call(made) for call in elsewhere for made in call.calls)


@dataclass(frozen=True)
class Way:
    """The turns of one frame, in the order in which they began."""

    turns: tuple[Turn, ...]

    def calls(self) -> list[Call]:
        return [call for turn in self.turns for call in turn.call.all()]

    @property
    def is_whole(self) -> bool:
        """True if every stage is there without which no chunk is made."""
        return {stage for turn in self.turns for stage in turn.stages} >= NEEDED

    @property
    def graph_runs(self) -> int:
        return sum(turn.graph_runs for turn in self.turns)

    @property
    def files(self) -> list[str]:
        return sorted({call.file for call in self.calls()})

    @property
    def functions(self) -> int:
        return len({(call.file, call.name) for call in self.calls()})

    @property
    def changes(self) -> int:
        return changes_of_file(self.calls())


def changes_of_file(calls: Sequence[Call]) -> int:
    """The number of calls in another file than the call before: as often does a reader who follows them turn a page."""
    return sum(before.file != after.file for before, after in pairwise(calls))


def usual(ways: Sequence[Way]) -> Way:
    """The way with the median number of changes of file, since no two frames go quite the same.

    Work that comes by the clock (statistics once a second) falls into few ways, and so not into this one.
    """
    return sorted(ways, key=lambda way: way.changes)[len(ways) // 2]


def all_ways(threads: Sequence[Sequence[Call]]) -> list[Way]:
    """One way for each frame that was alone: no other frame came meanwhile, and no older one's chunk left.

    All run as many graphs as most do: fewer run where a chunk is concealed or a turn is not seen to end in time, more
    where a turn of the next chunk slips in.
    """
    io_thread = next((roots for roots in threads if any(_is(call, POLL) for call in _all(roots))), [])
    polls = [call for call in _all(io_thread) if _is(call, POLL) and call.note]
    sends = [call for call in _all(io_thread) if Stage.CHUNK.is_call(call)]
    found = [
        Way(tuple(_turns(threads, io_thread, poll, sent)))
        for poll, following in zip(polls, [*polls[1:], None], strict=True)
        if (sent := next((send for send in sends if send.start_ns > poll.end_ns), None)) is not None
        and poll.note == (sent.note,)
        and (following is None or following.start_ns > sent.end_ns)
    ]
    whole = [way for way in found if way.is_whole]
    usual_runs = Counter(way.graph_runs for way in whole).most_common(1)
    return [way for way in whole if way.graph_runs == usual_runs[0][0]]


def _all(roots: Sequence[Call]) -> Iterator[Call]:
    return (call for root in roots for call in root.all())


def _is(call: Call, known: tuple[str, str]) -> bool:
    return (call.file, call.name) == known


def _turns(threads: Sequence[Sequence[Call]], io_thread: Sequence[Call], poll: Call, sent: Call) -> list[Turn]:
    arrival_ns = next(call.start_ns for call in poll.all() if Stage.ARRIVAL.is_call(call))
    found = [
        Turn(roots is io_thread, call.without(is_other_work))
        for roots in threads
        for call in turns_between(roots, arrival_ns, sent.start_ns)
        if roots is io_thread or is_within(call, arrival_ns, sent.end_ns)
    ]
    return sorted((turn for turn in found if turn.stages), key=lambda turn: turn.begins_ns)


def turns_between(roots: Sequence[Call], start_ns: int, end_ns: int) -> list[Call]:
    """The calls in between by the innermost call that lasts all the while."""
    during = [call for call in roots if call.end_ns > start_ns and call.start_ns < end_ns]
    for call in during:
        if call.start_ns < start_ns and call.end_ns > end_ns:
            return turns_between(call.calls, start_ns, end_ns)
    return during


def is_within(call: Call, start_ns: int, end_ns: int) -> bool:
    """True if a worker's turn is for the frame, and neither for an older one nor for the next chunk already."""
    return call.start_ns > start_ns and call.end_ns < end_ns


def is_other_work(call: Call) -> bool:
    """Answers to control messages, and looks at the sockets that found no frame."""
    return _is(call, CONTROL) or (_is(call, POLL) and not call.note)
