"""Sets a machine up that has only Python: system packages, a virtual environment, and this repository in it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from commands import ROOT
from environments import Environment, Stamp
from system_packages import VENV, Group, bring, this_apt

OLDEST = (3, 11)


@dataclass(frozen=True)
class Job:
    """The needs of a command."""

    extras: tuple[str, ...]  # any of them will do; the first is installed
    modules: tuple[str, ...]  # they show that an environment has all that is needed
    groups: tuple[Group, ...]
    hint: str = ""  # said before the packages are installed


@dataclass(frozen=True)
class Options:
    """The user's options for the set-up; `rest` is for the job itself."""

    venv: Path | None
    system: bool
    rest: tuple[str, ...]


def read_options(about: str, words: Sequence[str]) -> Options:
    """The options of the set-up, wherever they stand; all other words are kept in their order."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=about, formatter_class=form, allow_abbrev=False)
    parser.add_argument("--venv", metavar="DIR", type=Path, help="the virtual environment (default: .venv)")
    parser.add_argument("--no-system", action="store_true", help="neither look for system packages nor install them")
    known, rest = parser.parse_known_args(words)
    venv = None if known.venv is None else known.venv.absolute()
    return Options(venv, not known.no_system, tuple(rest))


def set_up(job: Job, options: Options) -> Environment:
    """The environment in which the job can run: the present one if it has all, else one that is made or mended.

    The present one is used as it is: nothing is looked for or installed.

    Raises:
        SystemExit: something is missing without which the job cannot run.
    """
    if options.venv is None and is_present(job.modules):
        return Environment(Path(sys.prefix), present=True)
    environment = Environment(options.venv or ROOT / ".venv")
    before = environment.stamp() if environment.holds(job.extras) else Stamp()
    tried = before.tried
    if options.system:
        tried = bring_system_packages(job.groups if before.digest else (VENV, *job.groups), tried)
    digest = before.digest or install(job, environment)
    if Stamp(digest, tried) != before:
        environment.keep(Stamp(digest, tried))
    return environment


def install(job: Job, environment: Environment) -> str:
    """Install the job's first extra; the digest of what is there now."""
    if job.hint:
        print(job.hint, flush=True)
    environment.install(job.extras[0])
    return environment.digest(job.extras[0])


def is_present(modules: Sequence[str]) -> bool:
    """True if this Python is a virtual environment's and has the modules."""
    return sys.prefix != sys.base_prefix and all(find_spec(module) for module in modules)


def bring_system_packages(groups: Sequence[Group], tried: tuple[str, ...]) -> tuple[str, ...]:
    """Bring system packages on Linux; elsewhere pip's wheels hold all that is needed."""
    return bring(groups, tried, this_apt()) if sys.platform.startswith("linux") else tried


def run_command(command: Callable[[], int]) -> int:
    """The command's exit code, where this Python is new enough for it."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version.split()[0]}")
    return command()
