"""The picture at the end: frames above, both channels' spectrograms, contacts and pan below, on one time axis."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stereosync.errors import StereoSyncError
from stereosync.scene import Float32Array
from stereosync.stereo import expected_level_difference_db
from stereosync.writing import named, whole_file
from stereosync_tools.audition.errors import AuditionError
from stereosync_tools.audition.pan import PanPoint, pan_points
from stereosync_tools.audition.performance import Performance, Still

WINDOW_SAMPLES, HOP_SAMPLES = 2048, 480
LOWEST_HZ, HIGHEST_HZ, BANDS = 60.0, 16_000.0, 96
DECIBELS = (-90.0, -20.0)
STRIP_PICTURES = 8
LEFT, RIGHT, TRUTH = "#2f6db3", "#c4512d", "#555555"
PAN_LIMIT_DB = 42.0
ROWS = (1.5, 1.5, 1.2, 1.6)  # heights of a run's spectrograms, levels and pan
SHORTEST_S = 0.1  # an axis needs some length even if nothing was heard


def spectrogram_db(samples: Float32Array, sample_rate_hz: int) -> Float32Array:
    """Level in `BANDS` bands, spaced evenly in pitch, of one channel (n,): (bands, hops) in dB of full scale."""
    window = np.hanning(WINDOW_SAMPLES)
    padded = np.pad(samples, WINDOW_SAMPLES // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW_SAMPLES)[::HOP_SAMPLES]
    power = np.abs(np.fft.rfft(frames * window, axis=1) / (window.sum() / 2)) ** 2  # (hops, bins)
    edges_hz = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)
    bins = np.fft.rfftfreq(WINDOW_SAMPLES, 1 / sample_rate_hz)
    centres_hz = np.sqrt(edges_hz[1:] * edges_hz[:-1])
    bands = np.stack([np.interp(centres_hz, bins, row) for row in power], axis=1)
    decibels: Float32Array = (10 * np.log10(bands + 1e-12)).astype(np.float32)
    return decibels


def level_track_db(samples: Float32Array) -> Float32Array:
    """RMS of both channels of (n, 2) in hops: (hops, 2) in dB of full scale."""
    hops = samples[: len(samples) // HOP_SAMPLES * HOP_SAMPLES].reshape(-1, HOP_SAMPLES, 2)
    decibels: Float32Array = (10 * np.log10(np.mean(np.square(hops), axis=1) + 1e-9)).astype(np.float32)
    return decibels


def save_picture(path: Path, performance: Performance, title: str) -> None:
    """Draw `performance` into a PNG (or what else the suffix says).

    Raises:
        AuditionError: the suffix is no picture's.
        UserError: the file cannot be written.
    """
    save_comparison(path, {title: performance})


def save_comparison(path: Path, performances: Mapping[str, Performance]) -> None:
    """Draw runs of one source, by their titles, into one picture, one below the other. The frames are the first's.

    Raises:
        AuditionError: the suffix is no picture's.
        UserError: the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    runs = list(performances.items())
    figure = Figure(figsize=(13, 2 + 7 * len(runs)), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1 + len(ROWS) * len(runs), 1, height_ratios=(1.25, *ROWS * len(runs)))
    figure.suptitle(runs[0][0], fontsize=11)
    _draw_strip(axes[0], runs[0][1])
    for number, (title, performance) in enumerate(runs):
        own = axes[1 + len(ROWS) * number :][: len(ROWS)]
        if number:
            own[0].set_title(title, fontsize=11)
        _draw_run(own, performance)
    try:
        with whole_file(path) as part, named(path, "--picture"):
            figure.savefig(part, format=path.suffix[1:].lower() or "png")
    except ValueError as error:
        if isinstance(error, StereoSyncError):
            raise
        raise AuditionError(
            f"The picture {path} cannot be written ({error}); choose another --picture file."
        ) from error


def _draw_run(axes: Any, performance: Performance) -> None:
    """Spectrograms, levels and pan, on one time axis."""
    _draw_spectrogram(axes[0], performance, 0, "left")
    _draw_spectrogram(axes[1], performance, 1, "right")
    _draw_levels(axes[2], performance)
    _draw_pan(axes[3], performance, pan_points(performance))
    for axis in axes:
        axis.set_xlim(performance.start_s, max(performance.end_s, performance.start_s + SHORTEST_S))
    for axis in axes[:-1]:
        axis.tick_params(labelbottom=False)
    axes[-1].set_xlabel("time, s")


