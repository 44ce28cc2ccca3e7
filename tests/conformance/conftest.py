"""The clients that are not Python, as their test programs: bridge/CONFORMANCE.md."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", params=["csharp", "cpp"])
def client_program(request: pytest.FixtureRequest) -> list[str]:
    """The command of a client's program, compiled once."""
    program: list[str] = request.getfixturevalue(f"{request.param}_program")
    return program
