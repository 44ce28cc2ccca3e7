"""The pictures among the cues: the whole frame at model size, and a crop of each character's lower body."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from stereosync.clearance import CropView, clearances
from stereosync.cue_spec import FARTHEST_M, NEAREST_M, CueSpec
from stereosync.resample import area_weights, resample, whole_weights
from stereosync.scene import Box, Float32Array, SceneFrame, UInt8Array
from stereosync.tracks import depth_known

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601
CROP_SIDE_IN_HEIGHTS, CROP_BELOW_IN_HEIGHTS = 0.65, 0.05  # the lower body, a little ground below the feet
DIFFERENCE_GAIN = 4.0
LEGS_FROM, LEGS_TO, MOTION_TO = 0.3, 0.7, 0.9  # rows of the crop: thighs to shins, above the ground at the feet
REACH_M, CLEARANCE_M = 0.8, 0.25  # a leg is this near to the character's depth, and this far before what is behind it
BEHIND_SHARE = 0.8  # a row's depth at this rank is what lies behind
FEWEST_LEG_PIXELS = 4
LOG_DEPTH_RANGE = math.log(FARTHEST_M / NEAREST_M)

FloatArray = npt.NDArray[np.float64]
ScalarT = TypeVar("ScalarT", bound=np.generic)


def encode_picture(
    spec: CueSpec, frame: SceneFrame, previous_luma: Float32Array | None
) -> tuple[UInt8Array, Float32Array]:
    """The whole picture as (7, H, W) uint8 planes, and its luma (H, W) in [0, 1]."""
    height_px, width_px = frame.picture.shape[:2]
    rows = whole_weights(spec.picture_height_px, height_px)
    columns = whole_weights(spec.picture_width_px, width_px)
    planes = np.empty(spec.picture_shape, dtype=np.float32)
    planes[:3] = resample(frame.picture, rows, columns) / np.float32(255)
    planes[3], planes[4] = _depth_planes(spec, frame.depth_m)
    planes[5] = _box_plane(spec, frame)
    luma = _luma(planes)
    planes[6] = signed_to_unit(_difference(luma, previous_luma))
    return to_uint8(planes), luma


class Crops(NamedTuple):
    """Lower bodies of N characters: crops (N, 5, P, P) and their lumas (N, P, P) in [0, 1]; `leg_features` and
    clearance (`clearance.clearances`) of each."""

    planes: UInt8Array
    lumas: Float32Array
    legs: list[tuple[float, float, float]]
    clearance: Float32Array


def encode_crops(
    spec: CueSpec,
    frame: SceneFrame,
    boxes: Sequence[Box],
    depths_m: Sequence[float],
    previous_lumas: Sequence[Float32Array | None],
) -> Crops:
    """The lower bodies in boxes, which are so far away."""
    planes = np.empty((len(boxes), *spec.crops_shape[1:]), dtype=np.float32)
    inside = np.empty((len(boxes), spec.crop_px, spec.crop_px), dtype=np.bool_)
    to_depth = np.divide(frame.depth_m.shape, frame.picture.shape[:2])[::-1]  # x, y
    squares = [_lower_body(box) for box in boxes]
    for plane, seen, square, depth_m in zip(planes, inside, squares, depths_m, strict=True):
        plane[:3] = resample(*_region(spec, frame.picture, square))
        depth, rows, columns = _region(spec, frame.depth_m[..., None], square * to_depth)
        plane[3] = resample(_relative_depth(depth, depth_m), rows, columns)[0]
        seen[:] = np.outer(rows.any(axis=1), columns.any(axis=1))
    planes[:, :3] /= 255
    lumas = _luma(planes)
    for plane, luma, previous in zip(planes, lumas, previous_lumas, strict=True):
        plane[4] = _difference(luma, previous)
    legs = [leg_features(plane[3], plane[4], depth_m) for plane, depth_m in zip(planes, depths_m, strict=True)]
    views = [_view(frame, *given) for given in zip(boxes, squares, depths_m, strict=True)]
    clearance = clearances(planes[:, 3], inside, views, spec.clearance_places)
    planes[:, 3:] = signed_to_unit(planes[:, 3:])
    return Crops(to_uint8(planes), lumas, legs, clearance)


def _view(frame: SceneFrame, box: Box, square: FloatArray, depth_m: float) -> CropView:
    """The view of a box's crop, which is the square (start stop, x y) of the picture."""
    height_px, width_px = frame.picture.shape[:2]
    of_pixel = 2 * frame.camera.tan_half_vertical / height_px
    x, y = square.mean(axis=0) - (width_px / 2, height_px / 2)
    side = square[1, 1] - square[0, 1]
    return CropView(side * of_pixel, x * of_pixel, y * of_pixel, max(box.y1 - box.y0, 1.0) * of_pixel, depth_m)


