"""Virtual environments: paths on each system, the stamp, and what it takes to install again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import environments
import pytest
from environments import STAMP, Environment, Stamp


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository as far as a stamp reads it."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\n")
    (folder / "constraints.txt").write_text("numpy==2\n")
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """An environment that was made, with nothing in it."""
    made = Environment(tmp_path / "env")
    made.program("python").parent.mkdir(parents=True)
    made.program("python").touch()
    return made


@pytest.mark.parametrize(
    ("system", "expected"),
    [("linux", "bin/stereosync-keys"), ("darwin", "bin/stereosync-keys"), ("win32", "Scripts/stereosync-keys.exe")],
)
def test_programs_by_system(system: str, expected: str) -> None:
    found = Environment(Path(".venv"), system=system).program("stereosync-keys")
    assert found.as_posix() == f".venv/{expected}"


def test_a_stamp_comes_back(environment: Environment) -> None:
    environment.keep(Stamp("abc", ("chromium",)))
    assert environment.stamp() == Stamp("abc", ("chromium",))


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"digest": "abc"}', '{"digest": "abc", "tried": 1}'])
def test_a_stamp_that_cannot_be_read_is_none(environment: Environment, text: str | None) -> None:
    if text is not None:
        (environment.folder / STAMP).write_text(text)
    assert environment.stamp() == Stamp()


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_file_makes_another_digest(environment: Environment, root: Path, name: str) -> None:
    before = environment.digest("cpu", root)
    assert before == environment.digest("cpu", root)
    assert before != environment.digest("dev", root)
    (root / name).write_text("changed\n")
    assert before != environment.digest("cpu", root)


def test_another_python_makes_another_digest(environment: Environment, root: Path, tmp_path: Path) -> None:
    python = environment.program("python")
    before = environment.digest("cpu", root)
    python.unlink()
    try:
        python.symlink_to(tmp_path / "python3.99")
    except OSError:
        pytest.skip("THIS MACHINE MAKES NO LINKS, SO THIS IS NOT TESTED HERE")
    assert before != environment.digest("cpu", root)


def test_tests_bring_what_playing_needs_and_not_the_other_way(environment: Environment) -> None:
    assert not environment.holds(("cpu", "dev"))
    environment.keep(Stamp(environment.digest("dev")))
    assert environment.holds(("cpu", "dev"))
    environment.keep(Stamp(environment.digest("cpu")))
    assert not environment.holds(("dev",))


def test_an_environment_without_its_python_holds_nothing(environment: Environment) -> None:
    environment.keep(Stamp(environment.digest("cpu")))
    environment.program("python").unlink()
    assert not environment.holds(("cpu",))


class Commands:
    """Takes the place of `subprocess.run`: keeps what was called, and fails what has one of the words."""

    def __init__(self, *failing: str) -> None:
        self.failing, self.called = failing, list[list[str]]()

    def __call__(self, command: Sequence[str], **_: object) -> SimpleNamespace:
        self.called.append(list(command))
        return SimpleNamespace(returncode=int(any(word in command for word in self.failing)))


def test_an_environment_is_made_and_filled(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments.subprocess, "run", commands := Commands("--version"))
    environment.install("cpu")
    python = str(environment.program("python"))
    assert commands.called[1:] == [
        [sys.executable, "-m", "venv", str(environment.folder)],
        [python, "-m", "pip", "install", "-q", "-c", "constraints.txt", "-e", ".[cpu]"],
    ]


def test_one_that_has_pip_is_not_made_again(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments.subprocess, "run", commands := Commands())
    environment.install("cpu")
    assert not any("venv" in command for command in commands.called)


@pytest.mark.parametrize(("failing", "message"), [("venv", "no virtual environment"), ("install", "pip could not")])
def test_what_fails_becomes_a_sentence(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, failing: str, message: str
) -> None:
    monkeypatch.setattr(environments.subprocess, "run", Commands("--version", failing))
    with pytest.raises(SystemExit, match=message):
        environment.install("cpu")
