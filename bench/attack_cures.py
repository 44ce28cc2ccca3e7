"""Cures for a soft attack, on the decoder's output or on its frames.

* `before`: gain on the decoder's output. Before a contact nothing may be louder than what was heard before any frame
  of the step began; the energy so taken away is given back in the milliseconds after it.
* `before, 3 bands`: the same in three bands of their own.
* `before and after`: the same, and more energy is lent to the first milliseconds by those after them.
* `cut`: a frame that a contact falls into is silent before it, and louder after it by as much energy.
* `fading`: the same, and what is left of the frame fades from the contact on.
* `fading rise`: the same of that part alone by which a frame is louder than the last one before the step. This is what
  the decoder does; the others are tried beside it, and itself with other times to fade in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from itertools import pairwise

import numpy as np
import torch
from scipy.signal import butter, sosfilt
from torch import Tensor

from stereosync.clock import Clock
from stereosync.scene import Float32Array
from stereosync_model.attack import FADE_S, NONE, Attack
from stereosync_model.codec import Decoder
from stereosync_model.config import CodecConfig

RATE_HZ = Clock().sample_rate_hz
FRAME = CodecConfig().window_samples(Clock())
BLOCK = 48  # samples: the gain's step
LEVEL_BEFORE = 960  # samples before the first frame of the step
RAMP = 24
PAID_BACK = 0.3  # of the energy taken, each block
LOUDEST_GAIN, SOFTEST_GAIN = 3.0, 0.7
LENT_S = 0.003  # after a contact
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
            lent = 1 + (attack - 1) * np.exp((start - place) / (LENT_S * RATE_HZ))
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


class WholeFrames(Attack):
    """All of a frame rises, as if it had been silent before the step."""

    def rises(self, loudness: Tensor, _earlier: Tensor, _places: Tensor) -> Tensor:
        return torch.ones_like(loudness)


def with_attack(decoder: Decoder, kind: type[Attack], fade_s: float) -> Decoder:
    """A copy of a decoder with another attack."""
    changed = deepcopy(decoder)
    changed.attack = kind(decoder.hop_samples, decoder.codec.overlap, RATE_HZ)
    changed.attack.fade_samples = fade_s * RATE_HZ
    return changed


@torch.no_grad()
def decode(decoder: Decoder, latents: Tensor, times_s: Sequence[float]) -> Float32Array:
    """Latents (T, R) to sound (n, 2), by a decoder that knows of contacts at `times_s`."""
    noise = torch.randn(1, *decoder.noise_shape(len(latents)), generator=torch.Generator().manual_seed(0))
    contacts = torch.tensor([[NONE, *(round(time_s * RATE_HZ) for time_s in times_s)]])
    sound = decoder.decode(latents[None], noise, contacts)
    return np.ascontiguousarray(sound[0].T.clamp(-1, 1).numpy())


def frames_as(kind: type[Attack], fade_s: float) -> Cure:
    """The cure by a decoder with that attack."""
    return lambda decoder, latents, times_s: decode(with_attack(decoder, kind, fade_s), latents, times_s)


Cure = Callable[[Decoder, Tensor, Sequence[float]], Float32Array]
CURES: Mapping[str, Cure] = {
    "none": lambda decoder, latents, _: decode(decoder, latents, ()),
    "before": lambda decoder, latents, times_s: steepened(decode(decoder, latents, ()), times_s),
    "before, 3 bands": lambda decoder, latents, times_s: steepened_by_band(decode(decoder, latents, ()), times_s),
    "before and after": lambda decoder, latents, times_s: steepened(
        decode(decoder, latents, ()), times_s, LOUDEST_GAIN
    ),
    "cut": frames_as(WholeFrames, math.inf),
    "fading": frames_as(WholeFrames, FADE_S),
    "fading rise": decode,
    "fading rise, 2 ms": frames_as(Attack, 0.002),
    "fading rise, 5 ms": frames_as(Attack, 0.005),
}
