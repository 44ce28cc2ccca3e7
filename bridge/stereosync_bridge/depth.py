"""Depth buffers of every engine to planar metres (distance along the optical axis), rows from the top.

The formulas are those of PROTOCOL.md, "Depth encodings". n and f are the clip distances in engine units, d the value
in the buffer.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from stereosync.scene import Float32Array
from stereosync_bridge.errors import BAD_VALUE, WireError
from stereosync_bridge.frame_message import CameraSpec, DepthSpec

Float64Array = npt.NDArray[np.float64]
Decoder = Callable[[Float64Array, float, float], Float64Array]

RANGE_TOLERANCE = 1e-3  # float16 storage and an engine's own rounding
CARLA_FAR_M = 1000.0
CARLA_STEPS = 2.0**24 - 1

UNIT_DECODERS: dict[str, Decoder] = {
    "linear01": lambda d, _n, f: f * d,
    "linear01_near": lambda d, n, f: n + d * (f - n),
    "orthographic": lambda d, n, f: n + d * (f - n),
    "orthographic_reversed": lambda d, n, f: f - d * (f - n),
    "standard": lambda d, n, f: n * f / (f - d * (f - n)),
    "opengl_ndc": lambda d, n, f: 2 * n * f / ((f + n) - d * (f - n)),
    "reversed": lambda d, n, f: n * f / (n + d * (f - n)),
    "reversed_infinite": lambda d, n, _f: n / d,
}


def decode_depth(spec: DepthSpec, camera: CameraSpec, payload: bytes, aspect: float) -> Float32Array:
    """Planar metres of a depth buffer, (h, w) float32, rows from the top; inf where nothing was hit.

    `aspect` is the picture's width / height; it is used for radial distances only.

    Raises:
        WireError: a value is NaN, or outside what its encoding can hold.
    """
    with np.errstate(all="ignore"):  # dividing by zero at infinity is what these encodings are made for
        stored = _stored_values(spec, payload)
        values = stored if spec.row_origin == "top" else stored[::-1]
        _check_values(values, spec.encoding)
        depth_m = _planar(values, spec, camera)
        if spec.radial:
            depth_m = depth_m / _radial_factor(depth_m.shape, camera, aspect)
        return np.ascontiguousarray(depth_m, dtype=np.float32)


def _stored_values(spec: DepthSpec, payload: bytes) -> Float64Array:
    """(h, w) numbers of the buffer, scaled."""
    if spec.encoding == "carla24":
        return _carla_values(spec, payload)
    dtype = np.dtype(spec.dtype).newbyteorder("<")
    values = np.frombuffer(payload, dtype).reshape(spec.height_px, spec.width_px)
    return values.astype(np.float64) * spec.scale


def _carla_values(spec: DepthSpec, payload: bytes) -> Float64Array:
    """(h, w) in [0, 1]: red holds the low byte, blue the high one."""
    channels = 3 if spec.dtype == "rgb8" else 4
    pixels = np.frombuffer(payload, np.uint8).reshape(spec.height_px, spec.width_px, channels).astype(np.float64)
    red, green, blue = (0, 1, 2) if spec.dtype == "rgb8" else (2, 1, 0)
    return (pixels[..., red] + 256 * pixels[..., green] + 65536 * pixels[..., blue]) / CARLA_STEPS


def _limits(encoding: str) -> tuple[float, float]:
    """Lowest and highest value of an encoding; +inf is sky, and only a linear buffer can say it."""
    if encoding == "inverse_projection":
        return -np.finfo(np.float64).max, np.finfo(np.float64).max
    if encoding == "linear":
        return 0.0, np.inf
    return (-1.0, 1.0) if encoding == "opengl_ndc" else (0.0, 1.0)


def _check_values(values: Float64Array, encoding: str) -> None:
    low, high = float(values.min()), float(values.max())
    if np.isnan(low):
        raise WireError(BAD_VALUE, "depth", "must not hold NaN; where nothing was hit, send the far plane or +inf")
    lowest, highest = _limits(encoding)
    if low < lowest - RANGE_TOLERANCE or high > highest + RANGE_TOLERANCE:
        rule = f"encoding {encoding} holds {lowest:g} to {highest:g}, got {low:.4g} to {high:.4g}"
        raise WireError(BAD_VALUE, "depth", rule)


def _planar(values: Float64Array, spec: DepthSpec, camera: CameraSpec) -> Float64Array:
    """(h, w) metres, before any radial correction."""
    if spec.encoding == "linear":
        return camera.metres_per_unit * values
    if spec.encoding == "carla24":
        return CARLA_FAR_M * values
    if spec.encoding == "inverse_projection":
        return camera.metres_per_unit * _unproject(values, spec)
    inside = np.clip(values, *_limits(spec.encoding))
    return camera.metres_per_unit * UNIT_DECODERS[spec.encoding](inside, camera.near, camera.far)


def _unproject(values: Float64Array, spec: DepthSpec) -> Float64Array:
    """(h, w) distance along -z of view space, through the inverse 4x4 projection."""
    height, width = values.shape
    matrix = np.asarray(spec.inverse_projection, dtype=np.float64).reshape(4, 4)
    x = (2 * (np.arange(width) + 0.5) / width - 1)[None, :]  # (1, w)
    y = (1 - 2 * (np.arange(height) + 0.5) / height)[:, None]  # (h, 1)
    z_row, w_row = (row[0] * x + row[1] * y + row[2] * values + row[3] for row in matrix[2:])
    planar = -z_row / w_row
    return np.where(np.isfinite(planar) & (planar > 0), planar, np.inf)


def _radial_factor(shape: tuple[int, ...], camera: CameraSpec, aspect: float) -> Float64Array:
    """(h, w) ratio of a pixel's distance from the camera to its distance along the axis."""
    height, width = shape
    tan_half_v, tan_half_h = half_tangents(camera, aspect)
    x = ((2 * (np.arange(width) + 0.5) / width - 1) * tan_half_h)[None, :]
    y = ((1 - 2 * (np.arange(height) + 0.5) / height) * tan_half_v)[:, None]
    return np.asarray(np.sqrt(1 + x**2 + y**2), dtype=np.float64)


def half_tangents(camera: CameraSpec, aspect: float) -> tuple[float, float]:
    """tan(fov/2) vertically and horizontally: tan(h/2) = aspect * tan(v/2)."""
    tangent = float(np.tan(np.radians(camera.fov_deg) / 2))
    return (tangent, tangent * aspect) if camera.fov_axis == "vertical" else (tangent / aspect, tangent)


def looks_reversed(depth_m: Float32Array, spec: DepthSpec, camera: CameraSpec) -> bool:
    """Whether a perspective buffer was probably read the wrong way round.

    Then nearly everything lies at the near plane, and the picture's upper half seems nearer than its lower half.
    """
    if spec.encoding not in ("standard", "opengl_ndc", "reversed", "reversed_infinite"):
        return False
    near_m = camera.near * camera.metres_per_unit
    half = max(1, depth_m.shape[0] // 2)
    upper, lower = float(np.median(depth_m[:half])), float(np.median(depth_m[-half:]))
    return float(np.median(depth_m)) < 2 * near_m and upper <= lower
