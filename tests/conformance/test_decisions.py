"""Every client decides as the Python client does, script by script."""

from __future__ import annotations

import subprocess

import pytest

from stereosync_bridge.conformance.compare import difference
from stereosync_bridge.conformance.converse import END, converse
from stereosync_bridge.conformance.scripts import scripts

SCRIPTS = scripts()
LIMIT_S = 60


def answers(program: list[str], commands: list[str]) -> list[list[str]]:
    """The program's decisions, one list for each command."""
    text = "\n".join(commands) + "\n"
    done = subprocess.run(
        [*program, "converse"], input=text, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer: list[str] = []
    found: list[list[str]] = []
    for line in done.stdout.splitlines():
        if line == END:
            found.append(answer)
            answer = []
        else:
            answer.append(line)
    return found


@pytest.mark.parametrize("name", SCRIPTS)
def test_program_decides_as_python_does(client_program: list[str], name: str) -> None:
    commands = SCRIPTS[name]
    spoken = [command for command in commands if not command.startswith("#")]
    expected = list(converse(iter(commands)))
    got = answers(client_program, commands)
    for number, (command, decided, other) in enumerate(zip(spoken, expected, got, strict=False)):
        differs = difference(decided, other)
        assert differs is None, f"{name}, command {number} ({command[:120]}): {differs}"
    assert len(got) == len(expected)
