"""A sheet of spectrograms: recorded steps of both splits and synthesised ones, a row per ground, for eyes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from stereosync.scene import Float32Array
from stereosync.vocabulary import GROUNDS
from stereosync.writing import whole_file
from stereosync_training.sounds.library import SoundLibrary
from stereosync_training.sounds.recording import StepRecording
from stereosync_training.sounds.trim import SAMPLE_RATE_HZ

COLUMNS_EACH = 3
SHOWN_S = 0.45
WINDOW_SAMPLES = 512
TOP_DB, RANGE_DB = -60.0, 70.0


def draw_sheet(train: SoundLibrary, test: SoundLibrary, file: Path) -> None:
    """Write the sheet to `file` (PNG). Raises ModuleNotFoundError without matplotlib (extra `train`)."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(len(GROUNDS), 3 * COLUMNS_EACH, figsize=(18, 1.6 * len(GROUNDS)), squeeze=False)
    for row, ground in zip(axes, GROUNDS, strict=True):
        columns = [("train", train.steps_by_ground.get(ground, ())), ("test", test.steps_by_ground.get(ground, ()))]
        columns.append(("synthesis", train.synthetic(ground)))
        for group, (label, steps) in enumerate(columns):
            for place in range(COLUMNS_EACH):
                _draw(row[group * COLUMNS_EACH + place], f"{ground}, {label}", steps[place : place + 1])
    figure.tight_layout()
    with whole_file(file) as part:
        figure.savefig(part, dpi=60, format=file.suffix[1:] or "png")
    pyplot.close(figure)


def _draw(axis: Any, title: str, steps: tuple[StepRecording, ...]) -> None:
    axis.set_axis_off()
    axis.set_title(title, fontsize=8)
    for step in steps:
        axis.imshow(spectrogram_db(step.samples), origin="lower", aspect="auto", vmin=TOP_DB - RANGE_DB, vmax=TOP_DB)


def spectrogram_db(samples: Float32Array) -> Float32Array:
    """Power (bins, frames) in dB of the first 0.45 s of (n,) samples, silence where there is no more."""
    shown = np.zeros(round(SHOWN_S * SAMPLE_RATE_HZ), dtype=np.float32)
    shown[: len(samples)] = samples[: len(shown)]
    frames = np.lib.stride_tricks.sliding_window_view(shown, WINDOW_SAMPLES)[:: WINDOW_SAMPLES // 4]
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(WINDOW_SAMPLES), axis=1)) / WINDOW_SAMPLES)
    return np.asarray(10 * np.log10(power.T + 1e-14), dtype=np.float32)
