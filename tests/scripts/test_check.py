"""The check fails when any of its programs does, and reads the types of both systems."""

from __future__ import annotations

import sys

import check
import pytest


def codes_of(monkeypatch: pytest.MonkeyPatch, failing: str, code: int) -> tuple[int, list[str]]:
    """The check's exit code, and its calls, where those with the word `failing` end with `code`."""
    calls: list[str] = []

    def run(*words: str) -> int:
        calls.append(" ".join(words))
        return code if failing in words else 0

    monkeypatch.setattr(check, "run_module", run)
    monkeypatch.setattr(sys, "argv", ["check.py"])
    return check.main(), calls


@pytest.mark.parametrize("failing", ["check", "format", "linux", "win32"])
@pytest.mark.parametrize("code", [1, -9, 0xC0000005])
def test_one_that_fails_or_is_killed_fails_the_check(monkeypatch: pytest.MonkeyPatch, failing: str, code: int) -> None:
    assert codes_of(monkeypatch, failing, code)[0] == 1


def test_a_clean_check_is_0_and_mends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    code, calls = codes_of(monkeypatch, "none", 1)
    assert code == 0
    assert not any("--fix" in call for call in calls)
