"""One file for the large tensors of all graphs of a bundle: whatever forms a graph has, its weights are there once.

Float32 tensors whose values float16 holds exactly are stored so, behind a Cast that the runtime computes once at load.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from stereosync_export.rewrite import replace_nodes

FILE = "weights.bin"
SMALL_TENSOR = 1024  # values; smaller ones stay in their graph
ALIGNMENT = 64  # bytes; a line of cache

Array = npt.NDArray[Any]
Place = tuple[int, int]  # offset and length in bytes


class WeightStore:
    """Appends tensors to a file; equal ones once."""

    def __init__(self, path: Path, stored: bytes = b"") -> None:
        self.path = path
        path.write_bytes(stored)
        self._places: dict[str, Place] = {}
        self._rounded: dict[str, str] = {}  # digest of what float16 makes of a float32 tensor -> digest of that tensor

    @classmethod
    def of(cls, path: Path, models: Sequence[Any]) -> WeightStore:
        """A file's store: it goes on behind, and knows what `models` without their weights refer to."""
        stored = path.read_bytes()
        store = cls(path, stored)
        for model in models:
            for tensor in model.graph.initializer:
                if tensor.data_location == TensorProto.EXTERNAL:
                    place = {entry.key: entry.value for entry in tensor.external_data}
                    offset, length = int(place["offset"]), int(place["length"])
                    kind = helper.tensor_dtype_to_np_dtype(tensor.data_type)
                    values = np.frombuffer(stored[offset : offset + length], kind).reshape(tuple(tensor.dims))
                    store._places[_digest(values)] = (offset, length)
        return store

    def place(self, values: Array) -> Place:
        """The place of `values`, written if they are new."""
        key = _digest(values)
        if key not in self._places:
            size = self.path.stat().st_size
            offset = -(-size // ALIGNMENT) * ALIGNMENT
            with self.path.open("ab") as file:
                file.write(b"\0" * (offset - size) + values.tobytes())
            self._places[key] = (offset, values.nbytes)
        return self._places[key]

    def place_float32(self, values: Array) -> Place:
        """The place of `values`, remembered as what a rounded copy may be made of."""
        self._rounded[_digest(rounded(values))] = _digest(values)
        return self.place(values)

    def place_of_whole(self, half: Array) -> Place | None:
        """The place of the float32 tensor that rounds to `half`, if it is here."""
        whole = self._rounded.get(_digest(half))
        return None if whole is None else self._places[whole]


def _digest(values: Array) -> str:
    return hashlib.sha256(f"{values.dtype}{values.shape}".encode() + values.tobytes()).hexdigest()


def rounded(values: Array) -> Array:
    """`values` as float16; what does not fit becomes infinite."""
    with np.errstate(over="ignore"):
        half: Array = values.astype(np.float16)
    return half


def share_weights(model: Any, store: WeightStore) -> None:
    """Move the graph's large float tensors into `store`."""
    casts, kept = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type == TensorProto.FLOAT and values.size >= SMALL_TENSOR:
            casts += _share_float32(tensor, values, store)
        elif tensor.data_type == TensorProto.FLOAT16 and values.size >= SMALL_TENSOR:
            casts += _share_float16(tensor, values, store)
        kept.append(tensor)
    replace_nodes(model, [*casts, *model.graph.node])


def _share_float32(tensor: Any, values: Array, store: WeightStore) -> list[Any]:
    half = rounded(values)
    if np.array_equal(half.astype(np.float32), values):
        return [_behind_cast(tensor, store.place(half), TensorProto.FLOAT16, TensorProto.FLOAT)]
    _refer(tensor, store.place_float32(values))
    return []


def _share_float16(tensor: Any, values: Array, store: WeightStore) -> list[Any]:
    whole = store.place_of_whole(values)
    if whole is not None:
        return [_behind_cast(tensor, whole, TensorProto.FLOAT, TensorProto.FLOAT16)]
    _refer(tensor, store.place(values))
    return []


def _behind_cast(tensor: Any, place: Place, stored: int, wanted: int) -> Any:
    """Refer to the stored tensor under another name, and give the wanted one by a Cast."""
    name = tensor.name
    tensor.name, tensor.data_type = f"{name}.stored", stored
    _refer(tensor, place)
    return helper.make_node("Cast", [tensor.name], [name], to=wanted, name=f"{name}.cast")


def _refer(tensor: Any, place: Place) -> None:
    offset, length = place
    for field in ("raw_data", "float_data", "int32_data"):
        tensor.ClearField(field)
    tensor.data_location = TensorProto.EXTERNAL
    del tensor.external_data[:]
    for key, value in (("location", FILE), ("offset", offset), ("length", length)):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, str(value)
