"""For the tests of what is heard: the bench's folder and this one go onto the path, and every client takes its turn."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "bench"), str(HERE)]

PYTHON = [sys.executable, "-m", "stereosync_bridge.conformance"]


@pytest.fixture
def program(request: pytest.FixtureRequest) -> list[str]:
    """The test program of the client that the test names: `python`, `csharp` or `cpp`."""
    return PYTHON if request.param == "python" else request.getfixturevalue(f"{request.param}_program")
