"""Golden messages with something in their header changed."""

from __future__ import annotations

from typing import Any

import msgpack

from stereosync_bridge import wire
from stereosync_bridge.golden import messages

MESSAGES = messages()


def header_of(name: str) -> dict[str, Any]:
    header: dict[str, Any] = msgpack.unpackb(wire.encode(MESSAGES[name])[0])
    return header


def decode_changed(name: str, **changes: object) -> wire.Message:
    """Decode a golden message whose header was changed; `a__0__b` names field b of the first of array a."""
    header = header_of(name)
    for path, value in changes.items():
        *parents, last = (int(key) if key.isdigit() else key for key in path.split("__"))
        group: Any = header
        for parent in parents:
            group = group[parent]
        group[last] = value
    return wire.decode([msgpack.packb(header), *wire.encode(MESSAGES[name])[1:]])
