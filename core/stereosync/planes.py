"""The pictures among the cues: the whole frame at model size, and a crop of each character's lower body."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from stereosync.cue_spec import FARTHEST_M, NEAREST_M, CueSpec
from stereosync.resample import area_weights, resample, signed_to_uint8, to_uint8, whole_weights
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

ScalarT = TypeVar("ScalarT", bound=np.generic)


def encode_picture(
    spec: CueSpec, frame: SceneFrame, previous_luma: Float32Array | None
) -> tuple[UInt8Array, Float32Array]:
    """The whole picture as (7, H, W) uint8 planes, and its luma (H, W) in [0, 1]."""
    rows = whole_weights(spec.picture_height_px, frame.height_px)
    columns = whole_weights(spec.picture_width_px, frame.width_px)
    colour = resample(frame.picture, rows, columns) / np.float32(255)  # (3, H, W)
    luma = _luma(colour)
    depth, known = _depth_planes(spec, frame.depth_m)
    picture = np.empty(spec.picture_shape, dtype=np.uint8)
    picture[:3] = to_uint8(colour)
    picture[3] = to_uint8(depth)
    picture[4] = to_uint8(known)
    picture[5] = to_uint8(_box_plane(spec, frame))
    picture[6] = signed_to_uint8(_difference(luma, previous_luma))
    return picture, luma


def encode_crop(
    spec: CueSpec, frame: SceneFrame, box: Box, depth_m: float, previous_luma: Float32Array | None
) -> tuple[UInt8Array, Float32Array, tuple[float, float, float]]:
    """Lower-body crop (5, P, P) uint8 around a box, its luma (P, P) in [0, 1], and `leg_features`."""
    side = max(CROP_SIDE_IN_HEIGHTS * (box.y1 - box.y0), 1.0)
    top = box.y1 + CROP_BELOW_IN_HEIGHTS * (box.y1 - box.y0) - side
    left = (box.x0 + box.x1 - side) / 2
    x_scale, y_scale = frame.depth_m.shape[1] / frame.width_px, frame.depth_m.shape[0] / frame.height_px
    pixels, rows, columns = _region(spec, frame.picture, (left, top, left + side, top + side))
    colour = resample(pixels, rows, columns) / np.float32(255)  # (3, P, P)
    luma = _luma(colour)
    depth_region = (left * x_scale, top * y_scale, (left + side) * x_scale, (top + side) * y_scale)
    depth, rows, columns = _region(spec, frame.depth_m[..., None], depth_region)
    crop = np.empty(spec.crops_shape[1:], dtype=np.uint8)
    crop[:3] = to_uint8(colour)
    relative = resample(_relative_depth(depth, depth_m), rows, columns)[0]
    difference = _difference(luma, previous_luma)
    crop[3] = signed_to_uint8(relative)
    crop[4] = signed_to_uint8(difference)
    return crop, luma, leg_features(relative, difference, depth_m)


def leg_features(relative_depth: Float32Array, difference: Float32Array, depth_m: float) -> tuple[float, float, float]:
    """How the legs stand in the crop of one character, and how much moves there.

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
    motion = float(np.abs(difference[round(LEGS_FROM * size) : round(MOTION_TO * size)]).mean())
    rows = relative_depth[round(LEGS_FROM * size) : round(LEGS_TO * size)]
    behind = np.sort(rows, axis=1)[:, round(BEHIND_SHARE * size), None]
    legs = (np.abs(rows) < min(REACH_M / depth_m, 0.35)) & (rows < behind - min(CLEARANCE_M / depth_m, 0.06))
    columns = legs.sum(axis=0, dtype=np.float64)  # (P,)
    if columns.sum() < FEWEST_LEG_PIXELS:
        return 0.0, 0.0, motion
    across = (np.arange(size) + 0.5) / size - 0.5
    centre = float(columns @ across / columns.sum())
    spread = float(np.sqrt(columns @ (across - centre) ** 2 / columns.sum()))
    left, right = rows[legs & (across < centre)], rows[legs & (across >= centre)]
    split_m = float(right.mean() - left.mean()) * depth_m if len(left) and len(right) else 0.0
    return spread, min(max(split_m, -1.0), 1.0), motion


def _luma(colour: Float32Array) -> Float32Array:
    luma: Float32Array = LUMA[0] * colour[0] + LUMA[1] * colour[1] + LUMA[2] * colour[2]
    return luma


def _difference(luma: Float32Array, previous_luma: Float32Array | None) -> Float32Array:
    return np.zeros_like(luma) if previous_luma is None else DIFFERENCE_GAIN * (luma - previous_luma)


def _region(
    spec: CueSpec, image: npt.NDArray[ScalarT], corners: tuple[float, float, float, float]
) -> tuple[npt.NDArray[ScalarT], Float32Array, Float32Array]:
    """The pixels of `image` (H, W, C) that a square touches, and the weights that average it to (P, P)."""
    x0, y0, x1, y1 = corners
    rows, columns = _touched(y0, y1, image.shape[0]), _touched(x0, x1, image.shape[1])
    part = image[rows, columns]
    row_weights = area_weights(y0 - rows.start, y1 - rows.start, spec.crop_px, part.shape[0])
    column_weights = area_weights(x0 - columns.start, x1 - columns.start, spec.crop_px, part.shape[1])
    return part, row_weights, column_weights


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
    bounded = np.clip(np.where(known, depth_m, np.float32(NEAREST_M)), NEAREST_M, FARTHEST_M)
    pair = np.empty((*depth_m.shape, 2), dtype=np.float32)
    pair[..., 0] = np.log(bounded / NEAREST_M) / LOG_DEPTH_RANGE  # zero where unknown
    pair[..., 1] = known
    weighted, share = resample(pair, rows, columns)
    return np.where(share > 0, weighted / np.maximum(share, 1e-6), np.float32(1.0)), share


def _box_plane(spec: CueSpec, frame: SceneFrame) -> Float32Array:
    """Share of each model pixel covered by a box, (H, W)."""
    plane = np.zeros((spec.picture_height_px, spec.picture_width_px), dtype=np.float32)
    x_scale, y_scale = spec.picture_width_px / frame.width_px, spec.picture_height_px / frame.height_px
    for box in frame.boxes:
        rows = _span_cover(box.y0 * y_scale, box.y1 * y_scale, spec.picture_height_px)
        columns = _span_cover(box.x0 * x_scale, box.x1 * x_scale, spec.picture_width_px)
        np.maximum(plane, rows[:, None] * columns[None, :], out=plane)
    return plane


def _span_cover(start: float, stop: float, size: int) -> Float32Array:
    pixels = np.arange(size)
    cover: Float32Array = np.clip(np.minimum(stop, pixels + 1) - np.maximum(start, pixels), 0.0, 1.0).astype(np.float32)
    return cover
