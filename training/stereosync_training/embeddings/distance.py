"""Frechet distance between two sets of embeddings, each taken as a Gaussian.

Source: M. Heusel et al., "GANs trained by a two time-scale update rule", arXiv 1706.08500, equation 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stereosync.errors import UserError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Gaussian:
    """`mean` (d,) and `root` (at most d, d), whose product `root.T @ root` is the covariance, exactly."""

    mean: FloatArray
    root: FloatArray

    @staticmethod
    def fit(embeddings: npt.NDArray[np.floating]) -> Gaussian:
        """The Gaussian of embeddings (n, d).

        Raises:
            ValueError: fewer than two.
        """
        if len(embeddings) < 2:
            raise UserError(f"a Gaussian needs two embeddings or more, got {len(embeddings)}; give longer sounds")
        values = np.asarray(embeddings, dtype=np.float64)
        mean = values.mean(axis=0)
        root = (values - mean) / np.sqrt(len(values) - 1)
        return Gaussian(mean, np.asarray(np.linalg.qr(root, mode="r")) if len(root) > root.shape[1] else root)


def frechet(one: Gaussian, two: Gaussian) -> float:
    """Frechet distance between two Gaussians of equal dimension; 0 or more.

    The trace of the root of a product of covariances A'A and B'B is the sum of the singular values of AB': exact also
    for fewer embeddings than dimensions, where a matrix root of the singular product is not.
    """
    shared = float(np.linalg.svd(one.root @ two.root.T, compute_uv=False).sum())
    spread = float(np.square(one.root).sum() + np.square(two.root).sum())
    apart = float(np.square(one.mean - two.mean).sum())
    return max(apart + spread - 2 * shared, 0.0)


def frechet_distance(one: npt.NDArray[np.floating], two: npt.NDArray[np.floating]) -> float:
    """Frechet distance between embeddings (n, d) and (m, d)."""
    return frechet(Gaussian.fit(one), Gaussian.fit(two))
