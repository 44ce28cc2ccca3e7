"""Figures of a bench: percentiles, medians over rounds, one table at the end, one JSON file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rich.console import Console, Group
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

Row = Sequence[object]
Item = TypeVar("Item")
NOTHING = "-"
WIDTH_WITHOUT_TERMINAL = 160  # so that a table in a log is not cut at 80 columns


def percentiles_ms(seconds: Iterable[float], points: Sequence[float] = (50, 95, 99)) -> dict[str, float]:
    """Percentiles of times in milliseconds, by `p50_ms` and so on; empty without times."""
    values_ms = np.fromiter(seconds, dtype=np.float64) * 1000
    if not values_ms.size:
        return {}
    found = np.percentile(values_ms, points)
    return {f"p{point:g}_ms": round(float(value), 3) for point, value in zip(points, found, strict=True)}


def median(values: Iterable[float]) -> float:
    """The median; not a number without values."""
    known = list(values)
    return float(np.median(known)) if known else float("nan")


def median_of(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of each name over rounds that have the same names."""
    return {name: round(median(row[name] for row in rows), 4) for name in rows[0]} if rows else {}


def ratio(values: Sequence[float], base: Sequence[float]) -> float:
    """The median of the rounds' own ratios, so that a round in which the machine was slow counts for both sides."""
    return median(value / under for value, under in zip(values, base, strict=True) if under)


def table(title: str, columns: Sequence[str], rows: Iterable[Row], notes: Sequence[str] = ()) -> Group:
    """A table under its title, with notes below; the first column is text, and what is None was not measured."""
    out = Table()
    for index, column in enumerate(columns):
        out.add_column(column, justify="left" if index == 0 else "right", overflow="fold")
    for row in rows:
        out.add_row(*(cell(value) for value in row))
    return Group(Text(title, style="bold"), out, *map(Text, notes))


def cell(value: object) -> str:
    """A value as a table shows it: three significant digits are enough for a person."""
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return NOTHING
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return str(value)


def console() -> Console:
    """The console, wide where nobody watches it."""
    out = Console()
    return out if out.is_terminal else Console(width=WIDTH_WITHOUT_TERMINAL)


def tracked(items: Sequence[Item], text: Callable[[Item], str], screen: Console) -> Iterable[Item]:
    """The items one by one, with a bar that says which it is at; in a log, a line for each."""
    if not screen.is_terminal:
        for number, item in enumerate(items, start=1):
            screen.print(f"{number}/{len(items)} {text(item)}", highlight=False)
            yield item
        return
    with Progress(console=screen, refresh_per_second=1) as progress:
        task = progress.add_task("", total=len(items))
        for item in items:
            progress.update(task, description=text(item))
            yield item
            progress.advance(task)


def wait(seconds: float, text: str, screen: Console) -> None:
    """Wait, with a bar that moves once a second where somebody watches."""
    if not screen.is_terminal:
        time.sleep(seconds)
        return
    end_s = time.perf_counter() + seconds
    with Progress(console=screen, refresh_per_second=1) as progress:
        task = progress.add_task(text, total=seconds)
        while (left_s := end_s - time.perf_counter()) > 0:
            time.sleep(min(left_s, 1.0))
            progress.update(task, completed=seconds - left_s)


def write_json(path: Path | None, report: dict[str, Any]) -> None:
    """Write the report, if a path was given."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
