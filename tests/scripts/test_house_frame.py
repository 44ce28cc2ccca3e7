"""Out of all calls of two threads, those of one frame are picked; files and their changes are counted among them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FunctionType

import pytest
from house_frame import CONTROL, POLL, Stage, all_ways, changes_of_file, turns_between, usual
from house_page import Function, page, shortened
from house_trace import Call, Event, Recorder, tree

SERVICE, WORKER = "runtime/stereosync_runtime/service.py", "runtime/stereosync_runtime/worker.py"


def call(file: str, name: str, start: int, end: int, *calls: Call, note: object = None) -> Call:
    """A call at times of our own."""
    return Call(file, name, 0, start, end, note, list(calls))


def stage(which: Stage, start: int, end: int, note: object = None) -> Call:
    """The call by which a stage is known."""
    _, file, name = which.value
    return call(f"{file}runner.py" if file.endswith("/") else file, name or "run", start, end, note=note)


def poll(start: int, end: int, frame_s: float | None = None) -> Call:
    """A look at the sockets, which finds a frame or a control message."""
    if frame_s is None:
        return call(*POLL, start, end, call(*CONTROL, start, end), note=())
    return call(*POLL, start, end, stage(Stage.ARRIVAL, start, end), note=(frame_s,))


def threads(sent_s: float = 1.5) -> list[list[Call]]:
    """An I/O thread that gets a frame of 1.5 s and sends a chunk made from that of `sent_s`, and a worker."""
    arriving = call(SERVICE, "io_once", 10, 20, poll(11, 19, 1.5))
    idle = call(SERVICE, "io_once", 30, 40, poll(31, 39))
    sending = call(SERVICE, "io_once", 70, 90, poll(71, 74), stage(Stage.CHUNK, 75, 89, note=sent_s))
    before = call(WORKER, "work_once", 2, 18, stage(Stage.GRAPHS, 3, 17))
    nothing = call(WORKER, "work_once", 41, 42, call(WORKER, "due", 41, 42))
    making = call(WORKER, "work_once", 50, 70, stage(Stage.CUES, 51, 52), stage(Stage.GRAPHS, 53, 69))
    next_chunk = call(WORKER, "work_once", 72, 99, stage(Stage.GRAPHS, 73, 98))
    return [
        [call(SERVICE, "run", 0, 100, arriving, idle, sending)],
        [call(WORKER, "run", 1, 100, before, nothing, making, next_chunk)],
    ]


@pytest.mark.parametrize(("files", "changes"), [("", 0), ("a", 0), ("aaa", 0), ("aab", 1), ("abab", 3), ("abcca", 3)])
def test_a_change_is_a_call_in_another_file_than_the_one_before(files: str, changes: int) -> None:
    assert changes_of_file([call(file, "f", 0, 0) for file in files]) == changes


def test_a_way_has_the_turns_that_work_for_its_frame() -> None:
    (way,) = all_ways(threads())
    assert [turn.stages for turn in way.turns] == [[Stage.ARRIVAL], [Stage.CUES, Stage.GRAPHS], [Stage.CHUNK]]
    assert [found.name for found in way.calls()] == [
        *("io_once", "BridgeServer.poll", "Dispatcher.on_frame"),
        *("work_once", "encode", "run"),
        *("io_once", "BridgeServer.send_audio"),
    ]
    assert (len(way.files), way.functions, way.changes) == (6, 7, 7)
    assert usual([way]) is way


def test_a_frame_is_not_followed_where_an_older_ones_chunk_is_sent_first() -> None:
    assert all_ways(threads(sent_s=1.4)) == []


def test_a_concealed_chunk_has_no_way() -> None:
    io_thread, worker = threads()
    without = [found.without(Stage.GRAPHS.is_call) for found in worker]
    assert all_ways([io_thread, without]) == []


def test_turns_are_what_the_innermost_lasting_call_makes() -> None:
    inner = [call("a", "turn", start, start + 5) for start in (10, 20, 30)]
    roots = [call("a", "work", 0, 99, call("a", "loop", 1, 98, *inner))]
    assert turns_between(roots, 18, 28) == [inner[1]]


def test_events_become_a_tree() -> None:
    f, g, h, k = (Event(True, 1, "a", name) for name in "fghk")
    end = Event(False, 2)
    root, other = tree([f, g, end, h, Event(False, 3, note="seen"), end, k])
    assert [found.name for found in root.all()] == ["f", "g", "h"]
    assert [found.note for found in root.calls] == [None, "seen"]
    assert other.end_ns > root.end_ns


def test_the_recorder_sees_calls_of_our_files_alone(tmp_path: Path) -> None:
    texts = {"theirs": "def g(x):\n    return x", "ours": "def f(x):\n    return g([y for y in x])"}
    names: dict[str, FunctionType] = {}
    for folder, text in texts.items():
        exec(compile(text, str(tmp_path / folder / "a.py"), "exec"), names)
    function = names["f"]
    recorder = Recorder(tmp_path / "ours", {(function.__code__, "return"): lambda _, value: value})
    before = sys.getprofile()
    sys.setprofile(recorder)
    try:
        function((1, 2))
    finally:
        sys.setprofile(before)
    ((found,),) = recorder.roots()
    assert (found.file, found.name, found.line, found.note, found.calls) == ("a.py", "f", 1, [1, 2], [])


def test_the_page_names_each_function_once_and_graphs_wherever_they_run() -> None:
    text = page(all_ways(threads())[0], lambda found: Function(f"About {found.name}."), "# Head, {depth}".format)
    lines = text.splitlines()
    assert lines[0] == "# Head, 12"
    assert [line for line in lines if line.startswith("##")] == [
        "## 1. I/O thread: the message becomes a frame",
        "## 2. Worker: the frame becomes cues, a graph runs",
        "## 3. I/O thread: the chunk leaves",
    ]
    assert "    - `Dispatcher.on_frame`, `bridge/stereosync_bridge/dispatcher.py`: About Dispatcher.on_frame." in lines
    assert "  - `run`, `runners/stereosync_runners/runner.py`: About run." in lines


def test_long_lines_end_between_words() -> None:
    assert shortened("word " * 40).endswith("word ...")
    assert shortened("- a short one") == "- a short one"
