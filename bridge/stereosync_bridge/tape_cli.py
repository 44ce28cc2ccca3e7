"""`stereosync-tape`: look at tapes, and make them from folders of pictures.

A live session is recorded by the server: `stereosync-serve --record FILE.tape` writes the first session that joins,
both ways.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from stereosync_bridge import convert, wire
from stereosync_bridge.errors import WireError
from stereosync_bridge.tape import TapeError, TapeReader
from stereosync_bridge.tape_file import TO_SERVER, TapeRecord


def describe(tape: TapeReader) -> str:
    """A few lines on what a tape holds."""
    records = [(record.time_s, _kind(record), sum(map(len, record.parts))) for record in tape.records()]
    kinds = Counter(kind for _, kind, _ in records)
    length_s = records[-1][0] - records[0][0] if records else 0.0
    size_mb = sum(size for *_, size in records) / 1e6
    lines = [
        f"{tape.path.name}: {length_s:.2f} s, {len(records)} messages, {size_mb:.2f} MB",
        *(f"  {count:6d} {kind}" for kind, count in sorted(kinds.items())),
        f"  metadata: {', '.join(sorted(tape.metadata)) or 'none'}",
    ]
    if tape.truncated:
        lines.append("  the tape is cut off or damaged after these messages")
    return "\n".join(lines)


def _kind(record: TapeRecord) -> str:
    direction = "to server" if record.direction == TO_SERVER else "to client"
    try:
        return f"{wire.decode(record.parts).TYPE} {direction}"
    except WireError as error:
        return f"broken {direction} ({error})"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stereosync-tape", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    info = commands.add_parser("info", help="say what a tape holds")
    info.add_argument("tape", type=Path)
    make = commands.add_parser(
        "convert",
        help="make a tape of a folder of pictures, depth files and frames.jsonl",
        description=convert.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    make.add_argument("folder", type=Path)
    make.add_argument("tape", type=Path)
    make.add_argument("--picture", choices=("jpeg", "rgb8"), default="jpeg")
    make.add_argument("--jpeg-quality", type=int, default=90, metavar="1-100")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        print(_run(options))
    except (TapeError, OSError) as error:
        print(f"stereosync-tape: {error}", file=sys.stderr)
        return 2
    return 0


def _run(options: argparse.Namespace) -> str:
    if options.command == "info":
        return describe(TapeReader(options.tape, strict=False))
    count = convert.convert_folder(options.folder, options.tape, options.picture, options.jpeg_quality)
    return f"{options.tape}: {count} frames"


if __name__ == "__main__":
    sys.exit(main())
