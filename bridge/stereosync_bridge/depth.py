"""Depth buffers of every engine to planar metres (distance along the optical axis), rows from the top.

The formulas are those of PROTOCOL.md, "Depth encodings". n and f are the clip distances in engine units, d the value
in the buffer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync.scene import Float32Array
from stereosync_bridge.errors import BAD_VALUE, WireError
from stereosync_bridge.frame_message import PICTURE_CHANNELS, CameraSpec, DepthSpec, Payload
from stereosync_bridge.thinning import Indices, nearest, thinned_size

Float64Array = npt.NDArray[np.float64]
Decoder = Callable[[Float64Array, float, float], Float64Array]

RANGE_TOLERANCE = 1e-3  # float16 storage and an engine's own rounding
CARLA_FAR_M = 1000.0
CARLA_STEPS = 2.0**24 - 1
PERSPECTIVE = ("standard", "opengl_ndc", "reversed", "reversed_infinite", "inverse_projection")
EMPTY_SHARE = {"linear01": 0.7, "linear01_near": 0.7, "orthographic": 0.9, "orthographic_reversed": 0.9}  # of far
PIXELS_ASKED = 160  # a side; enough to judge a buffer by

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


def decode_depth(spec: DepthSpec, camera: CameraSpec, payload: Payload, aspect: float) -> Float32Array:
    """Planar metres of a depth buffer, (h, w) float32, rows from the top; inf where nothing was hit.

    A buffer larger than `LARGEST_SIDE_PX` is thinned first, to the pixels that `thinning.nearest` names: a mean over an
    edge would be a depth where nothing is. `aspect` is the picture's width / height, for radial distances.

    Raises:
        WireError: a value is NaN, or outside what its encoding can hold.
    """
    grid = _grid_of(spec)
    with np.errstate(all="ignore"):  # dividing by zero at infinity is what these encodings are made for
        values = _stored_values(spec, payload, grid)
        _check_values(values, spec.encoding)
        depth_m = _planar(values, spec, camera, grid)
        if spec.radial:
            depth_m = depth_m / _radial_factor(grid, camera, aspect)
        return np.ascontiguousarray(depth_m, dtype=np.float32)


@dataclass(frozen=True)
class Grid:
    """The pixels of a buffer that are read: rows from the top, columns from the left."""

    rows: Indices
    columns: Indices
    height_px: int
    width_px: int

    @property
    def x(self) -> Float64Array:
        """(1, w) of the pixels' centres, -1 at the left edge to 1 at the right one."""
        return (2 * (self.columns + 0.5) / self.width_px - 1)[None, :]

    @property
    def y(self) -> Float64Array:
        """(h, 1) of the pixels' centres, 1 at the upper edge to -1 at the lower one."""
        return (1 - 2 * (self.rows + 0.5) / self.height_px)[:, None]

    def read(self, image: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The pixels (h, w, ...) of a whole image, whose rows come from the top."""
        if image.shape[:2] == (len(self.rows), len(self.columns)):
            return image
        return image[np.ix_(self.rows, self.columns)]


def _grid_of(spec: DepthSpec) -> Grid:
    columns, rows = thinned_size(spec.width_px, spec.height_px)
    return Grid(nearest(rows, spec.height_px), nearest(columns, spec.width_px), spec.height_px, spec.width_px)


def _stored_values(spec: DepthSpec, payload: Payload, grid: Grid) -> Float64Array:
    """(h, w) numbers of the buffer, scaled, rows from the top."""
    carla = spec.encoding == "carla24"
    dtype = np.dtype(np.uint8) if carla else np.dtype(spec.dtype).newbyteorder("<")
    shape = (spec.height_px, spec.width_px, PICTURE_CHANNELS[spec.dtype]) if carla else (spec.height_px, spec.width_px)
    image = np.frombuffer(payload, dtype).reshape(shape)
    read = grid.read(image if spec.row_origin == "top" else image[::-1]).astype(np.float64)
    return _carla_values(read, spec.dtype) if carla else read * spec.scale


def _carla_values(pixels: Float64Array, dtype: str) -> Float64Array:
    """(h, w) in [0, 1]: red holds the low byte, blue the high one."""
    red, green, blue = (0, 1, 2) if dtype == "rgb8" else (2, 1, 0)
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


def _planar(values: Float64Array, spec: DepthSpec, camera: CameraSpec, grid: Grid) -> Float64Array:
    """(h, w) metres, before any radial correction."""
    if spec.encoding == "linear":
        return camera.metres_per_unit * values
    if spec.encoding == "carla24":
        return CARLA_FAR_M * values
    if spec.encoding == "inverse_projection":
        return camera.metres_per_unit * _unproject(values, spec, grid)
    inside = np.clip(values, *_limits(spec.encoding))
    return camera.metres_per_unit * UNIT_DECODERS[spec.encoding](inside, camera.near, camera.far)


def _unproject(values: Float64Array, spec: DepthSpec, grid: Grid) -> Float64Array:
    """(h, w) distance along -z of view space, through the inverse 4x4 projection."""
    matrix = np.asarray(spec.inverse_projection, dtype=np.float64).reshape(4, 4)
    z_row, w_row = (row[0] * grid.x + row[1] * grid.y + row[2] * values + row[3] for row in matrix[2:])
    planar = -z_row / w_row
    return np.where(np.isfinite(planar) & (planar > 0), planar, np.inf)


def _radial_factor(grid: Grid, camera: CameraSpec, aspect: float) -> Float64Array:
    """(h, w) ratio of a pixel's distance from the camera to its distance along the axis."""
    tan_half_v, tan_half_h = half_tangents(camera, aspect)
    factor: Float64Array = np.sqrt(1 + (grid.x * tan_half_h) ** 2 + (grid.y * tan_half_v) ** 2)
    return factor


def half_tangents(camera: CameraSpec, aspect: float) -> tuple[float, float]:
    """tan(fov/2) vertically and horizontally: tan(h/2) = aspect * tan(v/2)."""
    tangent = float(np.tan(np.radians(camera.fov_deg) / 2))
    return (tangent, tangent * aspect) if camera.fov_axis == "vertical" else (tangent / aspect, tangent)


def looks_reversed(depth_m: Float32Array, spec: DepthSpec, camera: CameraSpec) -> bool:
    """True of a buffer that was probably read the wrong way round, or as another encoding: all lies at one clip plane.

    A perspective buffer read so turns z into n z / (z - n): what lies beyond 5 n comes to within 1.25 n, or with
    `opengl_ndc` of 2 n. A linear one turns z into f - z, and so does device depth read as linear: nothing is near.
    """
    step = 1 + max(depth_m.shape) // PIXELS_ASKED
    asked = depth_m[::step, ::step]
    known = asked[np.isfinite(asked) & (asked > 0)]
    if not known.size:
        return False
    near_m, far_m = camera.near * camera.metres_per_unit, camera.far * camera.metres_per_unit
    if spec.encoding in PERSPECTIVE:
        planes_m = (near_m, 2 * near_m) if spec.encoding == "opengl_ndc" else (near_m,)
        low, middle, high = np.quantile(known, (0.1, 0.5, 0.9))
        return any(low > 0.99 * at_m and middle < 1.25 * at_m and high < 2 * at_m for at_m in planes_m)
    hit = known[(known > 1.01 * near_m) & (known < (1 - 1e-6) * far_m)]  # at either plane may be sky
    if spec.encoding not in EMPTY_SHARE or hit.size < asked.size / 5:
        return False
    return bool(np.quantile(hit, 0.1) > EMPTY_SHARE[spec.encoding] * far_m)
