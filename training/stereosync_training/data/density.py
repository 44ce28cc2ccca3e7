"""Contacts as the forecast has them: a density over its bins."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def contact_density(apart_s: npt.NDArray[np.floating], step_s: float) -> npt.NDArray[np.floating]:
    """Density (..., bins), 0 to 1, of contacts that lie `apart_s` (..., bins, contacts) from the bins' moments.

    It is 1 at a contact and falls to 0 at the next bin, `step_s` away; 0 without contacts.
    """
    return np.asarray(np.clip(1 - np.abs(apart_s) / step_s, 0, 1).max(-1, initial=0.0))
