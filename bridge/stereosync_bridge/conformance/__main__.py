"""`python -m stereosync_bridge.conformance`: the Python client's program of CONFORMANCE.md, and the suite's writer."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stereosync_bridge.conformance.carry import add_options, carry
from stereosync_bridge.conformance.converse import END, converse
from stereosync_bridge.conformance.scripts import scripts


def write(folder: Path) -> None:
    """Write NAME.commands and NAME.decisions of every script into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, commands in scripts().items():
        decisions = [line for answer in converse(iter(commands)) for line in (*answer, END)]
        for kind, lines in (("commands", commands), ("decisions", decisions)):
            (folder / f"{name}.{kind}").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def answer_lines() -> None:
    """Converse over standard input and output."""
    for answer in converse(sys.stdin):
        sys.stdout.write("".join(f"{line}\n" for line in (*answer, END)))
        sys.stdout.flush()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m stereosync_bridge.conformance", description=__doc__)
    modes = parser.add_subparsers(dest="mode", required=True)
    modes.add_parser("write", help="write the suite").add_argument("folder", type=Path, help="where the files go")
    modes.add_parser("converse", help="answer commands with decisions")
    add_options(modes.add_parser("carry", help="be a client without an engine"))
    options = parser.parse_args()
    if options.mode == "write":
        write(options.folder)
    elif options.mode == "converse":
        answer_lines()
    else:
        carry(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
