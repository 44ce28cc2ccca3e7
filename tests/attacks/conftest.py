"""One service with a healthy client for all attacks; where an attack ends them, the next has another pair."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "scripts"))

from attacker import Attacker
from beside import Beside


class Holder:
    """Opens the pair, and opens it again when it is broken."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._beside: Beside | None = None

    def get(self) -> Beside:
        if self._beside is None or not self._beside.usable():
            self._beside = self._stack.enter_context(Beside.opened())
        return self._beside


@pytest.fixture(scope="module")  # not of the session: nothing may run beside tests that play in time
def holder() -> Iterator[Holder]:
    with ExitStack() as stack:
        yield Holder(stack)


@pytest.fixture
def beside(holder: Holder) -> Beside:
    """A service, and a healthy client that hears its sound."""
    return holder.get()


@pytest.fixture
def attacker(beside: Beside) -> Iterator[Attacker]:
    """A client of the service with a session."""
    client = Attacker(beside.service)
    try:
        assert any(client.join() for _ in range(3)), "joins are limited, and an attack may have used them up"
        yield client
    finally:
        client.close()
