"""Pictures and depth buffers larger than the model can use are thinned before anything is computed of them.

One client's screenshots must not cost the others their sound.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

LARGEST_SIDE_PX = 640

Indices = npt.NDArray[np.intp]


def thinned_size(width_px: int, height_px: int) -> tuple[int, int]:
    """(width, height) of at most `LARGEST_SIDE_PX` a side, in the same proportion; a smaller size stays as it is."""
    scale = LARGEST_SIDE_PX / max(width_px, height_px)
    if scale >= 1:
        return width_px, height_px
    return max(round(width_px * scale), 1), max(round(height_px * scale), 1)


def nearest(count: int, size: int) -> Indices:
    """The pixels, of `size`, in which the centres of `count` equal cells lie: i to floor((i + 1/2) size / count)."""
    return (2 * np.arange(count) + 1) * size // (2 * count)
