"""Pictures to look at before a number is believed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from stereosync.writing import whole_file

SPECTROGRAM_RANGE_DB = (-100, -20)


def compare_spectrograms(
    path: Path, true: npt.NDArray[np.floating], made: npt.NDArray[np.floating], sample_rate_hz: int
) -> None:
    """Left and right spectrograms of true and made sounds (clips, samples, 2), one column per clip and channel."""
    from matplotlib.figure import Figure

    clips = len(true)
    figure = Figure(figsize=(7 * clips, 9), layout="constrained")
    axes = figure.subplots(4, clips, squeeze=False, sharex=True)
    low, high = SPECTROGRAM_RANGE_DB
    for clip in range(clips):
        for row, (title, sound) in enumerate((("true", true), ("made", made))):
            for channel, side in enumerate(("left", "right")):
                axis = axes[2 * channel + row][clip]
                signal = sound[clip, :, channel] + 1e-9 * np.random.default_rng(0).standard_normal(sound.shape[1])
                axis.specgram(signal, NFFT=1024, noverlap=768, Fs=sample_rate_hz, vmin=low - 20, vmax=high - 20)
                axis.set_title(f"{title}, {side}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as part:
        figure.savefig(part, dpi=70)
