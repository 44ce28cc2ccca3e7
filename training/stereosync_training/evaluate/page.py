"""A report as one page: bars, table and pictures in a single file that needs nothing else."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any

from stereosync.scene import Float32Array
from stereosync.writing import write_text
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate import pictures
from stereosync_training.evaluate.bars import Verdict, verdicts
from stereosync_training.evaluate.keys import KEYS, ROWS
from stereosync_training.evaluate.show import (
    AGREEMENT_NOTES,
    KIND_NOTES,
    NOTES,
    TIMBRE_NOTES,
    agreement_lines,
    kinds_lines,
    number,
)
from stereosync_training.measures.timbre import BANDS

Report = Mapping[str, Any]
Sounds = Mapping[str, Sequence[Float32Array]]
RASTER_CLIPS = 10
SPECTROGRAM_CLIPS = 3
PICTURE_DPI = 90

PAGE = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>$title</title><style>
body { font: 15px/1.5 system-ui, sans-serif; color: #1a202c; max-width: 1150px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; font-size: 13px; } th, td { padding: .25rem .7rem; text-align: right; }
th:first-child, td:first-child { text-align: left; } thead th { border-bottom: 2px solid #a0aec0; }
tbody tr:nth-child(even) { background: #f7fafc; } small, .dim { color: #718096; } img { max-width: 100%; }
.goal { color: #276749; font-weight: 600; } .pass { color: #2f855a; } .fail { color: #c53030; font-weight: 600; }
</style></head><body><h1>$title</h1><p>$conditions</p>$body<p><small>$notes</small></p></body></html>
""")


def write_page(path: Path, report: Report, rows: Sounds, truths: Sequence[WalkTruth], conditions: str) -> None:
    """Write the page of `report` at `path`; `rows` has its sounds (n, 2), one per walk."""
    body = [
        _section("Bars", _bars_table(report)),
        _section("All rows", _rows_table(report)),
        _section("By person, gait and camera", _words(*kinds_lines(report), KIND_NOTES)),
        _section("Definitions of a contact", _words(*agreement_lines(report), AGREEMENT_NOTES)),
        _section("Levels by band and rise of a step", _timbre(report)),
        _section("What to read it against", _plain(report.get("reference", {}))),
        _section("Codec", _plain(report.get("codec", {}))),
        *(_section(title, picture) for title, picture in _pictures(report, rows, truths)),
        _section("What is missing", _missing(report)),
    ]
    title = f"How {report['bundle']} sounds on {report['set']}"
    page = PAGE.substitute(title=escape(title), conditions=escape(conditions), body="".join(body), notes=escape(NOTES))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, page)


def _section(title: str, inside: str) -> str:
    return f"<h2>{escape(title)}</h2>{inside}" if inside else ""


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Cells of `lines` are HTML already."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    inside = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{inside}</tbody></table>"


def _bars_table(report: Report) -> str:
    return _table(("figure", "model", "bar", "goal", ""), map(_bar_line, verdicts(report)))


def _bar_line(verdict: Verdict) -> tuple[str, ...]:
    bar, sign = verdict.bar, "&ge;" if verdict.bar.higher else "&le;"
    if math.isnan(verdict.value):
        word = '<span class="dim">not measured</span>'
    elif verdict.reached_goal:
        word = '<span class="goal">goal</span>'
    else:
        word = '<span class="pass">holds</span>' if verdict.passed else '<span class="fail">missed</span>'
    value = "-" if math.isnan(verdict.value) else number(verdict.value)
    return escape(bar.name), value, f"{sign} {bar.bar:g}", f"{sign} {bar.goal:g}", word


def _rows_table(report: Report) -> str:
    rows = [row for row in ROWS if row in report["rows"]]
    keys = [key for key in KEYS if any(key in report["rows"][row] for row in rows)]
    lines = ([escape(key), *(_cell(report, row, key) for row in rows)] for key in keys)
    return _table(("figure", *rows), lines)


def _cell(report: Report, row: str, key: str) -> str:
    value = escape(number(report["rows"][row].get(key)))
    span = report["intervals"][row].get(key)
    return f"{value}<br><small>{number(span[0])} to {number(span[1])}</small>" if span else value


