"""What the two commands do with their arguments, and when they install."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace

import client_tools
import play
import pytest
import setting_up
from environments import Environment, Stamp
from setting_up import Job, Options, read_options, set_up
from system_packages import Group

SCRIPTS = Path(__file__).parents[2] / "scripts"
JOB = Job(("cpu", "dev"), ("json",), (Group("nothing", {}),), "a hint")


@pytest.fixture(scope="module")
def tests() -> ModuleType:
    """`scripts/test.py`, whose name is also that of a package of Python."""
    spec = importlib.util.spec_from_file_location("scripts_test", SCRIPTS / "test.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done: nothing of it is, but the environment's Python is there afterwards."""
    steps: list[str] = []

    def install(environment: Environment, extra: str) -> None:
        steps.append(f"install {extra}")
        python = environment.program("python")
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()

    def bring(groups: Sequence[Group], tried: tuple[str, ...]) -> tuple[str, ...]:
        steps.append(f"bring {len(groups)}")
        return tried or ("chromium",)

    monkeypatch.setattr(Environment, "install", install)
    monkeypatch.setattr(setting_up, "bring_system_packages", bring)
    return steps


def at(folder: Path, system: bool = True) -> Options:
    return Options(folder, system, ())


def test_options_are_taken_out_wherever_they_stand() -> None:
    words = ["-k", "a or b", "tests/x.py", "--venv", "here", "-m", "not slow", "--no-system", "-x", "--install"]
    assert read_options("", words) == Options(
        Path("here").absolute(), False, ("-k", "a or b", "tests/x.py", "-m", "not slow", "-x", "--install")
    )


def test_no_options_are_the_defaults() -> None:
    assert read_options("", []) == Options(None, True, ())


def test_it_installs_once(tmp_path: Path, done: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    environment = set_up(JOB, at(tmp_path))
    assert done == ["bring 2", "install cpu"]  # the group of virtual environments too
    assert capsys.readouterr().out == "a hint\n"
    assert environment.stamp() == Stamp(environment.digest("cpu"), ("chromium",))
    assert set_up(JOB, at(tmp_path)) == environment
    assert done[2:] == ["bring 1"]


def test_it_installs_again_when_a_file_changed(tmp_path: Path, done: list[str]) -> None:
    set_up(JOB, at(tmp_path)).keep(Stamp("of other files", ("chromium",)))
    set_up(JOB, at(tmp_path))
    assert done[2:] == ["bring 2", "install cpu"]


def test_no_system_leaves_the_system_alone(tmp_path: Path, done: list[str]) -> None:
    assert set_up(JOB, at(tmp_path, system=False)).stamp().tried == ()
    assert done == ["install cpu"]


def test_a_failed_installation_leaves_no_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_environment: Environment, _extra: str) -> None:
        raise SystemExit("no network")

    monkeypatch.setattr(Environment, "install", fail)
    with pytest.raises(SystemExit, match="no network"):
        set_up(JOB, at(tmp_path, system=False))
    assert Environment(tmp_path).stamp() == Stamp()


@pytest.mark.parametrize(
    ("base", "modules", "present"),
    [("/usr", ("json",), True), (sys.prefix, ("json",), False), ("/usr", ("json", "no_such_module"), False)],
)
def test_the_present_environment_is_used_when_it_has_all(
    base: str, modules: tuple[str, ...], present: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, done: list[str]
) -> None:
    monkeypatch.setattr(sys, "base_prefix", base)
    monkeypatch.setattr(setting_up, "ROOT", tmp_path)
    environment = set_up(Job(("cpu",), modules, ()), Options(None, True, ()))
    assert environment == (Environment(Path(sys.prefix), True) if present else Environment(tmp_path / ".venv"))
    assert bool(done) != present


def test_a_folder_that_is_named_goes_before_the_present_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, done: list[str]
) -> None:
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    assert set_up(JOB, at(tmp_path)).folder == tmp_path
    assert done


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["--demo", "--save", "walk.mp4"]),
        (["--tape", "a b.tape"], ["--tape", "a b.tape"]),
    ],
)
def test_play_gives_its_words_to_the_audition(
    words: list[str], expected: list[str], tmp_path: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str | Path]] = []

    def run(command: list[str | Path]) -> SimpleNamespace:
        called.append(command)
        return SimpleNamespace(returncode=3)

    monkeypatch.setattr(play.subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", ["play.py", "--venv", str(tmp_path), *words])
    assert play.main() == 3
    assert called == [[Environment(tmp_path).program("stereosync-audition"), *expected]]
    assert "install cpu" in done


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], []), (["-x", "tests/core"], ["-x", "tests/core"]), (["--install", "-x"], ["-x", "-m", "install"])],
)
def test_test_gives_its_words_to_pytest(
    words: list[str],
    expected: list[str],
    tests: ModuleType,
    tmp_path: Path,
    done: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[tuple[object, ...]] = []
    monkeypatch.setattr(tests, "godot4_variables", lambda _environment: {"A": "b"})
    monkeypatch.setattr(tests, "run_module", lambda *arguments, **more: called.append((*arguments, more)) or 3)
    monkeypatch.setattr(sys, "argv", ["test.py", "--venv", str(tmp_path), *words])
    assert tests.main() == 3
    more = {"python": Environment(tmp_path).program("python"), "variables": {"A": "b"}}
    assert called == [("pytest", *expected, more)]
    assert "install dev" in done


def test_the_hint_about_torch_names_the_pinned_version(tests: ModuleType) -> None:
    assert "install torch==2.13.0 from" in tests.torch_hint("numpy==2\ntorch==2.13.0\n", "linux")
    assert not tests.torch_hint("torch==2.13.0\n", "win32")


def test_godot_4_is_fetched_once_and_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(client_tools.GODOT4, raising=False)
    monkeypatch.setattr(client_tools.shutil, "which", lambda name: name)
    outcomes = [False]
    monkeypatch.setattr(client_tools, "_unpacked", lambda _npm, _folder: outcomes.pop())
    environment = Environment(tmp_path)
    environment.keep(Stamp("abc"))
    assert client_tools.godot4_variables(environment) == {}
    assert client_tools.godot4_variables(environment) == {}
    (tmp_path / "godot4").mkdir()
    assert client_tools.godot4_variables(environment) == {client_tools.GODOT4: str(tmp_path / "godot4")}
    monkeypatch.setenv(client_tools.GODOT4, "elsewhere")
    assert client_tools.godot4_variables(environment) == {}


def test_the_present_environment_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(client_tools.GODOT4, raising=False)
    monkeypatch.setattr(client_tools.shutil, "which", pytest.fail)
    assert client_tools.godot4_variables(Environment(tmp_path, present=True)) == {}


def test_an_old_python_is_told_which_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_up, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"Python 99\.0 or newer is needed"):
        setting_up.run_command(lambda: pytest.fail("it was run"))
