"""The page `docs/one-frame.md`: a frame's way to its chunk as an indented list, short enough to be read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from house_frame import Stage, Turn, Way
from house_trace import Call

MOST_LINES = 155
DEEPEST = 12
WIDEST = 150  # characters of a line
Known = Callable[[Call], "Function"]
Key = tuple[str, str]  # file and name of a function


@dataclass(frozen=True)
class Function:
    """A function as its file has it: the first line of its docstring, and whether it is a property."""

    first_line: str = ""
    is_property: bool = False


@dataclass(frozen=True)
class Entry:
    """A line of the list, for a call or for several of one function."""

    call: Call
    inside: tuple[Entry, ...]
    times: int = 1


def functions_of(text: str) -> dict[int, Function]:
    """The functions of a file, by the line at which they or their decorators begin."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    return {min([node.lineno, *(one.lineno for one in node.decorator_list)]): _function(node) for node in nodes}


def _function(node: ast.FunctionDef) -> Function:
    decorators = {ast.unparse(one) for one in node.decorator_list}
    first = (ast.get_docstring(node) or "").partition("\n\n")[0]
    return Function(" ".join(first.split()), "property" in decorators)


def known_functions(root: Path, way: Way) -> Known:
    """A lookup from a call of a way to its function."""
    found: Mapping[str, Mapping[int, Function]] = {
        file: functions_of((root / file).read_text(encoding="utf-8")) for file in way.files
    }
    return lambda call: found[call.file].get(call.line, Function())


def page(way: Way, known: Known, head: Callable[..., str]) -> str:
    """The whole page, as deep as `MOST_LINES` allow; `head` is told how deep that is."""
    for depth in range(DEEPEST, 1, -1):
        lines = [*head(depth=depth).splitlines(), *_turns(way, known, depth)]
        if len(lines) <= MOST_LINES:
            break
    return "\n".join(lines) + "\n"


def _turns(way: Way, known: Known, depth: int) -> Iterator[str]:
    listed: set[Key] = set()
    for number, turn in enumerate(way.turns, start=1):
        yield ""
        yield f"## {number}. {title(turn)}"
        yield ""
        yield from _lines(entries([turn.call], known, depth, listed), known)


def title(turn: Turn) -> str:
    """The thread and what happens there."""
    thread = "I/O thread" if turn.on_io_thread else "Worker"
    often = {Stage.GRAPHS: "a graph runs" if turn.graph_runs == 1 else f"graphs run {turn.graph_runs} times"}
    return f"{thread}: {', '.join(often.get(stage, stage.words) for stage in turn.stages)}"


def entries(calls: Sequence[Call], known: Known, depth: int, listed: set[Key]) -> tuple[Entry, ...]:
    """The calls that are worth a line, `depth` of them inside each other; calls of one function become one entry.

    `listed` has the functions that stand further up; they stand again only above something new.
    """
    groups: dict[Key, list[Call]] = {}
    for call in calls:
        if leads_to_landmark(call) or (depth > 0 and not is_trivial(call, known(call))):
            groups.setdefault((call.file, call.name), []).append(call)
    found = [_entry(key, group, known, depth, listed) for key, group in groups.items()]
    return tuple(entry for entry in found if entry is not None)


def _entry(key: Key, group: Sequence[Call], known: Known, depth: int, listed: set[Key]) -> Entry | None:
    is_new = key not in listed
    listed.add(key)
    if is_landmark(group[0]):
        return Entry(group[0], (), len(group))
    inside = entries([below for call in group for below in _below(call)], known, depth - 1, listed)
    return Entry(group[0], inside, len(group)) if is_new or inside else None


def is_landmark(call: Call) -> bool:
    """True if a reader looks out for it, wherever it lies: a graph that runs, a message that is sent."""
    return Stage.GRAPHS.is_call(call) or Stage.SENDING.is_call(call)


def leads_to_landmark(call: Call) -> bool:
    """True if it is one, or calls one."""
    return any(map(is_landmark, call.all()))


def _below(call: Call) -> list[Call]:
    """The calls that a call made, but for the rules of the wire, which call one another for every field."""
    return [one for one in call.calls if not (one.file == call.file and one.file.endswith("/rules.py"))]


def is_trivial(call: Call, function: Function) -> bool:
    """Properties and constructors, and small helpers of which nothing is said."""
    made_by_class = call.name.endswith(("__init__", "__post_init__"))
    return function.is_property or made_by_class or (not function.first_line and not call.calls)


def _lines(found: Sequence[Entry], known: Known, depth: int = 0, file: str = "") -> Iterator[str]:
    for entry in found:
        call = entry.call
        times = f" ({entry.times} times)" if entry.times > 1 else ""
        place = "" if call.file == file else f", `{call.file}`"
        said = known(call).first_line
        yield shortened(f"{'  ' * depth}- `{call.name}`{times}{place}{': ' if said else ''}{said}")
        yield from _lines(entry.inside, known, depth + 1, call.file)


def shortened(line: str) -> str:
    """The line, cut between words where it is too long."""
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 4].rpartition(' ')[0].rstrip(' ,;:')} ..."
