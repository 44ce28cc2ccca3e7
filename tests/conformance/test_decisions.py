"""Every client decides as the Python client does, script by script."""

from __future__ import annotations

import pytest
from conversing import expect_python_s_decisions

from stereosync_bridge.conformance.scripts import scripts

SCRIPTS = scripts()


@pytest.mark.parametrize("name", SCRIPTS)
def test_program_decides_as_python_does(client_program: list[str], name: str) -> None:
    expect_python_s_decisions(client_program, name, SCRIPTS[name])
