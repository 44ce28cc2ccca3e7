"""`python -m stereosync_bridge.conformance FOLDER`: the commands of each script, and what the Python client decides."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stereosync_bridge.conformance.converse import END, converse
from stereosync_bridge.conformance.scripts import scripts


def write(folder: Path) -> None:
    """Write NAME.commands and NAME.decisions of every script into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, commands in scripts().items():
        decisions = [line for answer in converse(iter(commands)) for line in (*answer, END)]
        for kind, lines in (("commands", commands), ("decisions", decisions)):
            (folder / f"{name}.{kind}").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m stereosync_bridge.conformance", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the files go")
    write(parser.parse_args().folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
