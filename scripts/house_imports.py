"""Imports among our files: circles, and those that wait inside a function for another package of ours."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from house_files import Source

FRONT_DOOR = "core/stereosync/__init__.py"  # hands names on when they are asked for, which is what it is for


class Import(NamedTuple):
    """The name in an import statement, the line, and whether a function must run first."""

    module: str
    line: int
    lazy: bool


class LazyImport(NamedTuple):
    """An import inside a function that reaches into another package of ours."""

    path: str
    line: int
    package: str
    other: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} -> {self.other}"


def imports_of(source: Source) -> list[Import]:
    """All imports of a file but those for type checkers alone; `from a import b` is told as `a.b`, a module or not."""
    return list(_imports(ast.parse(source.text), _package_of(source), lazy=False))


def _package_of(source: Source) -> str:
    return source.module if source.path.endswith("__init__.py") else source.module.rpartition(".")[0]


def _imports(node: ast.AST, package: str, lazy: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        for module in _modules(child, package):
            yield Import(module, getattr(child, "lineno", 0), lazy)
        if isinstance(child, ast.If) and _for_type_checkers(child.test):
            continue
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _imports(child, package, lazy or inside)


def _modules(node: ast.AST, package: str) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names, level=level):
            above = ".".join(package.split(".")[: len(package.split(".")) + 1 - level]) if level else ""
            base = ".".join(part for part in (above, module or "") if part)
            return [f"{base}.{alias.name}" for alias in names]
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Constant(value=str(name)), *_]):
            return [name] if called in ("import_module", "__import__") else []
    return []


def _for_type_checkers(test: ast.expr) -> bool:
    return "TYPE_CHECKING" in (getattr(test, "id", ""), getattr(test, "attr", ""))


def graph(sources: Sequence[Source], with_lazy: bool = False) -> dict[str, set[str]]:
    """By file: those that it imports at once. A package's `__init__` is among them if a name is taken from it.

    Args:
        with_lazy: those too that its functions import, the front door's excepted.
    """
    homes = {source.module: source.path for source in sources if source.package}
    out: dict[str, set[str]] = {}
    for source in sources:
        found = [one for one in imports_of(source) if not one.lazy or (with_lazy and source.path != FRONT_DOOR)]
        out[source.path] = _files(found, homes | _beside(source, sources)) - {source.path}
    return out


def _beside(source: Source, sources: Sequence[Source]) -> dict[str, str]:
    """Modules that a file of no package imports by their bare names: its neighbours."""
    if source.package:
        return {}
    folder = source.path.rpartition("/")[0]
    return {one.path.rpartition("/")[2][:-3]: one.path for one in sources if one.path.rpartition("/")[0] == folder}


def _files(found: Sequence[Import], homes: Mapping[str, str]) -> set[str]:
    named = [one.module if one.module in homes else one.module.rpartition(".")[0] for one in found]
    return {homes[module] for module in named if module in homes}


def circles(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of files each of which reaches all others of its group, sorted."""
    reached = {file: _all_from(file, edges) for file in edges}
    groups = {tuple(sorted({file, *(one for one in reached[file] if file in reached[one])})) for file in edges}
    return [list(group) for group in sorted(groups) if len(group) > 1]


def _all_from(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    out: set[str] = set()
    ahead = [*edges[start]]
    while ahead:
        file = ahead.pop()
        if file not in out:
            out.add(file)
            ahead += edges.get(file, ())
    return out


def lazy_imports(sources: Sequence[Source]) -> list[LazyImport]:
    """Imports inside functions from one package of ours to another, the front door's excepted; each place once."""
    packages = {source.package for source in sources} - {""}
    found = [
        LazyImport(source.path, one.line, source.package, one.module.partition(".")[0])
        for source in sources
        if source.package and source.path != FRONT_DOOR
        for one in imports_of(source)
        if one.lazy
    ]
    return sorted({one for one in found if one.other in packages - {one.package}})
