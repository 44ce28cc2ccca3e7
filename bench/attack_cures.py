"""Cures for a soft attack, on the decoder's output or on its frames.

* `before`: gain on the decoder's output. Before a contact nothing may be louder than what was heard before any frame
  of the step began; the energy so taken away is given back in the milliseconds after it.
* `before, 3 bands`: the same in three bands of their own.
* `before and after`: the same, and more energy is lent to the first milliseconds by those after them.
* `cut`: a frame that a contact falls into is silent before it, and louder after it by as much energy.
* `fading`: the same, and what is left of the frame fades from the contact on.
* `fading rise`: the same of that part alone by which a frame is louder than the last one before the step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import torch
from scipy.signal import butter, sosfilt
from torch import Tensor

from stereosync.clock import Clock
from stereosync.scene import Float32Array
from stereosync_model.codec import Decoder
from stereosync_model.config import CodecConfig

RATE_HZ = Clock().sample_rate_hz
FRAME, HOP = CodecConfig().window_samples(Clock()), CodecConfig().hop_samples(Clock())
BLOCK = 48  # samples: the gain's step
LEVEL_BEFORE = 960  # samples before the first frame of the step
RAMP = 24
PAID_BACK = 0.3  # of the energy taken, each block
LOUDEST_GAIN, SOFTEST_GAIN = 3.0, 0.7
FADE_S = 0.003  # after a contact
CROSSOVERS_HZ = (500.0, 3000.0)


def steepened(sound: Float32Array, times_s: Sequence[float], attack: float = 1.0) -> Float32Array:
    """Samples (n, 2) that before a contact are no louder than before the step's frames, and at it `attack` louder."""
    made = sound.copy()
    for start in sorted(round(time_s * RATE_HZ) for time_s in times_s):
        if LEVEL_BEFORE + FRAME <= start <= len(sound) - 2 * FRAME:
            _steepen(made, start, attack)
    return made


def _steepen(made: Float32Array, start: int, attack: float) -> None:
    """Steepen the step at the sample `start`, block by block, as a stream would."""
    before = made[start - FRAME - LEVEL_BEFORE : start - FRAME]
    level = float(np.square(before).sum(axis=1).mean())
    gains, debt = [1.0], 0.0
    places = range(start - FRAME, start + 2 * FRAME, BLOCK)
    for place in places:
        energy = float(np.square(made[place : place + BLOCK]).sum()) + 1e-12
        if place < start:
            gain = min(1.0, (level * BLOCK / energy) ** 0.5)
        else:
            paid = max(1 + PAID_BACK * debt / energy, SOFTEST_GAIN**2) ** 0.5
            lent = 1 + (attack - 1) * np.exp((start - place) / (FADE_S * RATE_HZ))
            gain = min(max(paid, lent) if lent > 1.2 else paid, LOUDEST_GAIN)
        debt += (1 - gain**2) * energy
        gains.append(gain)
    for (last, gain), place in zip(pairwise(gains), places, strict=True):
        ramp = np.minimum(np.arange(1, BLOCK + 1) / RAMP, 1)
        made[place : place + BLOCK] *= (last + (gain - last) * ramp)[:, None].astype(np.float32)


def steepened_by_band(sound: Float32Array, times_s: Sequence[float]) -> Float32Array:
    """`steepened` in bands that sum to the sound."""
    rest, made = sound, np.zeros_like(sound)
    for edge_hz in CROSSOVERS_HZ:
        low = sosfilt(butter(2, edge_hz, fs=RATE_HZ, output="sos"), rest, axis=0).astype(np.float32)
        made += steepened(low, times_s)
        rest = rest - low
    return made + steepened(rest, times_s)


def masks(times_s: Sequence[float], frames: int, fade_s: float) -> tuple[Tensor, Tensor]:
    """Of each frame: a window (F, FRAME) that is silent before the contact in it, with the energy of the whole frame,
    and the number (F,) of the last frame before that step. A frame without a contact has ones and its own number."""
    hann = np.square(np.hanning(FRAME + 1)[:-1])
    window, before = np.ones((frames, FRAME), np.float32), np.arange(frames)
    for start in sorted(round(time_s * RATE_HZ) for time_s in times_s):
        first = (start - FRAME) // HOP + 1
        for frame in range(max(first, 1), min(start // HOP + 1, frames)):
            since = np.arange(FRAME) - (start - frame * HOP)
            mask = np.clip(since / RAMP, 0, 1) * np.exp(-np.maximum(since, 0) / (fade_s * RATE_HZ))
            kept = float((hann * np.square(mask)).sum() / hann.sum())
            window[frame] = np.minimum(mask * kept**-0.5, LOUDEST_GAIN) if kept else 0
            before[frame] = max(first - 1, 0)
    return torch.from_numpy(window), torch.from_numpy(before)


@torch.no_grad()
def decode(
    decoder: Decoder, latents: Tensor, times_s: Sequence[float], fade_s: float = math.inf, whole: bool = True
) -> Float32Array:
    """Latents (T, R) to sound (n, 2), frames cut at the contacts `times_s`, as a whole or as far as they rise."""
    noise = torch.randn(1, *decoder.noise_shape(len(latents)), generator=torch.Generator().manual_seed(0))
    histories = decoder.initial(1)
    x, levels, *_ = decoder.features(latents[None], *histories[:2])
    spectrum = decoder.tone_spectrum(x, levels) + decoder.noise_spectrum(x, levels, noise)
    frames = spectrum @ decoder.inverse  # (1, F, 2, FRAME)
    if times_s:
        window, before = masks(times_s, frames.shape[1], fade_s)
        tone, noise_power = decoder.powers(x, levels)
        power = tone + noise_power
        stays = torch.zeros_like(power) if whole else (power[:, before] / power).clamp(max=1).sqrt()
        kept = (spectrum * stays.repeat(1, 1, 1, 2)) @ decoder.inverse
        frames = kept + (frames - kept) * window[None, :, None]
    sound, _ = decoder.overlap_add(frames, histories[2])
    return np.ascontiguousarray(sound[0].T.clamp(-1, 1).numpy())


Cure = Callable[[Decoder, Tensor, Sequence[float]], Float32Array]
CURES: Mapping[str, Cure] = {
    "none": lambda decoder, latents, _: decode(decoder, latents, ()),
    "before": lambda decoder, latents, times_s: steepened(decode(decoder, latents, ()), times_s),
    "before, 3 bands": lambda decoder, latents, times_s: steepened_by_band(decode(decoder, latents, ()), times_s),
    "before and after": lambda decoder, latents, times_s: steepened(
        decode(decoder, latents, ()), times_s, LOUDEST_GAIN
    ),
    "cut": decode,
    "fading": lambda decoder, latents, times_s: decode(decoder, latents, times_s, FADE_S),
    "fading rise": lambda decoder, latents, times_s: decode(decoder, latents, times_s, FADE_S, whole=False),
}
