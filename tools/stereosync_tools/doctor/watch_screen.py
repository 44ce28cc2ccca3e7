"""The watched sessions on the screen: a live table on a terminal, lines elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from rich.box import SIMPLE
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from stereosync_tools.doctor.watched import Figures, warned, word

COLUMNS = ("session", "frames/s", "age ms", "picture", "depth", "boxes", "read ms", "lost", "ring ms", "dry")


def row(session: str, figures: Figures) -> tuple[str, ...]:
    """The cells of a session, in the order of `COLUMNS`; "-" where it said nothing yet."""

    def number(name: str, digits: int = 0) -> str:
        return f"{figures[name]:.{digits}f}" if name in figures else "-"

    def form(name: str, kind: str) -> str:
        return f"{word(figures, kind)} {number(f'{name}_width_px')}x{number(f'{name}_height_px')}".strip()

    lost = figures.get("frames_lost", 0) + figures.get("frames_over_credit", 0)
    return (
        session,
        number("frames_per_s", 1),
        number("frame_age_ms"),
        form("picture", "picture_format"),
        form("depth", "depth_encoding"),
        number("boxes"),
        number("decode_ms", 1),
        f"{lost:.0f}",
        f"{number('buffered_ms')}/{number('target_ms')}",
        number("underruns"),
    )


def line(session: str, figures: Figures) -> str:
    """The same on one line, and the warnings that its client was told."""
    named = zip(COLUMNS, row(session, figures), strict=True)
    told = ", ".join(warned(figures)) or "none"
    return "; ".join([*(f"{name} {cell}" for name, cell in named), f"warnings {told}"])


def table(sessions: Mapping[str, Figures]) -> Table:
    """The sessions, in the order of their ids, on 80 columns."""
    out = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    for name in COLUMNS:
        out.add_column(name.replace(" ", "\n"), no_wrap=name == "session")
    for session in sorted(sessions):
        cells = row(session, sessions[session])
        out.add_row(*(Text(cell.replace(" ", "\n"), overflow="fold") for cell in cells))
    return out


class TerminalScreen:
    """A table that stays, and sentences above it; use it as a context."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(table({}), console=console, auto_refresh=False)

    def table(self, sessions: Mapping[str, Figures]) -> None:
        self._live.update(table(sessions), refresh=True)

    def say(self, text: str) -> None:
        self._console.print(Text(text))

    def __enter__(self) -> TerminalScreen:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()


class LineScreen:
    """A line a session and second, and the sentences among them."""

    def table(self, sessions: Mapping[str, Figures]) -> None:
        for session in sorted(sessions):
            self.say(line(session, sessions[session]))

    def say(self, text: str) -> None:
        print(text, flush=True)
