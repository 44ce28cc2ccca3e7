"""YAMNet: what a sound is like, as 1024 numbers and 521 class scores for each 0.96 s.

Source: M. Plakal and D. Ellis, "YAMNet" (TensorFlow Model Garden, Apache-2.0), a MobileNet (Howard et al., arXiv
1704.04861) trained on AudioSet. `NOTICE` beside this file says where the weights come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt
import torch
from scipy.signal import resample_poly
from torch import Tensor
from torch.nn import functional

from stereosync.clock import Clock, exact_div
from stereosync.scene import Float32Array

NAME = "yamnet"
RATE_HZ = 16_000
WINDOW_SAMPLES, HOP_SAMPLES, DFT_SAMPLES = 400, 160, 512
BANDS, LOWEST_HZ, HIGHEST_HZ, LOG_OFFSET = 64, 125.0, 7500.0, 0.001
PATCH_FRAMES, PATCH_HOP_FRAMES = 96, 48
DIMENSIONS, CLASSES = 1024, 521
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)  # of the depthwise layers
NORM_EPSILON = 1e-4
PATCHES_AT_ONCE = 32


@dataclass(frozen=True)
class Convolution:
    """A convolution with its normalisation folded in: `weight` (out, in / groups, k, k), `bias` (out,)."""

    weight: Tensor
    bias: Tensor
    stride: int
    groups: int

    def __call__(self, x: Tensor) -> Tensor:
        """(B, in, H, W) -> (B, out, H / stride, W / stride), after the rectifier."""
        return functional.conv2d(self._padded(x), self.weight, self.bias, self.stride, groups=self.groups).relu_()

    def _padded(self, x: Tensor) -> Tensor:
        """Padding as TensorFlow's "SAME": what is odd goes after the end."""
        kernel = self.weight.shape[-1]
        pads: list[int] = []
        for length in (x.shape[-1], x.shape[-2]):
            missing = max((-(-length // self.stride) - 1) * self.stride + kernel - length, 0)
            pads += [missing // 2, missing - missing // 2]
        return functional.pad(x, pads) if any(pads) else x


@dataclass(frozen=True)
class Yamnet:
    """The network, ready to run on the processor."""

    layers: tuple[Convolution, ...]
    kernel: Tensor  # (1024, 521)
    bias: Tensor  # (521,)

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> Yamnet:
        """The network with the weights of this package."""
        with resources.files(__package__).joinpath("yamnet_float16.npz").open("rb") as file, np.load(file) as data:
            arrays = {name: torch.from_numpy(data[name].astype(np.float32)) for name in data.files}
        layers = [_convolution(arrays, 0, "kernel", 2)]
        for index, stride in enumerate(STRIDES):
            layers.append(_convolution(arrays, 2 + 4 * index, "depthwise_kernel", stride))
            layers.append(_convolution(arrays, 4 + 4 * index, "kernel", 1))
        return Yamnet(tuple(layers), arrays["54.kernel"], arrays["54.bias"])

    def embed(self, mono: npt.NDArray[np.floating]) -> Float32Array:
        """Embeddings (patches, 1024) of (n,) samples at 16 kHz; the last patch is filled with silence."""
        return self.embed_patches(patches(log_mel(mono)))

    def embed_patches(self, mel_patches: Float32Array) -> Float32Array:
        """Embeddings (patches, 1024) of log-mel patches (patches, 96, 64)."""
        made = [np.zeros((0, DIMENSIONS), dtype=np.float32)]
        with torch.inference_mode():
            for first in range(0, len(mel_patches), PATCHES_AT_ONCE):
                x = torch.from_numpy(mel_patches[first : first + PATCHES_AT_ONCE])[:, None]  # (B, 1, 96, 64)
                x = x.contiguous(memory_format=torch.channels_last)
                for layer in self.layers:
                    x = layer(x)
                made.append(x.mean(dim=(2, 3)).numpy())
        return np.concatenate(made)

    def scores(self, embeddings: Float32Array) -> Float32Array:
        """Class scores (patches, 521) in 0..1 of embeddings (patches, 1024)."""
        return (torch.from_numpy(embeddings) @ self.kernel + self.bias).sigmoid().numpy()


def _convolution(arrays: dict[str, Tensor], layer: int, kind: str, stride: int) -> Convolution:
    """Layer `layer` and the normalisation after it, which has no scale of its own."""
    kernel = arrays[f"{layer:02d}.{kind}"]  # (k, k, in, out), or (k, k, channels, 1)
    depthwise = kind == "depthwise_kernel"
    weight = kernel.permute(2, 3, 0, 1) if depthwise else kernel.permute(3, 2, 0, 1)
    norm = {name: arrays[f"{layer + 1:02d}.{name}"] for name in ("beta", "moving_mean", "moving_variance")}
    scale = (norm["moving_variance"] + NORM_EPSILON).rsqrt()
    folded = (weight * scale[:, None, None, None]).contiguous(memory_format=torch.channels_last)
    bias = norm["beta"] - norm["moving_mean"] * scale
    return Convolution(folded, bias, stride, kernel.shape[2] if depthwise else 1)


def to_rate(mono: npt.NDArray[np.floating]) -> Float32Array:
    """(n,) samples at the stream's rate -> (n / 3,) at 16 kHz."""
    factor = exact_div(Clock().sample_rate_hz, RATE_HZ)
    return np.asarray(resample_poly(np.asarray(mono, dtype=np.float32), 1, factor), dtype=np.float32)


def log_mel(mono: npt.NDArray[np.floating]) -> Float32Array:
    """Natural log of mel magnitudes (frames, 64) of (n,) samples at 16 kHz, filled up to whole patches."""
    shortest = (PATCH_FRAMES - 1) * HOP_SAMPLES + WINDOW_SAMPLES
    step = PATCH_HOP_FRAMES * HOP_SAMPLES
    more = max(-(-(len(mono) - shortest) // step), 0)
    padded = np.pad(np.asarray(mono, dtype=np.float32), (0, shortest + more * step - len(mono)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW_SAMPLES)[::HOP_SAMPLES]
    taper = np.hanning(WINDOW_SAMPLES + 1)[:-1].astype(np.float32)
    magnitude = np.abs(np.fft.rfft(frames * taper, DFT_SAMPLES, axis=1))
    return np.asarray(np.log(magnitude @ _mel_weights() + LOG_OFFSET), dtype=np.float32)


@lru_cache(maxsize=1)
def _mel_weights() -> Float32Array:
    """Triangles (bins, bands) that are linear in mel (HTK), of height 1; the constant bin counts for nothing."""
    bins_mel = _mel(np.linspace(0, RATE_HZ / 2, DFT_SAMPLES // 2 + 1))[:, None]
    edges = np.linspace(_mel(np.array(LOWEST_HZ)), _mel(np.array(HIGHEST_HZ)), BANDS + 2)
    rising = (bins_mel - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins_mel) / (edges[2:] - edges[1:-1])
    weights = np.asarray(np.clip(np.minimum(rising, falling), 0, None), dtype=np.float32)
    weights[0] = 0
    return weights


def _mel(hz: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    return 1127 * np.log1p(hz / 700)


def patches(mel: Float32Array) -> Float32Array:
    """(frames, 64) -> (patches, 96, 64), each 0.48 s after the one before."""
    windows = np.lib.stride_tricks.sliding_window_view(mel, PATCH_FRAMES, axis=0)[::PATCH_HOP_FRAMES]
    return np.ascontiguousarray(windows.transpose(0, 2, 1))
