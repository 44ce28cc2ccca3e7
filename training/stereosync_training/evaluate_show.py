"""A report for the eye: a table on the console and a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from stereosync.scene import Float32Array
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate import KEYS
from stereosync_training.measures.onsets import NEAR_M, SAMPLE_RATE_HZ, detect_onsets, distance_m
from stereosync_training.measures.panning import measure_steps

SHOWN_CLIPS = 4
SPECTROGRAM_CLIPS = 2
COLOURS = {"truth": "#2b6cb0", "model": "#dd6b20"}
NOTES = (
    "contacts nearer than 8 m, 50 ms, one-to-one; level differences in 80 ms after contacts that no other character's "
    "step overlaps from another direction; 95 % intervals by clip; sounds are mixed from recorded steps, not real walks"
)


def conditions_text(report: Mapping[str, Any], machine: str, threads: int) -> str:
    """One line: what was measured, under what."""
    return (
        f"bundle {report['bundle']}, set {report['set']}, {report['clips']} clips ({report['seconds']:g} s), "
        f"{report['steps']} steps, lead {report['lead_ms']:g} ms, history {report['history']}, "
        f"threads {threads}, {machine}"
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
            others = (_number(values.get(key)) for row, values in rows.items() if row != "model")
            interval = report["intervals"].get("model", {}).get(key, ())
            table.add_row(key, _number(rows.get("model", {}).get(key)), " ".join(map(_number, interval)), *others)
    return table


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def draw_report(
    path: Path, rows: Mapping[str, Sequence[Float32Array]], truths: Sequence[WalkTruth], conditions: str
) -> None:
    """Onsets of some clips, level differences of all, spectrograms of two, as a picture at `path`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(14, 9), layout="constrained")
    figure.suptitle(conditions, fontsize=9)
    shown = [row for row in ("truth", "model") if row in rows]
    grid = figure.add_gridspec(3, 4)
    _draw_onsets(figure.add_subplot(grid[0, :3]), {row: rows[row] for row in shown}, truths)
    _draw_panning(figure.add_subplot(grid[0, 3]), {row: rows[row] for row in shown}, truths)
    for clip in range(min(SPECTROGRAM_CLIPS, len(truths))):
        for place, row in enumerate(shown):
            for side, name in enumerate(("left", "right")):
                axes = figure.add_subplot(grid[1 + clip, 2 * place + side])
                _draw_spectrogram(axes, rows[row][clip][:, side])
                axes.set_title(f"{row}, walk {truths[clip].seed}, {name}", fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def _draw_onsets(axes: Any, rows: Mapping[str, Sequence[Float32Array]], truths: Sequence[WalkTruth]) -> None:
    for clip, truth in enumerate(truths[:SHOWN_CLIPS]):
        near = [contact.time_s for contact in truth.contacts if distance_m(contact) < NEAR_M]
        axes.vlines(near, clip - 0.4, clip + 0.4, color="0.8", linewidth=5, label="contact" if clip == 0 else None)
        for place, (row, sounds) in enumerate(rows.items()):
            low = clip - 0.4 + 0.4 * place
            onsets_s = detect_onsets(sounds[clip])
            axes.vlines(onsets_s, low, low + 0.38, color=COLOURS[row], label=f"onset, {row}" if clip == 0 else None)
    shown = truths[:SHOWN_CLIPS]
    axes.set(xlabel="s", yticks=range(len(shown)), yticklabels=[truth.seed for truth in shown], title="onsets")
    axes.legend(loc="upper right", fontsize=7)


def _draw_panning(axes: Any, rows: Mapping[str, Sequence[Float32Array]], truths: Sequence[WalkTruth]) -> None:
    for row, sounds in rows.items():
        steps = np.concatenate(
            [measure_steps(sound, truth.contacts) for sound, truth in zip(sounds, truths, strict=True)]
        )
        axes.plot(steps[:, 1], steps[:, 2], ".", color=COLOURS[row], alpha=0.5, markersize=4, label=row)
    axes.axline((0, 0), slope=1, color="0.7", linewidth=1)
    axes.set(xlabel="expected right - left, dB", ylabel="heard, dB", title="panning", xlim=(-20, 20), ylim=(-20, 20))
    axes.legend(fontsize=7)


def _draw_spectrogram(axes: Any, samples: Float32Array) -> None:
    level_db = spectrogram_db(samples)
    extent = (0, len(samples) / SAMPLE_RATE_HZ, 0, SAMPLE_RATE_HZ / 2000)
    axes.imshow(level_db.T, origin="lower", aspect="auto", extent=extent, vmin=-100, vmax=-20, cmap="magma")
    axes.set(ylim=(0, 16), ylabel="kHz")


def spectrogram_db(samples: Float32Array, window_samples: int = 1024, hop_samples: int = 512) -> Float32Array:
    """Level (frames, bins) of (n,) samples in dB relative to a full-scale sine."""
    window = np.hanning(window_samples)
    frames = np.lib.stride_tricks.sliding_window_view(samples, window_samples)[::hop_samples]
    magnitude = np.abs(np.fft.rfft(frames * window, axis=1)) / (window.sum() / 2)
    return np.asarray(20 * np.log10(magnitude + 1e-6), dtype=np.float32)
