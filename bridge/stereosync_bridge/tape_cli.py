"""`stereosync-tape`: look at tapes, mend them, and make them from folders of pictures.

A live session is recorded by the server: `stereosync-serve --record FILE.tape` writes the first session that joins,
both ways.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from stereosync.commands import run
from stereosync.errors import StereoSyncError, file_troubles
from stereosync.writing import check_output, whole_file
from stereosync_bridge import convert, wire
from stereosync_bridge.errors import WireError
from stereosync_bridge.frame_message import FrameMessage
from stereosync_bridge.tape import TapeReader, TapeWriter
from stereosync_bridge.tape_file import TO_SERVER, TapeRecord

TOLD = ("feet", "contacts", "surface", "scene")


def describe(tape: TapeReader) -> str:
    """A few lines on what a tape holds."""
    times_s: list[float] = []
    kinds: Counter[str] = Counter()
    told: Counter[str] = Counter()
    n_bytes = 0
    for record in tape.records():
        times_s.append(record.time_s)
        n_bytes += sum(map(len, record.parts))
        kind, words = _kind(record)
        kinds[kind] += 1
        told.update(words)
    length_s = times_s[-1] - times_s[0] if times_s else 0.0
    lines = [
        f"{tape.path.name}: {length_s:.2f} s, {len(times_s)} messages, {n_bytes / 1e6:.2f} MB",
        *(f"  {count:6d} {kind}" for kind, count in sorted(kinds.items())),
        f"  told: {', '.join(f'{word} in {told[word]} frames' for word in TOLD if told[word]) or 'nothing'}",
        f"  metadata: {', '.join(sorted(tape.metadata)) or 'none'}",
    ]
    if tape.truncated:
        lines.append("  the tape is cut off or damaged after these messages")
    return "\n".join(lines)


def _kind(record: TapeRecord) -> tuple[str, set[str]]:
    """A message's kind and direction, and the parts of `TOLD` in it."""
    direction = "to server" if record.direction == TO_SERVER else "to client"
    try:
        message = wire.decode(record.parts)
    except WireError as error:
        return f"broken {direction} ({error})", set()
    return f"{message.TYPE} {direction}", set(_told(message)) if isinstance(message, FrameMessage) else set()


def _told(frame: FrameMessage) -> Iterator[str]:
    for box in frame.boxes:
        if box.feet:
            yield "feet"
        if box.contacts:
            yield "contacts"
        if any((box.surface, *(foot.surface for foot in box.feet), *(contact.surface for contact in box.contacts))):
            yield "surface"
    if frame.scene is not None:
        yield "scene"


def repaired(tape: TapeReader, path: Path) -> int:
    """Write the whole messages of a tape that is cut off or damaged at `path`; returns their number.

    Raises:
        UserError: the file exists already, or cannot be written.
    """
    check_output(path, "tape")
    count = 0
    with whole_file(path) as part, TapeWriter(part, tape.metadata) as made:
        for record in tape.records():
            made.add(record)
            count += 1
    return count


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
    make.add_argument("--jpeg-quality", type=int, choices=range(1, 101), default=90, metavar="1-100")
    repair = commands.add_parser("repair", help="make a tape of what is whole on one that is cut off or damaged")
    repair.add_argument("damaged", type=Path)
    repair.add_argument("tape", type=Path, help="the new one")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        with file_troubles():
            print(_run(options))
    except StereoSyncError as error:
        print(f"stereosync-tape: {error}", file=sys.stderr)
        return 2
    return 0


def _run(options: argparse.Namespace) -> str:
    if options.command == "info":
        return describe(TapeReader(options.tape, strict=False))
    if options.command == "repair":
        damaged = TapeReader(options.damaged, strict=False)
        return f"{options.tape}: {repaired(damaged, options.tape)} messages"
    count = convert.convert_folder(options.folder, options.tape, options.picture, options.jpeg_quality)
    return f"{options.tape}: {count} frames"


if __name__ == "__main__":
    sys.exit(run("stereosync-tape"))
