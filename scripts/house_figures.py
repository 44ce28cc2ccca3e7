"""The figures and their bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from house_code import any_count, exception_roots, untyped
from house_files import House
from house_frame import Way, usual
from house_imports import LazyImport, circles, graph, lazy_imports

MOST_TOLD = 8  # places that a note names


@dataclass(frozen=True)
class Figure:
    """A count, the most that is allowed (None: it is only told), and what was counted."""

    name: str
    now: int
    bar: int | None = None
    note: str = ""

    @property
    def bar_told(self) -> str:
        return "-" if self.bar is None else str(self.bar)

    @property
    def kept(self) -> str:
        return "" if self.bar is None else "yes" if self.now <= self.bar else "NO"


def figures_of_frame(ways: Sequence[Way]) -> list[Figure]:
    """The way of one frame to one chunk."""
    way, changes = usual(ways), [one.changes for one in ways]
    among = f"median of {len(ways)} frames, {min(changes)} to {max(changes)}"
    return [
        Figure("one frame: files", len(way.files), 28, ", ".join(f"{count} {of}" for of, count in _folders(way))),
        Figure("one frame: changes of file", way.changes, 120, among),
        Figure("one frame: functions", way.functions),
        Figure("one frame: calls", len(way.calls())),
    ]


def _folders(way: Way) -> list[tuple[str, int]]:
    return Counter(file.partition("/")[0] for file in way.files).most_common()


def figures_of_files(house: House) -> list[Figure]:
    """The figures that reading the files gives."""
    return [*_of_imports(house), *_of_types(house), _of_errors(house), _of_lines(house)]


def _of_imports(house: House) -> list[Figure]:
    runtime = [source for source in house.of_packages if source.path.startswith("runtime/")]
    lazy = lazy_imports(house.of_packages)
    rings, all_rings = circles(graph(house.sources)), circles(graph(house.sources, with_lazy=True))
    return [
        Figure("files in runtime/", len(runtime), 30),
        Figure("circles of imports", len(rings), 0, _told(map(_ring, rings))),
        Figure("circles, imports inside functions included", len(all_rings), None, _told(map(_ring, all_rings))),
        Figure("imports between packages inside functions", len(lazy), 0, _told(_pairs(lazy))),
    ]


def _ring(files: Sequence[str]) -> str:
    """The files of a circle, by their places below the folder of their package."""
    return " <-> ".join(file.split("/", 2)[-1] for file in files)


def _pairs(lazy: Sequence[LazyImport]) -> list[str]:
    """Pairs of packages of which one reaches into the other, with the number of imports and the files."""
    files: dict[tuple[str, str], list[str]] = {}
    for one in lazy:
        files.setdefault((one.package, one.other), []).append(one.path.rpartition("/")[2])
    told = {pair: ", ".join(dict.fromkeys(names)) for pair, names in files.items()}
    return [f"{package} -> {other}: {len(files[package, other])} in {told[package, other]}" for package, other in files]


def _of_types(house: House) -> list[Figure]:
    parity = {one.path: any_count(one.text) for one in house.of_packages if "stereosync_export/parity/" in one.path}
    loose = [one for source in house.tests for one in untyped(source)]
    functions = len({(one.path, one.line) for one in loose})
    where = Counter(one.path for one in loose).most_common()
    note = f"in {functions} functions: {_told(f'{path} {count}' for path, count in where)}" if loose else ""
    return [
        Figure("Any in export/parity", sum(parity.values()), 0, _told(one for one, count in parity.items() if count)),
        Figure("parameters of tests and fixtures without a type", len(loose), 0, note),
    ]


def _of_errors(house: House) -> Figure:
    roots = exception_roots(house.sources)
    return Figure("roots of exceptions", len(roots), 1, _told(map(str, roots)))


def _of_lines(house: House) -> Figure:
    count: Counter[str] = Counter()
    for source in house.sources:
        count[source.path.partition("/")[0]] += source.lines
    note = ", ".join(f"{folder} {lines:,}" for folder, lines in count.most_common())
    return Figure("lines of Python, tests apart", count.total(), None, note)


def _told(places: Iterable[str]) -> str:
    listed = list(places)
    more = f"\nand {len(listed) - MOST_TOLD} more" if len(listed) > MOST_TOLD else ""
    return "\n".join(listed[:MOST_TOLD]) + more
