"""Commands: a user's error is one sentence, a package that is missing is named with its extra, a bug is a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from stereosync import commands
from stereosync.commands import COMMANDS, run
from stereosync.errors import UserError

ROOT = Path(__file__).parents[2]


def test_every_command_that_is_installed_is_in_the_table() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert set(scripts) == set(COMMANDS)
    for command, target in scripts.items():
        assert target == f"stereosync.commands:{command.removeprefix('stereosync-')}"
        assert callable(getattr(commands, command.removeprefix("stereosync-")))


def with_main(monkeypatch: pytest.MonkeyPatch, error: Exception | None) -> int:
    """What `stereosync-serve` ends with where its main raises."""

    def main() -> int:
        if error is not None:
            raise error
        return 3

    module = ModuleType("stereosync_runtime.serve")
    module.main = main  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "stereosync_runtime.serve", module)
    return run("stereosync-serve")


def test_the_code_of_main_is_the_command_s(monkeypatch: pytest.MonkeyPatch) -> None:
    assert with_main(monkeypatch, None) == 3


def test_a_package_that_is_missing_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert with_main(monkeypatch, ModuleNotFoundError("No module named 'psutil'", name="psutil")) == 1
    said = capsys.readouterr().err
    assert said == 'stereosync-serve: psutil is not installed: pip install "stereosync[cpu]"\n'


def test_a_user_s_error_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert with_main(monkeypatch, UserError("give a number")) == 1
    assert capsys.readouterr().err == "stereosync-serve: give a number\n"


@pytest.mark.parametrize("bug", [KeyError("x"), ModuleNotFoundError("x", name="stereosync_runtime.gone")])
def test_a_bug_is_a_traceback(monkeypatch: pytest.MonkeyPatch, bug: Exception) -> None:
    with pytest.raises(type(bug)):
        with_main(monkeypatch, bug)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_letter_that_the_console_lacks_does_not_end_a_command(tmp_path: Path, encoding: str) -> None:
    command = "import sys; from stereosync.commands import tape; sys.exit(tape())"
    ended = subprocess.run(
        [sys.executable, "-c", command, "info", str(tmp_path / "模型\udce9.tape")],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 2
    assert b"Traceback" not in ended.stderr
    assert ended.stderr.rstrip().endswith(b"udce9.tape: No such file or directory")
