"""A picture of one walk as each client played it: sound and feet, and where each step was heard."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stereosync.scene import Float32Array
from stereosync_scenes.walk import WalkTruth
from stereosync_training.measures.onsets import OnsetOptions, log_mel_db
from stereosync_training.measures.panning import lone_contacts, measure_steps

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RATE_HZ = 48_000
DPI = 80


def draw(timelines: Mapping[str, Float32Array], truth: WalkTruth, path: Path) -> None:
    """Write the picture: a spectrogram for each row, and the level differences of all under it."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows = len(timelines) + 1
    figure, axes = plt.subplots(rows, 1, figsize=(11, 2.1 * rows), sharex=True, layout="constrained")
    for axis, (name, sound) in zip(axes, timelines.items(), strict=False):
        _sound(axis, name, sound, truth)
    _sides(axes[-1], timelines, truth)
    figure.savefig(path, dpi=DPI)
    plt.close(figure)


def _sound(axis: Axes, name: str, sound: Float32Array, truth: WalkTruth) -> None:
    options = OnsetOptions()
    levels_db = log_mel_db(sound, options)
    span_s = len(levels_db) * options.hop_samples / RATE_HZ
    axis.imshow(levels_db.T, origin="lower", aspect="auto", extent=(0, span_s, 0, options.bands), cmap="magma")
    for contact in truth.contacts:
        axis.axvline(contact.time_s, color="white", linewidth=0.6, linestyle=":")
    axis.set(title=f"{name}: level by frequency; dotted: a foot comes down", ylabel="mel band")


def _sides(axis: Axes, timelines: Mapping[str, Float32Array], truth: WalkTruth) -> None:
    for name, sound in timelines.items():
        steps = measure_steps(sound, truth.contacts)
        times_s = [contact.time_s for contact in lone_contacts(truth.contacts)][: len(steps)]
        axis.plot(times_s, steps[:, 2], "o", markersize=4, label=name)
    axis.plot(times_s, steps[:, 1], "k-", linewidth=1, label="where the foot is")
    axis.axhline(0, color="grey", linewidth=0.5)
    axis.set(title="Level difference of each step (up: right)", xlabel="s", ylabel="dB")
    axis.legend(fontsize=7, ncols=len(timelines) + 1, loc="lower right")
