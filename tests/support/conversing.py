"""Talks with a client's test program: bridge/CONFORMANCE.md, "converse"."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from stereosync_bridge.conformance.compare import difference
from stereosync_bridge.conformance.converse import END, converse

LIMIT_S = 100


def answers(program: Sequence[str], commands: Sequence[str]) -> list[list[str]]:
    """The program's decisions, one list for each command."""
    text = "\n".join(commands) + "\n"
    done = subprocess.run(
        [*program, "converse"], input=text, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answer: list[str] = []
    found: list[list[str]] = []
    for line in done.stdout.splitlines():
        if line == END:
            found.append(answer)
            answer = []
        else:
            answer.append(line)
    return found


def expect_python_s_decisions(program: Sequence[str], name: str, commands: Sequence[str]) -> None:
    """Run a script; every decision must be that of the Python client."""
    spoken = [command for command in commands if not command.startswith("#")]
    expected, got = list(converse(iter(commands))), answers(program, commands)
    for number, (command, decided, other) in enumerate(zip(spoken, expected, got, strict=False)):
        differs = difference(decided, other)
        assert differs is None, f"{name}, command {number} ({command[:120]}): {differs}"
    assert len(got) == len(expected)
