"""The results to look at: plots without a picture of the video, a sheet of pictures with boxes, a table, a page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Any

import cv2
import numpy as np
from matplotlib.figure import Figure

from figures import PIECE_S, SPELL_S, Chance, piece_differences_db, spells
from shot import Shot, frames
from stereosync.scene import Float32Array, SceneFrame, UInt8Array
from stereosync_tools.audition.picture import BANDS, HIGHEST_HZ, LOWEST_HZ, spectrogram_db
from stereosync_training.measures.onsets import SAMPLE_RATE_HZ, detect_onsets
from walking import Walkers

Figures = Mapping[str, float | Chance]
SHEET_PICTURES, SHEET_COLUMNS = 12, 3
LEAST_LIMIT_DB = 5.0
STEPS_PER_S = (1.6, 2.2)  # of one who walks
SOUND, MIRRORED, PLACE = "#dd6b20", "#805ad5", "#2b6cb0"
WORDS = {
    "pan_scene": "level difference over time against all who walk, correlation",
    "pan_nearest": "level difference over time against the nearest one's azimuth, correlation",
    "side_share": "onsets on the side of the nearest one beyond 10 degrees, share",
    "side_onsets": "onsets that the share is of",
    "pan_spread_db": "spread of the level difference, dB",
    "onsets_per_s": "onsets a second",
    "onsets_with_people": "onsets against how many walk, correlation over spells",
    "onset_rhythm_hz": "strongest rhythm of the onsets, Hz",
    "step_lock": "onsets at one phase of the nearest one's step, 0 to 1",
    "level_slope_db": "level of onsets, dB per doubling of the nearest one's distance",
    "level_dbfs": "level, dBFS",
}


def with_boxes(frame: SceneFrame) -> UInt8Array:
    """The picture (H, W, 3) with boxes and ids."""
    picture = frame.picture.copy()
    for box in frame.boxes:
        corner = (round(box.x0), round(box.y0))
        cv2.rectangle(picture, corner, (round(box.x1), round(box.y1)), (255, 220, 0), 1)
        cv2.putText(picture, str(box.id), (corner[0], corner[1] - 3), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 60, 60), 1)
    return picture


def write_sheet(shot: Shot, path: Path) -> None:
    """Pictures with boxes over the whole time, the depth plane small in the corner. Not for passing on."""
    wanted = set(np.linspace(0, len(shot.times_s) - 1, SHEET_PICTURES).astype(int).tolist())
    shown = [_sheet_picture(frame) for frame in frames(shot) if frame.index in wanted]
    rows = [np.hstack(shown[start : start + SHEET_COLUMNS]) for start in range(0, len(shown), SHEET_COLUMNS)]
    rows = [row for row in rows if row.shape == rows[0].shape]
    cv2.imwrite(str(path), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))


def _sheet_picture(frame: SceneFrame) -> UInt8Array:
    picture = with_boxes(frame)
    near = np.nan_to_num(1 / frame.depth_m, nan=0.0)  # (h, w); nothing at infinity
    grey = np.asarray(255 * near / max(float(near.max()), 1e-6), dtype=np.uint8)
    picture[-grey.shape[0] :, : grey.shape[1]] = grey[..., None]
    cv2.putText(picture, f"{frame.capture_time_s:.1f} s", (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1)
    return picture


def draw(path: Path, sounds: Mapping[str, Float32Array], walkers: Walkers, title: str) -> None:
    """Spectrograms, level difference and azimuths, onsets and who walks: one time axis, no picture of the video."""
    figure = Figure(figsize=(14, 12), layout="constrained")
    figure.suptitle("\n".join(wrap(title, 150)), fontsize=9)
    axes = figure.subplots(5, 1, sharex=True, height_ratios=(1.2, 1.2, 1.6, 1.6, 1.2))
    for channel, name in enumerate(("left", "right")):
        _draw_spectrogram(axes[channel], sounds["model"][:, channel], name)
    _draw_pan(axes[2], sounds, walkers)
    _draw_places(axes[3], sounds["model"], walkers)
    _draw_spells(axes[4], sounds, walkers)
    axes[4].set(xlabel="s", xlim=(0, len(sounds["model"]) / SAMPLE_RATE_HZ))
    figure.savefig(path, dpi=70)


def _draw_spectrogram(axis: Any, samples: Float32Array, name: str) -> None:
    level_db = spectrogram_db(samples, SAMPLE_RATE_HZ)  # (bands, hops)
    extent = (0, len(samples) / SAMPLE_RATE_HZ, 0, BANDS)
    axis.imshow(level_db, origin="lower", aspect="auto", extent=extent, vmin=-90, vmax=-20, cmap="magma")
    axis.set(yticks=(0, BANDS), yticklabels=(f"{LOWEST_HZ:g} Hz", f"{HIGHEST_HZ / 1000:g} kHz"), ylabel=name)


def _draw_pan(axis: Any, sounds: Mapping[str, Float32Array], walkers: Walkers) -> None:
    limit_db = LEAST_LIMIT_DB
    for name, colour in (("mirrored", MIRRORED), ("model", SOUND)):
        measured = piece_differences_db(sounds[name])
        limit_db = max(limit_db, 1.2 * float(np.percentile(np.abs(measured), 99)))
        axis.plot(
            (np.arange(len(measured)) + 0.5) * PIECE_S, measured, color=colour, linewidth=0.9, label=f"heard, {name}"
        )
    axis.plot(walkers.times_s, walkers.expected_db(), color=PLACE, linewidth=1.5, label="all who walk, expected")
    axis.axhline(0, color="0.8", linewidth=0.8)
    axis.set(ylim=(-limit_db, limit_db), ylabel="right - left, dB")
    axis.legend(loc="upper right", ncols=3, fontsize=7)


def _draw_places(axis: Any, sound: Float32Array, walkers: Walkers) -> None:
    size = np.nan_to_num(60 * (float(np.nanmin(walkers.distance_m)) / walkers.distance_m) ** 2)
    times_s = np.repeat(walkers.times_s[::5, None], walkers.azimuth_rad.shape[1], axis=1)
    moving = walkers.walking[::5]
    for shown, colour in ((moving, PLACE), (~moving, "0.7")):
        azimuth_deg = np.degrees(walkers.azimuth_rad[::5])
        axis.scatter(
            times_s[shown], azimuth_deg[shown], s=size[::5][shown], color=colour, linewidths=0, rasterized=True
        )
    axis.vlines(detect_onsets(sound), *axis.get_ylim(), color=SOUND, linewidth=0.4, alpha=0.7)
    axis.set(ylabel="azimuth, deg\n(near: large; grey: stands)")


def _draw_spells(axis: Any, sounds: Mapping[str, Float32Array], walkers: Walkers) -> None:
    for name, colour in (("none", "0.5"), ("model", SOUND)):
        duration_s = len(sounds[name]) / SAMPLE_RATE_HZ
        rows = spells(detect_onsets(sounds[name]), walkers, duration_s)
        middles_s = (np.arange(len(rows)) + 0.5) * SPELL_S
        axis.step(middles_s, rows[:, 0], where="mid", color=colour, label=f"onsets a second, {name}")
    low, high = (rate * rows[:, 1] for rate in STEPS_PER_S)
    axis.fill_between(middles_s, low, high, step="mid", color=PLACE, alpha=0.3, label="steps a second of all who walk")
    axis.set(ylabel="1/s")
    axis.legend(loc="upper right", ncols=3, fontsize=7)


def write_json(path: Path, conditions: Mapping[str, Any], rows: Mapping[str, Figures]) -> None:
    """The figures as numbers; what could not be computed is absent."""
    plain = {row: {key: _plain(value) for key, value in figures.items()} for row, figures in rows.items()}
    plain = {row: {key: value for key, value in figures.items() if value} for row, figures in plain.items()}
    path.write_text(json.dumps({**conditions, "rows": plain}, indent=1) + "\n", encoding="utf-8")


def _plain(value: float | Chance) -> dict[str, float]:
    parts = asdict(value) if isinstance(value, Chance) else {"value": float(value)}
    return {name: number for name, number in parts.items() if math.isfinite(number)}


def table(rows: Mapping[str, Figures]) -> list[list[str]]:
    """Lines of cells: figures down, sounds across; a figure's range by chance stands in brackets."""
    head = ["figure", *rows]
    return [head, *([words, *(_cell(figures[key]) for figures in rows.values())] for key, words in WORDS.items())]


def _cell(value: float | Chance) -> str:
    if not isinstance(value, Chance):
        return "-" if math.isnan(value) else f"{value:.3g}"
    return _cell(value.value) + ("" if math.isnan(value.low) else f" [{value.low:.2f}, {value.high:.2f}]")


def write_page(path: Path, lines: Iterable[str], cells: list[list[str]]) -> None:
    """A page with the words, the table, the plots and the sheet, which lie beside it."""
    head, *body = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in cells)
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    rows = "".join(f"<tr>{row}</tr>" for row in body)
    path.write_text(
        "<!doctype html><meta charset=utf-8><title>Pedestrians</title>"
        "<style>body{font:14px sans-serif;max-width:1100px;margin:2em auto}"
        "td{padding:2px 10px}img,video{width:100%}</style>"
        f"<h1>A video that no one here made</h1>{text}<video controls src=pedestrians.mp4></video>"
        f"<table><tr style='font-weight:bold'>{head}</tr>{rows}</table>"
        "<img src=report.png alt=plots><img src=sheet.png alt='pictures with boxes'>\n",
        encoding="utf-8",
    )
