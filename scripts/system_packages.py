"""Packages that Debian's apt-get brings and pip cannot. A lack is found by trying, whoever brought the package."""

from __future__ import annotations

import ctypes
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

Trial = Callable[[], bool]
Runner = Callable[[Sequence[str]], None]
INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends")


@dataclass(frozen=True)
class Group:
    """Debian packages that are installed together, each with a trial of what it brings."""

    without: str  # what happens where they lack
    packages: Mapping[str, Trial]
    needed: bool = False  # nothing works without them

    def lacking(self) -> list[str]:
        """The packages whose trial fails."""
        return [package for package, works in self.packages.items() if not works()]


def library(name: str) -> Trial:
    """A trial of a shared library: it can be loaded."""

    def loads() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return loads


def program(name: str) -> Trial:
    """A trial of a program: it is on the PATH."""
    return lambda: shutil.which(name) is not None


def file(pattern: str) -> Trial:
    """A trial of a file: one below `/` fits."""
    return lambda: any(Path("/").glob(pattern))


def module(name: str) -> Trial:
    """A trial of a module: this Python has it."""
    return lambda: find_spec(name) is not None


@dataclass(frozen=True)
class Apt:
    """The call of apt-get: `as_root` comes before it, and is None where it cannot be called."""

    there: bool
    as_root: tuple[str, ...] | None
    run: Runner

    def install(self, packages: Sequence[str]) -> None:
        """Try to install; whether it went well is seen by trying what the packages bring."""
        self.run([*(self.as_root or ()), *INSTALL, *packages])

    def line(self, packages: Sequence[str]) -> str:
        """The command with which a person gets the packages."""
        if not self.there:
            return "this system's package manager may have them under other names than these, which are Debian's"
        sudo = "" if self.as_root == () else "sudo "
        words = " ".join([*INSTALL, *packages]).replace(" -qq", "")
        return f"to install: {sudo}apt-get update && {sudo}{words}"


def this_apt() -> Apt:
    """This machine's apt-get: as root, or with a sudo that asks for no password."""
    there = shutil.which("apt-get") is not None
    return Apt(there, as_root() if there else None, run)


def as_root() -> tuple[str, ...] | None:
    """The words that make a command root's; None where that takes a password."""
    if os.geteuid() == 0:
        return ()
    asks = not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode
    return None if asks else ("sudo", "-n")


def run(command: Sequence[str]) -> None:
    """Say a command and run it; of what it prints, the last line where it fails."""
    print("+", *command, flush=True)
    variables = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        print("  failed:", *(done.stderr or done.stdout).strip().splitlines()[-1:], flush=True)


def bring(groups: Iterable[Group], tried: Iterable[str], apt: Apt) -> tuple[str, ...]:
    """Install what lacks, but not again what was `tried`; returns the packages that were tried in vain.

    A group at a time, so that a package that this system does not have takes no others along.

    Raises:
        SystemExit: a group that is needed still lacks something; its sentence says how to get it.
    """
    attempted = set(tried)
    lacking = [group for group in groups if group.lacking()]
    wanted = [group for group in lacking if group.needed or not attempted.issuperset(group.lacking())]
    if wanted and apt.as_root is not None:
        apt.run([*apt.as_root, "apt-get", "update", "-qq"])
        for group in wanted:
            if packages := group.lacking():  # an earlier group may have brought them
                attempted.update(packages)
                apt.install(packages)
        importlib.invalidate_caches()
    return _told([group for group in lacking if group.lacking()], attempted, apt)


def _told(lacking: Sequence[Group], attempted: set[str], apt: Apt) -> tuple[str, ...]:
    packages = [package for group in lacking for package in group.lacking()]
    if not packages:
        return ()
    parts = [f"{', '.join(group.lacking())} ({group.without})" for group in lacking]
    sentence = f"missing: {'; '.join(parts)}; {apt.line(packages)}"
    needed = [package for group in lacking if group.needed for package in group.lacking()]
    if needed:
        sys.exit(f"{sentence}. Nothing works without {', '.join(needed)}; --no-system goes on without looking.")
    print(sentence, flush=True)
    return tuple(sorted(attempted.intersection(packages)))


VENV = Group(
    "no virtual environment can be made",
    {f"python{sys.version_info[0]}.{sys.version_info[1]}-venv": module("ensurepip")},
    needed=True,
)
OPENCV = Group(
    "OpenCV cannot be loaded",
    {"libgl1": library("libGL.so.1"), "libglib2.0-0": library("libgthread-2.0.so.0")},
    needed=True,
)
PORTAUDIO = Group("nothing is played aloud", {"libportaudio2": library("libportaudio.so.2")})
