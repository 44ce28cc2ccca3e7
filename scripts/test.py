"""Sets this machine up, then runs the tests, which need no network themselves.

    python3 scripts/test.py [--venv DIR] [--no-system] [--install] [PYTEST ARGUMENTS]

With `--install` it runs instead the tests that install the wheel in a fresh virtual environment, which need the package
index. In a virtual environment that has the packages it uses that one and installs nothing. A test whose tool cannot be
had is skipped and names the package.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from client_tools import CHROMIUM, CPP, CSHARP, GODOT3, SCENES, godot4_variables
from commands import ROOT, run_module
from setting_up import Job, read_options, run_command, set_up
from system_packages import OPENCV, PORTAUDIO

GROUPS = (OPENCV, PORTAUDIO, SCENES, CSHARP, CPP, GODOT3, CHROMIUM)
MODULES = ("stereosync", "pytest", "pytest_timeout", "hypothesis")


def torch_hint(pins: str, system: str) -> str:
    """A hint for a machine without a card before torch is installed; empty where it costs nothing."""
    pin = next(line for line in pins.splitlines() if line.startswith("torch=="))
    if system != "linux":
        return ""
    return (
        "PyPI's own torch brings several gigabytes of CUDA libraries; to do without them, stop here and "
        f"install {pin} from PyTorch's CPU index into the environment first, or name that index in pip's configuration."
    )


def pytest_arguments(words: Sequence[str]) -> list[str]:
    """The words without `--install`, which stands for the tests of that mark."""
    others = [word for word in words if word != "--install"]
    return others if len(others) == len(words) else [*others, "-m", "install"]


def main() -> int:
    options = read_options(__doc__, sys.argv[1:])
    hint = torch_hint((ROOT / "constraints.txt").read_text(encoding="utf-8"), sys.platform)
    environment = set_up(Job(("dev",), MODULES, GROUPS, hint), options)
    variables = godot4_variables(environment)
    arguments = pytest_arguments(options.rest)
    return run_module("pytest", *arguments, python=environment.program("python"), variables=variables)


if __name__ == "__main__":
    sys.exit(run_command(main))
