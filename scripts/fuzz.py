"""Feeds damaged input to everything that reads what strangers send, and to a live service.

    python scripts/fuzz.py [TARGET ...] [--messages N] [--seconds S] [--seed N] [--first N]

Targets are header, picture, depth, tape, manifest, live and flood; all but the last two, which need a service, if none
is named. Case `i` of a seed is always the same, so `--first i --messages 1` shows one again, and a long run goes on
where another ended. The exit code is 1 where anything was raised but the error of the format; the table then names the
first case.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from fuzz_corpus import write_corpus
from fuzz_live import fuzz_live
from fuzz_targets import CORPUS, EXPECTED, TARGETS, Target
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

LIVE, FLOOD = "live", "flood"


@dataclass
class Found:
    """What came of a target's cases."""

    cases: int = 0
    used: int = 0
    refused: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)  # case by fault


def fuzz(name: str, target: Target, cases: range, seed: int, until_s: float) -> Found:
    """Run cases until the time is over."""
    found = Found()
    for case in tqdm(cases, desc=name, disable=None):
        if time.monotonic() > until_s:
            break
        found.cases += 1
        try:
            found.used += target(random.Random(f"{seed} {name} {case}"))
        except EXPECTED:
            found.refused += 1
        except Exception as error:
            fault = _fault(error)
            found.faults[fault] += 1
            found.first.setdefault(fault, case)
    return found


def _fault(error: Exception) -> str:
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {at.filename.rpartition('/')[2]}:{at.lineno}: {error}"[:160]


def table(found: dict[str, Found]) -> Table:
    """One line a target."""
    out = Table("target", title="Fuzzing", title_justify="left")
    for head in ("cases", "used", "refused", "faults"):
        out.add_column(head, justify="right")
    out.add_column("first case of each fault")
    for name, one in found.items():
        faults = "\n".join(f"{case}: {fault}" for fault, case in one.first.items())
        out.add_row(name, *map(str, (one.cases, one.used, one.refused, one.faults.total())), faults)
    return out


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    out.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join((*TARGETS, LIVE, FLOOD)))
    out.add_argument("--messages", type=int, default=10_000, help="cases of each target, at most")
    out.add_argument("--seconds", type=float, default=60.0, help="for each target, at most")
    out.add_argument("--seed", type=int, default=0)
    out.add_argument("--first", type=int, default=0, help="case to begin with")
    out.add_argument("--write-corpus", action="store_true", help=f"write {CORPUS.name} anew, and nothing else")
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz; the exit code."""
    options = parser().parse_args(arguments)
    if options.write_corpus:
        write_corpus(CORPUS)
        return 0
    names = options.targets or list(TARGETS)
    if unknown := set(names) - {*TARGETS, LIVE, FLOOD}:
        parser().error(f"no such target: {', '.join(sorted(unknown))}")
    cases, found = range(options.first, options.first + options.messages), {}
    for name in names:
        if name in (LIVE, FLOOD):
            found[name] = Found(*fuzz_live(cases, options.seed, options.seconds, name == FLOOD))
        else:
            found[name] = fuzz(name, TARGETS[name], cases, options.seed, time.monotonic() + options.seconds)
    Console(width=None if sys.stdout.isatty() else 160).print(table(found))
    return int(any(one.faults for one in found.values()))


if __name__ == "__main__":
    sys.exit(main())
