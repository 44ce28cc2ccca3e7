"""Which packages are asked of apt-get: those whose trial fails, by whoever may, and none twice in vain."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import client_tools
import pytest
import system_packages
from system_packages import INSTALL, Apt, Group, bring

ROOT, SUDO, NOBODY = (), ("sudo", "-n"), None
LINE = " ".join(INSTALL)


class Machine:
    """A machine on which packages are there or not; what `can_be_had` is there after apt-get was asked for it."""

    def __init__(self, there: str = "", can_be_had: str = "", as_root: tuple[str, ...] | None = ROOT) -> None:
        self.there, self.can_be_had = set(there.split()), set(can_be_had.split())
        self.lines: list[str] = []
        self.apt = Apt(True, as_root, self.run)

    def run(self, command: Sequence[str]) -> None:
        self.lines.append(" ".join(command))
        packages = command[command.index("apt-get") + len(INSTALL) :] if "install" in command else []
        if self.can_be_had.issuperset(packages):
            self.there.update(packages)

    def group(self, packages: str, needed: bool = False) -> Group:
        return Group(f"no {packages}", {name: self.trial(name) for name in packages.split()}, needed)

    def trial(self, name: str) -> Callable[[], bool]:
        return lambda: name in self.there


def test_only_what_lacks_is_installed_a_group_at_a_time() -> None:
    machine = Machine(there="libgl1 mono", can_be_had="glib mcs chromium")
    groups = [machine.group("libgl1 glib", needed=True), machine.group("mcs mono"), machine.group("chromium")]
    assert bring(groups, (), machine.apt) == ()
    assert machine.lines == ["apt-get update -qq", f"{LINE} glib", f"{LINE} mcs", f"{LINE} chromium"]


def test_nothing_is_run_where_nothing_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine(there="libgl1 glib")
    assert bring([machine.group("libgl1 glib", needed=True)], (), machine.apt) == ()
    assert not machine.lines
    assert not capsys.readouterr().out


def test_sudo_comes_before_each_command() -> None:
    machine = Machine(can_be_had="libgl1", as_root=SUDO)
    bring([machine.group("libgl1")], (), machine.apt)
    assert machine.lines == ["sudo -n apt-get update -qq", f"sudo -n {LINE} libgl1"]


def test_where_nobody_may_the_line_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine(as_root=NOBODY)
    assert bring([machine.group("portaudio"), machine.group("mcs mono")], (), machine.apt) == ()
    assert not machine.lines
    (line,) = capsys.readouterr().out.splitlines()
    assert line == (
        "missing: portaudio (no portaudio); mcs, mono (no mcs mono); to install: "
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends portaudio mcs mono"
    )


def test_what_is_needed_and_cannot_be_had_stops_with_the_line() -> None:
    machine = Machine(as_root=NOBODY)
    with pytest.raises(SystemExit, match=r"missing: mcs .*sudo apt-get install .* mcs libgl1\. .* without libgl1;"):
        bring([machine.group("mcs"), machine.group("libgl1", needed=True)], (), machine.apt)


def test_root_is_told_a_line_without_sudo(capsys: pytest.CaptureFixture[str]) -> None:
    bring([(machine := Machine()).group("chromium")], (), machine.apt)
    assert "to install: apt-get update && apt-get install -y" in capsys.readouterr().out


def test_without_apt_get_the_names_are_said_to_be_debian_s(capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine()
    bring([machine.group("portaudio")], (), Apt(False, None, machine.run))
    assert not machine.lines
    assert "missing: portaudio (no portaudio); this system's package manager" in capsys.readouterr().out


def test_one_package_that_cannot_be_had_takes_no_other_group_along() -> None:
    machine = Machine(can_be_had="mcs")
    assert bring([machine.group("chromium"), machine.group("mcs")], (), machine.apt) == ("chromium",)
    assert "mcs" in machine.there


def test_what_an_earlier_group_brought_is_not_asked_for() -> None:
    machine = Machine(can_be_had="glx")
    assert bring([machine.group("glx"), machine.group("glx")], (), machine.apt) == ()
    assert machine.lines[1:] == [f"{LINE} glx"]


def test_what_was_tried_in_vain_is_not_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine()
    assert bring([machine.group("chromium")], ("chromium",), machine.apt) == ("chromium",)
    assert not machine.lines
    assert "missing: chromium (no chromium)" in capsys.readouterr().out


def test_what_is_needed_is_tried_each_time() -> None:
    machine = Machine(can_be_had="libgl1")
    assert bring([machine.group("libgl1", needed=True)], ("libgl1",), machine.apt) == ()
    assert machine.lines


def test_what_came_since_is_forgotten() -> None:
    machine = Machine(there="chromium")
    assert bring([machine.group("chromium")], ("chromium",), machine.apt) == ()


@pytest.mark.parametrize(
    ("user", "sudo", "asks", "expected"),
    [(0, None, 0, ROOT), (1000, "/bin/sudo", 0, SUDO), (1000, "/bin/sudo", 1, NOBODY), (1000, None, 0, NOBODY)],
)
def test_who_may_install(
    user: int, sudo: str | None, asks: int, expected: tuple[str, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(system_packages.shutil, "which", lambda _name: sudo)
    monkeypatch.setattr(system_packages.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=asks))
    assert system_packages.as_root() == expected


def test_trials_tell_what_is_there_from_what_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert system_packages.program(Path(sys.executable).name)()
    assert not system_packages.program("no-such-program")()
    assert system_packages.module("json")()
    assert not system_packages.module("no_such_module")()
    (tmp_path / "zmq.h").touch()
    below = tmp_path.relative_to(tmp_path.anchor).as_posix()
    assert system_packages.file(f"{below}/*.h")()
    assert not system_packages.file(f"{below}/*.hpp")()
    broken = tmp_path / "libGL.so.1"
    broken.write_bytes(b"")
    assert not system_packages.library(str(broken))()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libc has this name on Linux only")
def test_a_library_that_is_there_loads() -> None:
    assert system_packages.library("libc.so.6")()


def test_every_tool_is_optional() -> None:
    groups = [group for group in vars(client_tools).values() if isinstance(group, Group)]
    assert groups
    assert not any(group.needed for group in groups)
