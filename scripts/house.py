"""The figures by which this house is judged, each beside its bar.

    python scripts/house.py [--page docs/one-frame.md]

How often a reader changes file who follows one frame to the chunk made from it is measured in a real run: service,
bundle `walk`, one Python client on this machine, CPU, 1 sampler step, 2 latents per chunk, one character with a box.
Counted are calls of functions in this repository, on the service's I/O thread and its worker, from the frame's message
to the sending of its chunk. Left out are frames beside which another came or an older one's chunk was sent, answers to
control messages, looks at sockets that found no frame, and turns of a loop that do nothing for the frame. Of the frames
that are left, the one with the median number of changes of file counts: what comes by the clock, as statistics do once
a second, is beside few of them. A worker with time to spare makes cues, tokens and chunk in turns of their own, so the
median is higher on a free machine than on a busy one; the least is the same on both. All other figures are read from
the files.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from commands import ROOT
from house_figures import Figure, figures_of_files, figures_of_frame
from house_files import House
from house_frame import Way, usual
from house_live import CONDITIONS, import_ours, traced_ways
from house_page import known_functions, page
from rich.console import Console
from rich.table import Table

WIDTH_WITHOUT_TERMINAL = 160
HEAD = """# One frame, call by call

What the service calls for one frame, from its message to the chunk that is made from it. This is a recording of a real
run: `python scripts/house.py --page docs/one-frame.md` starts the service and a client and writes the page anew, so
don't edit it. `docs/architecture.md` says the same in eight points ("First walk: live"), and what the words mean.

{conditions}: {calls} calls of {functions} functions in
{files} files, with {changes} changes of file from one call to the next.

A section is what one thread does without a pause. Each function is called by the one above it that stands further
left; its file is named where it is another than the caller's. What was listed before is listed again only if something
new is below it, so each function's first place is the one to read at. Left out are properties, constructors, helpers
of which nothing is said, the rules that check each field of a message, and what lies deeper than {depth} calls but for
graphs that run and messages that are sent."""


def written_page(way: Way) -> str:
    """The page of a way."""
    figures = {"calls": len(way.calls()), "functions": way.functions, "files": len(way.files), "changes": way.changes}
    conditions = CONDITIONS[0].upper() + CONDITIONS[1:]
    return page(way, known_functions(ROOT, way), partial(HEAD.format, conditions=conditions, **figures))


def table(figures: Sequence[Figure]) -> Table:
    """All figures."""
    out = Table("figure", title="The house", title_justify="left")
    out.add_column("now", justify="right")
    out.add_column("bar", justify="right")
    out.add_column("kept")
    out.add_column("which", overflow="fold")
    for one in figures:
        out.add_row(one.name, str(one.now), one.bar_told, one.kept, one.note)
    return out


def parser() -> argparse.ArgumentParser:
    """The command line."""
    form = argparse.RawDescriptionHelpFormatter
    out = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    out.add_argument("--page", type=Path, metavar="FILE.md", help="write the way of one frame there, call by call")
    return out


def main() -> int:
    """Measure, count and print."""
    options = parser().parse_args()
    screen = Console()
    screen = screen if screen.is_terminal else Console(width=WIDTH_WITHOUT_TERMINAL)
    import_ours()
    ways = traced_ways()
    if not ways:
        sys.exit("no frame became a chunk undisturbed: try again when the machine does less")
    screen.print(table([*figures_of_frame(ways), *figures_of_files(House())]), highlight=False)
    if options.page is not None:
        options.page.write_text(written_page(usual(ways)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
