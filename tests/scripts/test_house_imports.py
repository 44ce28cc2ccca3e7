"""Circles of imports are found, whoever closes them; so are imports in functions that reach into another package."""

from __future__ import annotations

import pytest
from house_files import Source
from house_imports import circles, graph, lazy_imports


def source(package: str, module: str, text: str) -> Source:
    """A file of a package of ours."""
    return Source(f"{package}/stereosync_{package}/{module}.py", f"stereosync_{package}.{module}", text)


def ring(*texts: str) -> list[list[str]]:
    """The circles among files a, b, c, ... of one package, by their stems."""
    sources = [source("runtime", name, text) for name, text in zip("abcdef", texts, strict=False)]
    return [[path[-4] for path in found] for found in circles(graph(sources))]


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"a"}}, [["a", "b"]]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, [["a", "b", "c"]]),
        ({"a": {"b", "c"}, "b": {"a"}, "c": {"d"}, "d": {"c"}}, [["a", "b"], ["c", "d"]]),
    ],
)
def test_a_circle_is_who_reaches_one_another(edges: dict[str, set[str]], found: list[list[str]]) -> None:
    assert circles(edges) == found


@pytest.mark.parametrize(
    "back",
    [
        "from stereosync_runtime.a import name",
        "from stereosync_runtime import a",
        "import stereosync_runtime.a as first",
        "from .a import name",
        "from . import a",
        "try:\n    import stereosync_runtime.a\nexcept ImportError:\n    pass",
        "class B:\n    from stereosync_runtime import a",
    ],
)
def test_every_spelling_closes_a_circle(back: str) -> None:
    assert ring("from stereosync_runtime.b import name", back) == [["a", "b"]]


@pytest.mark.parametrize(
    "back",
    [
        "def later():\n    from stereosync_runtime import a",
        "if TYPE_CHECKING:\n    from stereosync_runtime.a import Name",
        "import a",
        "text = 'import stereosync_runtime.a'",
    ],
)
def test_what_does_not_run_at_once_closes_none(back: str) -> None:
    assert ring("from stereosync_runtime.b import name", back) == []


def test_circles_that_a_function_closes_are_found_when_asked_for() -> None:
    texts = {"a": "from stereosync_runtime.b import name", "b": "def later():\n    from stereosync_runtime import a"}
    sources = [source("runtime", name, text) for name, text in texts.items()]
    assert len(circles(graph(sources, with_lazy=True))) == 1


def test_files_without_a_package_import_their_neighbours() -> None:
    files = [Source("bench/one.py", "one", "import two"), Source("bench/two.py", "two", "import one")]
    other = Source("scripts/two.py", "two", "import one")
    assert circles(graph([*files, other])) == [["bench/one.py", "bench/two.py"]]


LAZY = "def later():\n    from stereosync_scenes.plan import make_plan, Plan\n    import stereosync_tools.loop, numpy"


def test_a_lazy_import_is_told_once_with_its_place() -> None:
    sources = [source("tools", "loop", LAZY), source("scenes", "plan", "")]
    assert list(map(str, lazy_imports(sources))) == ["tools/stereosync_tools/loop.py:2 -> stereosync_scenes"]


def test_a_module_opened_by_name_in_a_function_is_lazy_too() -> None:
    text = "def later():\n    return import_module('stereosync_scenes.plan')"
    assert len(lazy_imports([source("tools", "loop", text), source("scenes", "plan", "")])) == 1


def test_the_front_door_is_not_counted() -> None:
    door = Source("core/stereosync/__init__.py", "stereosync", LAZY)
    assert lazy_imports([door, source("scenes", "plan", ""), source("tools", "loop", "")]) == []
