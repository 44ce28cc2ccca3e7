"""Which clients take their turn in a test, and how often."""

from __future__ import annotations

from collections.abc import Callable

import pytest

CLIENTS = ("python", "csharp", "cpp")
RUNS = 2  # a machine that stands still for a moment may spoil one run; the bars stay

every_client = pytest.mark.parametrize("program", CLIENTS, indirect=True)
converting_clients = pytest.mark.parametrize("program", [name for name in CLIENTS if name != "python"], indirect=True)


def twice(run: Callable[[], None]) -> None:
    """The whole run again, once, where a bar was missed."""
    for _ in range(RUNS - 1):
        try:
            return run()
        except AssertionError as error:
            print(f"once more, because: {error}")
    return run()
