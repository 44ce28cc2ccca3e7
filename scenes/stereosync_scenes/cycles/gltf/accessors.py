"""Accessors as arrays: of every component type, interleaved, normalised, sparse."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync.errors import UserError
from stereosync_scenes.cycles.gltf.container import GltfFile
from stereosync_scenes.plan import FloatArray

TYPES: dict[int, type[np.generic]] = {
    5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32,
}  # fmt: skip
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
MOST_NUMBERS = 20_000_000  # of one accessor; a file of some bytes can ask for any amount of zeros

Numbers = npt.NDArray[Any]


def read_accessor(file: GltfFile, index: int, width: int) -> FloatArray:
    """The accessor's elements (N, width) as floats; integers that are marked as normalised become -1 to 1.

    Raises:
        UserError: its bytes are not all there, or it has another width.
    """
    accessor = file.all_of("accessors")[index]
    count, kind = int(accessor["count"]), TYPES[accessor["componentType"]]
    if WIDTHS.get(accessor["type"]) != width or not 0 < count * width <= MOST_NUMBERS:
        raise UserError(f"accessor {index} has {count} elements of the type {accessor['type']}: export the file again")
    if "bufferView" in accessor:
        values = _viewed(file, accessor["bufferView"], int(accessor.get("byteOffset", 0)), kind, count, width)
    else:
        values = np.zeros((count, width), kind)
    if "sparse" in accessor:
        values = _with_sparse(file, accessor["sparse"], values)
    floats = values.astype(np.float64)
    if accessor.get("normalized") and values.dtype.kind in "iu":
        floats = np.maximum(floats / np.iinfo(values.dtype).max, -1.0)
    return np.asarray(floats)


def _viewed(file: GltfFile, view_index: int, offset: int, kind: type[np.generic], count: int, width: int) -> Numbers:
    view = file.all_of("bufferViews")[view_index]
    data = file.buffer(int(view["buffer"]))
    size = np.dtype(kind).itemsize * width
    stride = int(view.get("byteStride", size))
    begin, length = int(view.get("byteOffset", 0)), int(view["byteLength"])
    end = offset + stride * (count - 1) + size  # within the view
    if min(begin, offset, length) < 0 or stride < size or end > length or begin + length > len(data):
        raise UserError("an accessor reaches beyond its buffer: the file is damaged; export it again")
    return np.ndarray((count, width), kind, data, begin + offset, (stride, np.dtype(kind).itemsize))


def _with_sparse(file: GltfFile, sparse: dict[str, Any], values: Numbers) -> Numbers:
    count, where, what = int(sparse["count"]), sparse["indices"], sparse["values"]
    if not 0 < count <= len(values):
        raise UserError("a sparse accessor has more elements than there are: export the file again")
    kind, width = values.dtype.type, values.shape[1]
    rows = _viewed(file, where["bufferView"], int(where.get("byteOffset", 0)), TYPES[where["componentType"]], count, 1)
    new = _viewed(file, what["bufferView"], int(what.get("byteOffset", 0)), kind, count, width)
    changed = np.array(values)
    changed[rows[:, 0]] = new
    return changed
