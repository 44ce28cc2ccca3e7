"""The parts of a glTF file: its document, and the bytes of its buffers: a GLB chunk, a data URI, a file beside it."""

from __future__ import annotations

import base64
import binascii
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from stereosync.errors import UserError

LISTS = ("accessors", "animations", "buffers", "bufferViews", "meshes", "nodes", "skins")
MAGIC, VERSION = b"glTF", 2
JSON_CHUNK, BIN_CHUNK = 0x4E4F534A, 0x004E4942
HEADER, CHUNK_HEADER = struct.Struct("<4sII"), struct.Struct("<II")
# What a file may require that leaves points and their motion as they are.
HARMLESS = (
    "KHR_materials_", "KHR_texture_", "KHR_lights_", "KHR_xmp", "EXT_texture_", "EXT_lights_", "MSFT_texture", "VRM",
)  # fmt: skip
READ = {"KHR_mesh_quantization"}
COMPRESSED = {"KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_meshopt_compression"}


@dataclass(frozen=True, eq=False)
class GltfFile:
    """A document with access to its buffers."""

    path: Path
    document: dict[str, Any]
    chunk: bytes | None
    _kept: dict[int, bytes] = field(default_factory=dict)

    def all_of(self, name: str) -> list[dict[str, Any]]:
        """The document's list of a name, such as "nodes"."""
        return self.document.get(name) or []

    def buffer(self, index: int) -> bytes:
        """The bytes of a buffer.

        Raises:
            UserError: they are not there, or too few.
        """
        if index not in self._kept:
            self._kept[index] = self._read(self.all_of("buffers")[index])
        return self._kept[index]

    def _read(self, buffer: dict[str, Any]) -> bytes:
        uri, length = buffer.get("uri"), int(buffer["byteLength"])
        if uri is None:
            found = self.chunk or b""
        elif str(uri).startswith("data:"):
            found = _decoded(str(uri))
        else:
            found = self._beside(str(uri))
        if len(found) < length:
            raise UserError(f"a buffer has {len(found)} of its {length} bytes: the file is cut off; export it again")
        return found[:length]

    def _beside(self, uri: str) -> bytes:
        name = unquote(uri)
        place = self.path.parent / name
        if "://" in name or "\0" in name or not place.is_file():
            raise UserError(f"its buffer {name!r} is not there: copy it beside the file, or export as .glb")
        return place.read_bytes()


def open_gltf(path: Path) -> GltfFile:
    """A .gltf or .glb file.

    Raises:
        UserError: it is damaged, of another version, or needs what is not read here.
    """
    data = path.read_bytes()
    text, chunk = _chunks(data) if data[:4] == MAGIC else (data, None)
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UserError(f"it is no whole glTF ({error}): export it again") from error
    version = document.get("asset", {}).get("version") if isinstance(document, dict) else None
    if not str(version).startswith(f"{VERSION}."):
        raise UserError(f"it is glTF of version {version}, and version 2.0 is read: export it as glTF 2.0")
    for name in LISTS:
        found = document.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise UserError(f"its {name} are no list of objects: export it again")
    _check_extensions(document)
    return GltfFile(path, document, chunk)


def _chunks(data: bytes) -> tuple[bytes, bytes | None]:
    """The JSON and the binary chunk of a GLB file."""
    if len(data) < HEADER.size + CHUNK_HEADER.size or HEADER.unpack_from(data)[2] > len(data):
        raise UserError("it is cut off: export or copy it again")
    version = HEADER.unpack_from(data)[1]
    if version != VERSION:
        raise UserError(f"it is a GLB of version {version}, and version {VERSION} is read: export it as glTF 2.0")
    found: dict[int, bytes] = {}
    at = HEADER.size
    while at + CHUNK_HEADER.size <= len(data):
        length, kind = CHUNK_HEADER.unpack_from(data, at)
        at += CHUNK_HEADER.size
        if at + length > len(data):
            raise UserError("it is cut off: export or copy it again")
        found.setdefault(kind, data[at : at + length])
        at += length
    if JSON_CHUNK not in found:
        raise UserError("it is a GLB without a JSON chunk: export it again")
    return found[JSON_CHUNK], found.get(BIN_CHUNK)


def _check_extensions(document: dict[str, Any]) -> None:
    required = document.get("extensionsRequired", [])
    for name in map(str, required if isinstance(required, list) else []):
        if name in COMPRESSED:
            raise UserError(f"it is compressed with {name}, which is not read: export it without compression")
        if name not in READ and not name.startswith(HARMLESS):
            raise UserError(f"it needs the extension {name}, which is not read: export it without")


def _decoded(uri: str) -> bytes:
    head, _, body = uri.partition(",")
    if not head.endswith(";base64"):
        raise UserError("a buffer's data URI is not base64: export it again")
    try:
        return base64.b64decode(unquote(body), validate=True)
    except binascii.Error as error:
        raise UserError(f"a buffer's data URI is damaged ({error}): export it again") from error
