"""SECURITY.md says what the code says: its limits are the constants, its tests exist."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "SECURITY.md").read_text(encoding="utf-8")
MODULES = {
    "scene": "stereosync.scene",
    "tracks": "stereosync.tracks",
    "options": "stereosync_runtime.options",
    "budget": "stereosync_runtime.budget",
    "watchdog": "stereosync_runtime.watchdog",
}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def constant(path: str) -> float:
    module, *names = path.split(".")
    value: object = import_module(MODULES.get(module, f"stereosync_bridge.{module}"))
    for name in names:
        value = getattr(value, name)
    assert isinstance(value, int | float)
    return value


@pytest.mark.parametrize(("limit", "value", "path"), rows("Limits"))
def test_a_limit_is_its_constant(limit: str, value: str, path: str) -> None:
    assert float(value.split()[0]) == constant(path.strip("`")), limit


def test_every_test_of_the_threat_table_exists() -> None:
    found = {
        node.name
        for path in HERE.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    named = {re.sub("`", "", row[3]) for row in rows("Threats")}
    assert len(named) > 15
    assert named <= found, named - found
