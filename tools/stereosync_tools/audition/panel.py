"""The live panel: levels, lag, times, drops. It redraws itself in a terminal and prints plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from rich.bar import Bar
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel as Frame
from rich.table import Table
from rich.text import Text

from stereosync_tools.audition.gauges import Reading

REFRESH_S = 0.2
PLAIN_LINE_S = 2.0
METER_RANGE_DB = (-60.0, 0.0)
STAGES = ("cues", "cue_encoder", "backbone", "flow_head", "decoder")
Read = Callable[[], Reading]
COUNTS = ("frames", "dropped", "chunks", "late", "concealed", "errors")


class Panel(Protocol):
    """Shown while it is open; `show` may be called as often as one likes and reads the gauges when it is time."""

    def show(self, time_s: float, read: Read) -> None: ...

    def __enter__(self) -> Panel: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def _meter(level_db: float) -> Bar:
    low, high = METER_RANGE_DB
    colour = "red" if level_db > -3 else "yellow" if level_db > -12 else "green"
    return Bar(high - low, 0, max(min(level_db, high) - low, 0.0), width=40, color=colour)


def _stages(reading: Reading) -> str:
    known = [(stage, reading.stages_ms[stage]) for stage in STAGES if stage in reading.stages_ms]
    return " · ".join(f"{stage.replace('_', ' ')} {time_ms:.1f} ms" for stage, time_ms in known) or "not told yet"


def _counts(reading: Reading) -> str:
    counted = [f"{name} {reading.counts.get(name, 0)}" for name in COUNTS]
    return " · ".join([*counted, f"underruns {reading.underruns}"])


def _timing(reading: Reading) -> str:
    return (
        f"frame to chunk {reading.frame_to_chunk_ms:.0f} ms · lag {reading.lag_ms:+.0f} ms · "
        f"lead {reading.lead_ms:.0f} ms · buffered {reading.buffered_ms:.0f} ms"
    )


def draw(title: str, seconds: float, reading: Reading) -> RenderableType:
    """The panel at one moment."""
    meters = Table.grid(padding=(0, 1))
    for name, level_db in zip("LR", reading.levels_db, strict=True):
        meters.add_row(Text(name, style="bold"), _meter(level_db), f"{level_db:6.1f} dB")
    lines = Table.grid(padding=(0, 2))
    lines.add_row("timing", _timing(reading))
    lines.add_row("making", f"{reading.steps} steps · {reading.compute_ms:.1f} ms a chunk")
    lines.add_row("stages", _stages(reading))
    lines.add_row("known", reading.known or "not told yet")
    lines.add_row("counted", _counts(reading))
    return Frame(Group(meters, lines), title=title, subtitle=f"{reading.time_s:.1f} of {seconds:.1f} s", width=96)


class TerminalPanel:
    """Redraws in place."""

    def __init__(self, console: Console, title: str, seconds: float) -> None:
        self._title, self._seconds = title, seconds
        self._live = Live(console=console, auto_refresh=False)
        self._next_s = 0.0

    def show(self, time_s: float, read: Read) -> None:
        if time_s >= self._next_s:
            self._next_s = time_s + REFRESH_S
            self._live.update(draw(self._title, self._seconds, read()), refresh=True)

    def __enter__(self) -> TerminalPanel:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)


class PlainPanel:
    """One line every two seconds, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next_s = PLAIN_LINE_S

    def show(self, time_s: float, read: Read) -> None:
        if time_s >= self._next_s:
            self._next_s += PLAIN_LINE_S
            reading = read()
            left, right = reading.levels_db
            levels = f"L {left:.0f} R {right:.0f} dB"
            self._console.print(
                f"{reading.time_s:.0f} s: {levels}; {_timing(reading)}; {reading.steps} steps; {_counts(reading)}"
                + (f"; {reading.known}" if reading.known else ""),
                soft_wrap=True,
                highlight=False,
            )

    def __enter__(self) -> PlainPanel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to put back."""


def open_panel(console: Console, title: str, seconds: float) -> Panel:
    """The panel that suits the console."""
    return TerminalPanel(console, title, seconds) if console.is_terminal else PlainPanel(console)