def _timbre(report: Report) -> str:
    """Of every row: mean size of the error in each band and the rise, by ground."""
    names = ("contacts", *(f"{band}, dB" for band in BANDS), "all bands, dB", "rise, ms")
    keys = ("contacts", *BANDS, "band_error_db", "rise_ms")
    lines = (
        (escape(row), escape(ground), *(number(values.get(key)) for key in keys))
        for row, grounds in report.get("timbre", {}).items()
        for ground, values in grounds.items()
    )
    notes = f"<p><small>{escape(TIMBRE_NOTES)}</small></p>"
    return _table(("row", "ground", *names), lines) + notes if report.get("timbre") else ""


def _words(head: Sequence[str], lines: Sequence[Sequence[str]], notes: str) -> str:
    cells = ([escape(cell) for cell in line] for line in lines)
    return _table(head, cells) + f"<p><small>{escape(notes)}</small></p>" if lines else ""


def _plain(values: Mapping[str, Any], before: str = "") -> str:
    """Numbers as a table, those inside others under a name made of both."""
    lines = list(_flat(values, before))
    return _table(("figure", "value"), lines) if lines else ""


def _flat(values: Mapping[str, Any], before: str) -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name} ")
        elif isinstance(value, bool):
            yield escape(before + name), "yes" if value else "no"
        elif isinstance(value, int | float):
            yield escape(before + name), number(value)


def _missing(report: Report) -> str:
    told = {reason for reasons in report["missing"].values() for reason in reasons.items()}
    return "<ul>" + "".join(f"<li>{escape(key)}: {escape(why)}</li>" for key, why in sorted(told)) + "</ul>"


def _pictures(report: Report, rows: Sounds, truths: Sequence[WalkTruth]) -> Iterable[tuple[str, str]]:
    heard = {row: rows[row] for row in ("truth", "model") if row in rows}
    yield (
        "When",
        _drawn(
            lambda axes: pictures.draw_onsets(axes[0], heard, truths[:RASTER_CLIPS]), 1, (13, 0.5 * RASTER_CLIPS + 1.5)
        ),
    )
    yield "Where", _drawn(lambda axes: _draw_places(axes, heard, truths), 2, (13, 5))
    yield "How it sounds", _spectrograms(rows, truths)
    if "drift" in report:
        yield "Over minutes", _drawn(lambda axes: pictures.draw_drift(axes[0], report["drift"]), 1, (9, 3.5))
    if report.get("surfaces"):
        yield (
            "What it walks on (true ground down, heard ground across)",
            _drawn(lambda axes: _draw_surfaces(axes, report), 2, (13, 6)),
        )


def _draw_places(axes: Sequence[Any], rows: Sounds, truths: Sequence[WalkTruth]) -> None:
    pictures.draw_panning(axes[0], rows, truths)
    pictures.draw_distances(axes[1], rows, truths)


def _draw_surfaces(axes: Sequence[Any], report: Report) -> None:
    for place, row in enumerate(("truth", "model")):
        pictures.draw_confusion(axes[place], report["surfaces"][row], report["reference"]["grounds"], row)


def _spectrograms(rows: Sounds, truths: Sequence[WalkTruth]) -> str:
    shown = [row for row in ("truth", "model", "codec") if row in rows]
    clips = range(min(SPECTROGRAM_CLIPS, len(truths)))

    def draw(axes: Sequence[Any]) -> None:
        places = [(clip, row, side) for clip in clips for row in shown for side in (0, 1)]
        for axis, (clip, row, side) in zip(axes, places, strict=True):
            title = f"{row}, walk {truths[clip].seed}, {('left', 'right')[side]}"
            pictures.draw_spectrogram(axis, rows[row][clip][:, side], title)

    return _drawn(draw, 2 * len(shown), (13, 2.2 * len(clips)), lines=len(clips))


def _drawn(
    draw: Callable[[Sequence[Any]], None], columns: int, size_inches: tuple[float, float], lines: int = 1
) -> str:
    """A picture of `lines` times `columns` axes, as an image inside the page."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size_inches, layout="constrained")
    draw(list(figure.subplots(lines, columns, squeeze=False).flat))
    file = BytesIO()
    figure.savefig(file, dpi=PICTURE_DPI, format="png")
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}">'
