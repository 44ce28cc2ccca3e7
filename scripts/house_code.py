"""Counts that reading a file gives: `Any`, parameters of tests without a type, roots of exceptions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from house_files import Source

ROOT_ERROR = "StereoSyncError"
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Untyped(NamedTuple):
    """A parameter of a test or fixture that no reader can follow."""

    path: str
    line: int
    function: str
    parameter: str


class Root(NamedTuple):
    """An exception of ours that stands on one of Python's alone."""

    name: str
    path: str

    def __str__(self) -> str:
        return f"{self.name} ({self.path})"


def any_count(text: str) -> int:
    """The number of uses of `Any`; the import of it is none."""
    return sum(_is_any(node) for node in ast.walk(ast.parse(text)))


def _is_any(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and getattr(node, "id", getattr(node, "attr", "")) == "Any"


def untyped(source: Source) -> list[Untyped]:
    """Parameters of test functions and fixtures that are annotated `Any` or not at all."""
    functions = [node for node in ast.walk(ast.parse(source.text)) if isinstance(node, Function) and _for_pytest(node)]
    return [
        Untyped(source.path, function.lineno, function.name, parameter.arg)
        for function in functions
        for parameter in _parameters(function)
        if parameter.annotation is None or _is_any(parameter.annotation)
    ]


def _for_pytest(function: Function) -> bool:
    return function.name.startswith("test_") or any("fixture" in ast.unparse(one) for one in function.decorator_list)


def _parameters(function: Function) -> Iterator[ast.arg]:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    yield from (one for one in named if one.arg not in ("self", "cls"))


def exception_roots(sources: Sequence[Source]) -> list[Root]:
    """Our root, and every exception class of ours that derives from one of Python's and not from our root."""
    bases = {name: (source.path, above) for source in sources for name, above in _classes(source.text)}
    parents = {name: above for name, (_, above) in bases.items()}
    found = [Root(name, path) for name, (path, above) in bases.items() if any(map(_is_exception, above))]
    return [root for root in found if root.name == ROOT_ERROR or not _under_root(root.name, parents)]


def _classes(text: str) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            yield node.name, [ast.unparse(base).rpartition(".")[2] for base in node.bases]


def _is_exception(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def _under_root(name: str, parents: Mapping[str, list[str]], depth: int = 0) -> bool:
    return depth < len(parents) and any(
        above == ROOT_ERROR or _under_root(above, parents, depth + 1) for above in parents.get(name, ())
    )
