"""Animation channels: values of a node's translation, rotation or scale at any times."""

from __future__ import annotations

import numpy as np

from stereosync.errors import UserError
from stereosync_scenes.cycles.gltf.accessors import read_accessor
from stereosync_scenes.cycles.gltf.container import GltfFile
from stereosync_scenes.plan import FloatArray

WIDTHS = {"translation": 3, "rotation": 4, "scale": 3}
NEARLY_SAME = 0.9995  # cosine of half an angle below which quaternions are blended along the arc


class Channel:
    """One sampler on its way to a node's property."""

    def __init__(self, file: GltfFile, sampler: dict[str, object], path: str) -> None:
        self.rotates = path == "rotation"
        self.how = str(sampler.get("interpolation", "LINEAR"))
        self.times_s = read_accessor(file, int(sampler["input"]), 1)[:, 0]  # type: ignore[call-overload]
        values = read_accessor(file, int(sampler["output"]), WIDTHS[path])  # type: ignore[call-overload]
        cubic = self.how == "CUBICSPLINE"
        if self.how not in ("LINEAR", "STEP", "CUBICSPLINE") or len(values) != len(self.times_s) * (3 if cubic else 1):
            raise UserError(
                f"an animation has {len(values)} values of {len(self.times_s)} keys, {self.how}: export again"
            )
        if not (np.isfinite(self.times_s).all() and (np.diff(self.times_s) >= 0).all()):
            raise UserError("the times of an animation's keys do not ascend: export it again")
        self.keys = values.reshape(len(self.times_s), -1, WIDTHS[path])  # of a cubic: tangent in, value, tangent out

    def at(self, times_s: FloatArray) -> FloatArray:
        """Values (F, W) at times (F,); before the first key and after the last it stands."""
        values = self.keys[:, self.keys.shape[1] // 2]
        if len(self.times_s) == 1:
            return np.repeat(values, len(times_s), axis=0)
        before = np.clip(np.searchsorted(self.times_s, times_s, side="right") - 1, 0, len(self.times_s) - 2)
        span = np.diff(self.times_s)[before]
        share = np.clip((times_s - self.times_s[before]) / np.where(span > 0, span, 1.0), 0.0, 1.0)[:, None]
        first, second = values[before], values[before + 1]
        if self.how == "STEP":
            return np.asarray(np.where(share >= 1, second, first))
        if self.how == "CUBICSPLINE":
            out, into = self.keys[before, 2] * span[:, None], self.keys[before + 1, 0] * span[:, None]
            return _unit(_hermite(first, out, second, into, share), self.rotates)
        return _slerp(first, second, share) if self.rotates else np.asarray(first + share * (second - first))


def _hermite(first: FloatArray, out: FloatArray, second: FloatArray, into: FloatArray, share: FloatArray) -> FloatArray:
    square, cube = share**2, share**3
    left, right = (2 * cube - 3 * square + 1) * first, (3 * square - 2 * cube) * second
    return np.asarray(left + (cube - 2 * square + share) * out + right + (cube - square) * into)


def _slerp(first: FloatArray, second: FloatArray, share: FloatArray) -> FloatArray:
    """Quaternions (F, 4) on the shorter arc."""
    first, second = _unit(first, True), _unit(second, True)
    cosine = (first * second).sum(axis=1, keepdims=True)
    second, cosine = np.where(cosine < 0, -second, second), np.minimum(np.abs(cosine), 1.0)
    angle = np.arccos(cosine)
    along = np.maximum(np.sin(angle), 1e-9)
    near = cosine > NEARLY_SAME
    left = np.where(near, 1 - share, np.sin((1 - share) * angle) / along)
    right = np.where(near, share, np.sin(share * angle) / along)
    return _unit(left * first + right * second, True)


def _unit(values: FloatArray, rotates: bool) -> FloatArray:
    if not rotates:
        return values
    return np.asarray(values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12))