def leg_features(relative_depth: Float32Array, difference: Float32Array, depth_m: float) -> tuple[float, float, float]:
    """Spread, split and motion of the legs in the crop of one character.

    A loose box does not follow the limbs; the silhouette that the depth shows inside it does. A pixel is of a leg where
    it is about as far as the character and clearly nearer than what lies behind it in its row.

    Args:
        relative_depth, difference: (P, P) as in the crop.
        depth_m: the character's depth.

    Returns:
        Spread: standard deviation across, in crop widths. Split: how much farther the right half of the legs is than
        the left half, in metres, -1 to 1. Motion: mean absolute difference. Spread and split are 0 without a leg.
    """
    size = len(relative_depth)
    moved = np.abs(difference[round(LEGS_FROM * size) : round(MOTION_TO * size)])
    motion = float(moved.sum() / moved.size)
    rows = relative_depth[round(LEGS_FROM * size) : round(LEGS_TO * size)]
    behind = np.sort(rows, axis=1)[:, round(BEHIND_SHARE * size), None]
    legs = (np.abs(rows) < min(REACH_M / depth_m, 0.35)) & (rows < behind - min(CLEARANCE_M / depth_m, 0.06))
    columns = legs.sum(axis=0, dtype=np.float64)  # (P,)
    count = columns.sum()
    if count < FEWEST_LEG_PIXELS:
        return 0.0, 0.0, motion
    across = (np.arange(size) + 0.5) / size - 0.5
    centre = columns @ across / count
    spread = math.sqrt(columns @ (across - centre) ** 2 / count)
    middle = int(np.searchsorted(across, centre))
    on_left = columns[:middle].sum()
    depths = (rows * legs).sum(axis=0, dtype=np.float64)  # (P,)
    if not 0 < on_left < count:
        return spread, 0.0, motion
    split = depths[middle:].sum() / (count - on_left) - depths[:middle].sum() / on_left
    return spread, min(max(float(split) * depth_m, -1.0), 1.0), motion


def _luma(planes: Float32Array) -> Float32Array:
    """Luma (..., H, W) of planes (..., 3 or more, H, W) that begin with red, green and blue."""
    red, green, blue = (planes[..., channel, :, :] for channel in range(3))
    luma: Float32Array = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue
    return luma


def _difference(luma: Float32Array, previous_luma: Float32Array | None) -> Float32Array:
    return np.zeros_like(luma) if previous_luma is None else DIFFERENCE_GAIN * (luma - previous_luma)


def _lower_body(box: Box) -> FloatArray:
    """The square (start stop, x y) of a box's crop, in pixels of the picture."""
    height = box.y1 - box.y0
    side = max(CROP_SIDE_IN_HEIGHTS * height, 1.0)
    left, top = (box.x0 + box.x1 - side) / 2, box.y1 + CROP_BELOW_IN_HEIGHTS * height - side
    return np.array(((left, top), (left + side, top + side)))


def _region(
    spec: CueSpec, image: npt.NDArray[ScalarT], square: FloatArray
) -> tuple[npt.NDArray[ScalarT], Float32Array, Float32Array]:
    """The pixels of `image` (H, W, C) that a square touches, and the weights of rows and columns that average it."""
    (x0, y0), (x1, y1) = square.tolist()
    rows, columns = _touched(y0, y1, image.shape[0]), _touched(x0, x1, image.shape[1])
    part = image[rows, columns]
    height, width = part.shape[:2]
    start, stop = square - (columns.start, rows.start)
    weights = area_weights(start, stop, spec.crop_px, max(width, height))  # (x y, P, pixels)
    return part, weights[1, :, :height], weights[0, :, :width]


def _touched(start: float, stop: float, size: int) -> slice:
    """The pixels that [start, stop) touches; never none, so that a box outside the picture needs no case of its own."""
    return slice(min(max(math.floor(start), 0), size - 1), max(min(math.ceil(stop), size), 1))


def _relative_depth(depth_m: Float32Array, reference_m: float) -> Float32Array:
    """Log of depth over `reference_m`, bounded to +-1; unknown depth is far."""
    bounded = np.where(depth_known(depth_m), depth_m, np.float32(FARTHEST_M))
    relative: Float32Array = np.clip(np.log(bounded / np.float32(reference_m)), -1.0, 1.0)
    return relative


def _depth_planes(spec: CueSpec, depth_m: Float32Array) -> tuple[Float32Array, Float32Array]:
    """Mean log depth of the known pixels scaled to [0, 1] (1 where none is known), and the share of known pixels."""
    rows = whole_weights(spec.picture_height_px, depth_m.shape[0])
    columns = whole_weights(spec.picture_width_px, depth_m.shape[1])
    known = depth_known(depth_m)
    bounded = np.clip(depth_m, NEAREST_M, FARTHEST_M)
    bounded[~known] = NEAREST_M
    scaled = np.log(bounded / NEAREST_M) / LOG_DEPTH_RANGE  # (h, w), zero where unknown
    weighted, share = (resample(plane[..., None], rows, columns)[0] for plane in (scaled, known))
    return np.where(share > 0, weighted / np.maximum(share, 1e-6), np.float32(1.0)), share


def _box_plane(spec: CueSpec, frame: SceneFrame) -> Float32Array:
    """Share of each model pixel covered by a box, (H, W)."""
    height, width = spec.picture_height_px, spec.picture_width_px
    height_px, width_px = frame.picture.shape[:2]
    corners = np.array([((box.x0, box.y0), (box.x1, box.y1)) for box in frame.boxes]).reshape(-1, 2, 2)
    starts, stops = (corners * (width / width_px, height / height_px)).transpose(1, 0, 2)[..., None]
    pixels = np.arange(max(width, height))
    cover = np.minimum(stops, pixels + 1) - np.maximum(starts, pixels)  # (B, x y, pixels)
    columns, rows = np.clip(cover, 0.0, 1.0).astype(np.float32).transpose(1, 0, 2)
    plane: Float32Array = (rows[:, :height, None] * columns[:, None, :width]).max(axis=0, initial=0.0)
    return plane


def to_uint8(unit: npt.NDArray[np.floating]) -> UInt8Array:
    """Values in [0, 1] to 0..255, rounded."""
    scaled = np.clip(unit, 0.0, 1.0)
    scaled *= 255
    scaled += 0.5
    levels: UInt8Array = scaled.astype(np.uint8)
    return levels


def signed_to_unit(signed: Float32Array) -> Float32Array:
    """Values in [-1, 1] to [0, 1]; zero, in the middle, is level 128."""
    return signed * np.float32(0.5) + np.float32(0.5)
