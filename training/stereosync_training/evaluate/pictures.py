"""The pictures of a report, each drawn into axes that it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stereosync.scene import Float32Array
from stereosync_scenes.walk import WalkTruth
from stereosync_training.measures.onsets import NEAR_M, SAMPLE_RATE_HZ, FloatArray, detect_onsets, distance_m
from stereosync_training.measures.panning import measure_steps, slope

Sounds = Mapping[str, Sequence[Float32Array]]
COLOURS = {"truth": "#2b6cb0", "model": "#dd6b20", "codec": "#2f855a"}
RANGE_DBFS = (-100, -20)


def draw_onsets(axes: Any, rows: Sounds, truths: Sequence[WalkTruth]) -> None:
    """Contacts as grey bars, the onsets of each row over them; one line per walk."""
    height = 0.8 / max(len(rows), 1)
    for clip, truth in enumerate(truths):
        near = [contact.time_s for contact in truth.contacts if distance_m(contact) < NEAR_M]
        axes.vlines(near, clip - 0.4, clip + 0.4, color="0.8", linewidth=5, label="contact" if clip == 0 else None)
        for place, (row, sounds) in enumerate(rows.items()):
            low = clip - 0.4 + height * place
            label = f"onset, {row}" if clip == 0 else None
            axes.vlines(detect_onsets(sounds[clip]), low, low + 0.95 * height, color=COLOURS[row], label=label)
    axes.set(xlabel="s", yticks=range(len(truths)), yticklabels=[truth.seed for truth in truths], title="onsets")
    axes.legend(loc="upper right", fontsize=7)


def steps_of(sounds: Sequence[Float32Array], truths: Sequence[WalkTruth]) -> FloatArray:
    """Measured steps (k, 5) of all clips."""
    return np.concatenate([measure_steps(sound, truth.contacts) for sound, truth in zip(sounds, truths, strict=True)])


def draw_panning(axes: Any, rows: Sounds, truths: Sequence[WalkTruth]) -> None:
    """Heard level difference of each step over the one that its direction asks for."""
    for row, sounds in rows.items():
        steps = steps_of(sounds, truths)
        axes.plot(steps[:, 1], steps[:, 2], ".", color=COLOURS[row], alpha=0.5, markersize=4, label=row)
    axes.axline((0, 0), slope=1, color="0.7", linewidth=1)
    axes.set(xlabel="expected right - left, dB", ylabel="heard, dB", title="panning", xlim=(-20, 20), ylim=(-20, 20))
    axes.legend(fontsize=7)


def draw_distances(axes: Any, rows: Sounds, truths: Sequence[WalkTruth]) -> None:
    """Level of each step over its distance, with the line of each row's slope."""
    for row, sounds in rows.items():
        doublings, level_db = np.log2(steps_of(sounds, truths)[:, 4]), steps_of(sounds, truths)[:, 3]
        falls_db = slope(doublings, level_db)
        axes.plot(2**doublings, level_db, ".", color=COLOURS[row], alpha=0.4, markersize=4)
        if np.isfinite(falls_db):
            ends = np.array([doublings.min(), doublings.max()])
            line = level_db.mean() + falls_db * (ends - doublings.mean())
            axes.plot(2**ends, line, color=COLOURS[row], label=f"{row}: {falls_db:.1f} dB per doubling")
    axes.set(xscale="log", xlabel="distance, m", ylabel="level of 80 ms, dBFS", title="distance")
    axes.set_xticks([1, 2, 4, 8], labels=["1", "2", "4", "8"])
    axes.set_xticks([], minor=True)
    axes.legend(fontsize=7)


def draw_spectrogram(axes: Any, samples: Float32Array, title: str) -> None:
    """Level over time and frequency of (n,) samples, up to 16 kHz."""
    low_db, high_db = RANGE_DBFS
    extent = (0, len(samples) / SAMPLE_RATE_HZ, 0, SAMPLE_RATE_HZ / 2000)
    level_db = spectrogram_db(samples)
    axes.imshow(level_db.T, origin="lower", aspect="auto", extent=extent, vmin=low_db, vmax=high_db, cmap="magma")
    axes.set(ylim=(0, 16), ylabel="kHz")
    axes.set_title(title, fontsize=8)


def spectrogram_db(samples: Float32Array, window_samples: int = 1024, hop_samples: int = 512) -> Float32Array:
    """Level (frames, bins) of (n,) samples in dB relative to a full-scale sine."""
    window = np.hanning(window_samples)
    frames = np.lib.stride_tricks.sliding_window_view(samples, window_samples)[::hop_samples]
    magnitude = np.abs(np.fft.rfft(frames * window, axis=1)) / (window.sum() / 2)
    return np.asarray(20 * np.log10(magnitude + 1e-6), dtype=np.float32)


def draw_drift(axes: Any, drift: Mapping[str, Any]) -> None:
    """Level of each minute of the long stream."""
    for row, told in drift["rows"].items():
        axes.plot(np.arange(len(told["minutes_dbfs"])) + 1, told["minutes_dbfs"], "o-", color=COLOURS[row], label=row)
    axes.set(xlabel="minute", ylabel="RMS, dBFS", title=f"one stream of {drift['minutes']} minutes")
    axes.legend(fontsize=7)


def draw_confusion(axes: Any, counts: Sequence[Sequence[int]], grounds: Sequence[str], title: str) -> None:
    """Counts of grounds taken for others; rows are true."""
    table = np.array(counts, dtype=np.float64)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(table):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, f"{table[row, column]:g}", ha="center", va="center", fontsize=6, color=colour)
    places = range(len(grounds))
    axes.set_xticks(places, labels=grounds, rotation=90, fontsize=7)
    axes.set_yticks(places, labels=grounds, fontsize=7)
    axes.set_title(title, fontsize=9)
