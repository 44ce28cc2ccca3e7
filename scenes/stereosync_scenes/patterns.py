"""Patterns: the tiling noise, cells and joints that textures are made of."""

from __future__ import annotations

import colorsys

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float64]  # (S, S)

SIZE_PX = 256


def noise(rng: np.random.Generator, low: float, high: float, slope: float = 1.0, stretch: float = 1.0) -> Plane:
    """Tiling noise (S, S), zero mean and unit deviation, with cycles per tile from `low` to `high`."""
    v = np.fft.fftfreq(SIZE_PX)[:, None] * SIZE_PX * stretch
    u = np.fft.rfftfreq(SIZE_PX)[None] * SIZE_PX
    cycles = np.sqrt(u * u + v * v)
    gain = np.where((cycles >= low) & (cycles <= high), np.maximum(cycles, 1.0) ** -slope, 0.0)
    spectrum = gain * np.exp(2j * np.pi * rng.random(cycles.shape))
    plane = np.fft.irfft2(spectrum, s=(SIZE_PX, SIZE_PX))
    return np.asarray((plane - plane.mean()) / (plane.std() + 1e-9))


def relief(height: Plane, strength: float) -> Plane:
    """Light and shade of a height field lit from one corner, mean about 1."""
    return np.clip(1 + strength * (height - np.roll(height, (2, 2), (0, 1))), 0.2, 2.0)


def paint(colour: tuple[float, float, float], light: Plane, tint: Plane | None = None) -> Plane:
    """Colour (S, S, 3) from one colour, its light and an optional warm-cold tint."""
    flat = np.array(colour) * light[..., None]
    return flat if tint is None else flat * (1 + tint[..., None] * np.array([1.0, 0.3, -0.8]))


def grid() -> tuple[Plane, Plane]:
    """Rows and columns of the tile, 0 to 1."""
    line = (np.arange(SIZE_PX) + 0.5) / SIZE_PX
    return line[:, None] + 0 * line[None], line[None] + 0 * line[:, None]


def joints(part: Plane, count: int, width: float) -> Plane:
    """1 on the joints between `count` equal strips, else 0."""
    place = (part * count) % 1.0
    return ((place < width) | (place > 1 - width)).astype(np.float64)


def cells(rng: np.random.Generator, count: int) -> tuple[Plane, Plane, Plane]:
    """Tiling cells of `count` x `count` jittered seeds: distance to the nearest seed, how much farther the next one is
    (both in cells), and a random number per cell. S. Worley, "A cellular texture basis function" (SIGGRAPH 1996)."""
    rows, columns = (part * count for part in grid())
    jitter, number = rng.uniform(0.1, 0.9, (2, count, count)), rng.random((count, count))
    away, owner = [], []
    for down in (-1, 0, 1):
        for along in (-1, 0, 1):
            row, column = np.floor(rows).astype(int) + down, np.floor(columns).astype(int) + along
            place = (row % count, column % count)
            away.append(np.hypot(row + jitter[0][place] - rows, column + jitter[1][place] - columns))
            owner.append(number[place])
    distances = np.stack(away)
    nearest = distances.argmin(axis=0)
    first, second = np.partition(distances, 1, axis=0)[:2]
    return first, second - first, np.take_along_axis(np.stack(owner), nearest[None], axis=0)[0]


def hue(
    rng: np.random.Generator, middle: float, spread: float, saturation: tuple[float, float], value: tuple[float, float]
) -> tuple[float, float, float]:
    return colorsys.hsv_to_rgb(
        (middle + rng.uniform(-spread, spread)) % 1, rng.uniform(*saturation), rng.uniform(*value)
    )
