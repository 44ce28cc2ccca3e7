"""`Any`, parameters of tests that no reader can follow, and roots of exceptions are counted by reading."""

from __future__ import annotations

import pytest
from house_code import any_count, exception_roots, untyped
from house_files import Source


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("from typing import Any", 0),
        ("from typing import Any\ndef f(a: Any, b: dict[str, Any]) -> Any: ...", 3),
        ("import typing\nrunners: typing.Any = None", 1),
        ("text = 'Any'  # Any", 0),
    ],
)
def test_uses_of_any_are_counted(text: str, count: int) -> None:
    assert any_count(text) == count


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def test_a(toy: Any, scene, *, pair: typing.Any): ...", ["toy", "scene", "pair"]),
        ("@pytest.fixture(scope='module')\ndef toy(request): ...", ["request"]),
        ("@fixture\nasync def toy(request: Any): ...", ["request"]),
        ("class TestA:\n    def test_a(self, toy): ...", ["toy"]),
        ("def test_a(toy: Toy, rows: dict[str, Any]): ...", []),
        ("def helper(toy, scene: Any): ...", []),
    ],
)
def test_parameters_without_a_type(text: str, names: list[str]) -> None:
    assert [one.parameter for one in untyped(Source("tests/test_a.py", "tests.test_a", text))] == names


ERRORS = {
    "core/errors.py": "class StereoSyncError(Exception): ...\nclass UserError(StereoSyncError, ValueError): ...",
    "bench/crowd.py": "class CrowdError(RuntimeError): ...\nclass LateError(CrowdError): ...",
    "runners/cache.py": "class NoEngineError(errors.RunnerError, OSError): ...",
    "runners/runner.py": "class RunnerError(errors.StereoSyncError): ...\nclass Runner(Protocol): ...",
}


def test_roots_are_what_stands_on_pythons_exceptions_alone() -> None:
    roots = exception_roots([Source(path, path, text) for path, text in ERRORS.items()])
    assert list(map(str, roots)) == ["StereoSyncError (core/errors.py)", "CrowdError (bench/crowd.py)"]
