"""Tests: `python scripts/test.py [PYTEST ARGUMENTS]`; no network needed.

With `--install` it runs instead the tests that install the wheel in a fresh virtual environment, which need the package
index.
"""

import sys

from commands import run_module


def main() -> int:
    arguments = sys.argv[1:]
    if "--install" in arguments:
        arguments = [argument for argument in arguments if argument != "--install"] + ["-m", "install"]
    return run_module("pytest", *arguments)


if __name__ == "__main__":
    sys.exit(main())
