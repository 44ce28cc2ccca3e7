"""Lint, format and types: `python scripts/check.py`. Add `--fix` to let ruff mend what it can first."""

import sys

from commands import run_module


def main() -> int:
    if "--fix" in sys.argv[1:]:
        run_module("ruff", "check", "--fix", ".")
        run_module("ruff", "format", ".")
    codes = [run_module("ruff", "check", "."), run_module("ruff", "format", "--check", "."), run_module("mypy")]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
