"""Lint, format and types: `python scripts/check.py`. Add `--fix` to let ruff mend what it can first."""

import sys

from commands import run_module

SYSTEMS = ("linux", "win32")
"""Types differ between systems, and whoever changes the code has one of them."""


def main() -> int:
    if "--fix" in sys.argv[1:]:
        run_module("ruff", "check", "--fix", ".")
        run_module("ruff", "format", ".")
    codes = [run_module("ruff", "check", "."), run_module("ruff", "format", "--check", "."), *map(_types, SYSTEMS)]
    return int(any(codes))  # the largest would not do: a program that was killed has a code below 0


def _types(system: str) -> int:
    # Each has its own cache: what one keeps is of no use to the other, which would throw it away.
    return run_module("mypy", "--platform", system, "--cache-dir", f".mypy_cache/{system}")


if __name__ == "__main__":
    sys.exit(main())
