"""A report for the eye: a table on the console and a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from stereosync.scene import Float32Array
from stereosync.writing import whole_file
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate.keys import KEYS
from stereosync_training.evaluate.pictures import draw_onsets, draw_panning, draw_spectrogram
from stereosync_training.measures.av_align import LOCALISER

SHOWN_CLIPS = 4
SPECTROGRAM_CLIPS = 2
NOTES = (
    "contacts nearer than 8 m, 50 ms, one-to-one; level differences in 80 ms after contacts that no other character's "
    "step overlaps from another direction; 95 % intervals by clip; sounds are mixed from recorded steps, not real "
    f"walks; av_align's localiser: {LOCALISER}; FD of 0.96 s windows, which grows as windows get fewer; surfaces by a "
    "classifier of recordings that the model never heard"
)

TIMBRE_NOTES = (
    "contacts nearer than 8 m whose window, 5 ms before to 100 ms after, overlaps that of no other; levels against the "
    "truth in five bands from 60 Hz to 16 kHz; rise from a tenth of the peak to the peak, above 250 Hz"
)

KIND_NOTES = (
    "onset F1 at 50 / 100 ms; an onset that no contact explains is held against whose contact is nearest in time"
)
AGREEMENT_NOTES = (
    "onset F1 at 50 / 100 ms. agreement: these contacts heard perfectly, against the truth's: the ceiling where a body "
    "leaves open what a contact is; rows: the same sounds against these contacts. contact: the sole within 5 % of its "
    "lift, the truth; higher: within 15 %; rest: low and at rest over the ground; ahead: furthest ahead of the body"
)


def conditions_text(report: Mapping[str, Any], machine: str, threads: int) -> str:
    """One line: what was measured, under what."""
    return (
        f"bundle {report['bundle']}, set {report['set']}, {report['clips']} clips ({report['seconds']:g} s), "
        f"{report['steps']} steps, lead {report['lead_ms']:g} ms, "
        f"boxes {report['boxes']}, threads {threads}, {machine}"
    )


def report_table(report: Mapping[str, Any], conditions: str) -> Table:
    """Figures down, rows across; beside the model its interval."""
    rows = report["rows"]
    table = Table(title=conditions, caption=NOTES)
    table.add_column("figure", no_wrap=True)
    table.add_column("model", justify="right", no_wrap=True)
    table.add_column("95 %", justify="right", style="dim", no_wrap=True)
    for row in rows:
        if row != "model":
            table.add_column(row, justify="right")
    for key in KEYS:
        if any(key in values for values in rows.values()):
            others = (number(values.get(key)) for row, values in rows.items() if row != "model")
            interval = report["intervals"].get("model", {}).get(key, ())
            table.add_row(key, number(rows.get("model", {}).get(key)), " ".join(map(number, interval)), *others)
    return table


def timbre_table(report: Mapping[str, Any]) -> Table:
    """Mean error of the bands' levels and median rise of a step: grounds down, rows across; the last line is all."""
    rows: Mapping[str, Mapping[str, Any]] = report["timbre"]
    title = "error of the bands' levels, dB / rise of a step, ms"
    table = Table(title=title, caption=TIMBRE_NOTES, padding=0)  # with padding, all rows of a report are too wide
    for name in ("ground", "contacts", *rows):
        table.add_column(name, justify="left" if name == "ground" else "right", overflow="fold")
    counted = next(iter(rows.values()), {})
    for ground, values in counted.items():
        cells = (
            f"{number(row[ground].get('band_error_db'))} / {number(row[ground].get('rise_ms'))}"
            for row in rows.values()
        )
        table.add_row(ground, str(values["contacts"]), *cells)
    return table


def agreement_lines(report: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Head and lines of the table of definitions."""
    agreement: Mapping[str, Mapping[str, Any]] = report.get("agreement", {})
    rows = list(next(iter(agreement.values()))["rows"]) if agreement else []
    lines = [
        [definition, both(values), *(both(values["rows"][row]) for row in rows)]
        for definition, values in agreement.items()
    ]
    return ["definition", "agreement", *rows], lines


def kinds_lines(report: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Head and lines of the table by person, gait and camera."""
    entries = [(kind, name, entry) for kind, names in report.get("kinds", {}).items() for name, entry in names.items()]
    rows = list(entries[0][2]["rows"]) if entries else []
    lines = [
        [f"{kind} {name}", str(entry["contacts"]), *(both(entry["rows"].get(row, {})) for row in rows)]
        for kind, name, entry in entries
    ]
    return ["kind", "contacts", *rows], lines


def more_tables(report: Mapping[str, Any]) -> list[Table]:
    """The tables of definitions and of kinds, where they are known."""
    known = [
        ("definitions of a contact", AGREEMENT_NOTES, *agreement_lines(report)),
        ("by person, gait and camera", KIND_NOTES, *kinds_lines(report)),
    ]
    return [_table(*one) for one in known if one[-1]]


def _table(title: str, notes: str, head: list[str], lines: list[list[str]]) -> Table:
    table = Table(title=title, caption=notes)
    for place, name in enumerate(head):
        table.add_column(name, justify="right" if place else "left")
    for line in lines:
        table.add_row(*line)
    return table


def both(values: Mapping[str, float]) -> str:
    """Onset F1 at both tolerances."""
    return f"{number(values.get('onset_f1'))} / {number(values.get('onset_f1_100_ms'))}"


def number(value: Any) -> str:
    """Three digits of a number, a word as it is, a dash for nothing."""
    if value is None or isinstance(value, str):
        return value or "-"
    return f"{value:.3g}"


def draw_report(
    path: Path, rows: Mapping[str, Sequence[Float32Array]], truths: Sequence[WalkTruth], conditions: str
) -> None:
    """Onsets of some clips, level differences of all, spectrograms of two, as a picture at `path`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(14, 9), layout="constrained")
    figure.suptitle(conditions, fontsize=9)
    shown = {row: rows[row] for row in ("truth", "model") if row in rows}
    grid = figure.add_gridspec(3, 4)
    draw_onsets(figure.add_subplot(grid[0, :3]), shown, truths[:SHOWN_CLIPS])
    draw_panning(figure.add_subplot(grid[0, 3]), shown, truths)
    for clip in range(min(SPECTROGRAM_CLIPS, len(truths))):
        for place, (row, sounds) in enumerate(shown.items()):
            for side, name in enumerate(("left", "right")):
                axes = figure.add_subplot(grid[1 + clip, 2 * place + side])
                draw_spectrogram(axes, sounds[clip][:, side], f"{row}, walk {truths[clip].seed}, {name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as part:
        figure.savefig(part, dpi=110)
