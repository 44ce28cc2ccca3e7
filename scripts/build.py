"""The wheel, into dist/: `python scripts/build.py [OTHER FOLDER]`."""

import sys

from commands import run_module


def main() -> int:
    folder = sys.argv[1] if len(sys.argv) > 1 else "dist"
    return run_module("build", "--wheel", "--no-isolation", "--outdir", folder)


if __name__ == "__main__":
    sys.exit(main())