def chosen_stills(stills: tuple[Still, ...], start_s: float, end_s: float) -> list[Still]:
    """At most `STRIP_PICTURES` stills, each the nearest one to the middle of its share of the time."""
    if not stills:
        return []
    width_s = (end_s - start_s) / STRIP_PICTURES
    middles_s = [start_s + (number + 0.5) * width_s for number in range(STRIP_PICTURES)]
    nearest = [min(stills, key=lambda still, middle_s=middle_s: abs(still.time_s - middle_s)) for middle_s in middles_s]  # type: ignore[misc]
    return list({still.time_s: still for still in nearest}.values())


def _draw_strip(axis: Any, performance: Performance) -> None:
    axis.set_axis_off()
    stills = chosen_stills(performance.stills, performance.start_s, performance.end_s)
    for place, still in enumerate(stills):
        height, width = still.picture.shape[:2]
        inset = axis.inset_axes((place / STRIP_PICTURES, 0.0, 0.97 / STRIP_PICTURES, 0.9))
        inset.imshow(still.picture, extent=(0, width, height, 0))
        inset.set_xticks([])
        inset.set_yticks([])
        inset.set_title(f"{still.time_s:.1f} s", fontsize=8, pad=2)
        for x0, y0, x1, y1 in still.corners_px:
            inset.plot((x0, x1, x1, x0, x0), (y0, y0, y1, y1, y0), color="yellow", linewidth=0.8)


def _draw_spectrogram(axis: Any, performance: Performance, channel: int, name: str) -> None:
    axis.set_ylabel(f"{name}, Hz")
    if len(performance.samples) < HOP_SAMPLES:
        return
    levels = spectrogram_db(performance.samples[:, channel], performance.sample_rate_hz)
    extent = (performance.start_s, performance.end_s, 0, BANDS)
    low, high = DECIBELS
    axis.imshow(levels, origin="lower", aspect="auto", extent=extent, cmap="magma", vmin=low, vmax=high)
    marks_hz = (100, 300, 1000, 3000, 10_000)
    octaves = np.log(HIGHEST_HZ / LOWEST_HZ)
    axis.set_yticks(
        [BANDS * np.log(mark / LOWEST_HZ) / octaves for mark in marks_hz], [f"{mark:g}" for mark in marks_hz]
    )


def _draw_levels(axis: Any, performance: Performance) -> None:
    levels = level_track_db(performance.samples)
    times_s = performance.start_s + (np.arange(len(levels)) + 0.5) * HOP_SAMPLES / performance.sample_rate_hz
    for contact in performance.contacts:
        axis.axvline(contact.time_s, color=TRUTH, linewidth=0.7, alpha=0.6)
    for channel, (name, colour) in enumerate((("left", LEFT), ("right", RIGHT))):
        axis.plot(times_s, levels[:, channel], color=colour, linewidth=0.9, label=name)
    axis.plot([], [], color=TRUTH, linewidth=0.7, label="contact in the scene")
    axis.set_ylim(-75, 0)
    axis.set_ylabel("level, dB")
    axis.legend(loc="upper right", ncols=3, fontsize=8, frameon=False)


def _draw_pan(axis: Any, performance: Performance, points: tuple[PanPoint, ...]) -> None:
    axis.axhline(0, color="#bbbbbb", linewidth=0.8)
    for box_id in sorted({point.box_id for point in performance.box_points}):
        track = [point for point in performance.box_points if point.box_id == box_id]
        expected = [expected_level_difference_db(point.azimuth_rad) for point in track]
        axis.plot([point.time_s for point in track], expected, color="#999999", linewidth=0.9, linestyle=":")
    axis.plot([], [], color="#999999", linewidth=0.9, linestyle=":", label="where the box is")
    heard = [point for point in points if point.heard]
    expected = [point.expected_db for point in points]
    axis.scatter(
        [point.time_s for point in points], expected, s=34, facecolors="none", edgecolors=TRUTH, label="expected"
    )
    measured = [point.measured_db for point in heard]
    axis.scatter([point.time_s for point in heard], measured, s=16, color=RIGHT, label="measured")
    axis.set_ylim(-PAN_LIMIT_DB, PAN_LIMIT_DB)
    axis.set_ylabel("right minus left, dB")
    axis.legend(loc="upper right", ncols=3, fontsize=8, frameon=False)
