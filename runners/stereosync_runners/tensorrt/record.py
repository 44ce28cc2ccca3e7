"""The record beside a kept engine, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from stereosync_runners.tensorrt.bindings import Binding, Bindings
from stereosync_runners.tensorrt.keys import EngineKey


@dataclass(frozen=True)
class Record:
    """The record of a kept engine: its key, the hash and size of its file, how long it took to build from a graph file
    of `graph_bytes`, and its tensors."""

    key: EngineKey
    sha256: str
    size_bytes: int
    build_s: float
    graph_bytes: int
    bindings: Bindings


def to_json(record: Record) -> str:
    """The record's text."""
    return json.dumps(asdict(record), indent=2)


def from_json(text: str) -> Record:
    """The record that `to_json` wrote.

    Raises:
        ValueError: it is no such text.
    """
    try:
        return _record(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it lacks or mistakes {error}") from error


def _record(fields: dict[str, Any]) -> Record:
    bindings = tuple(Binding(**{**one, "shape": tuple(one["shape"])}) for one in fields["bindings"])
    return Record(
        key=EngineKey(**fields["key"]),
        sha256=str(fields["sha256"]),
        size_bytes=int(fields["size_bytes"]),
        build_s=float(fields["build_s"]),
        graph_bytes=int(fields["graph_bytes"]),
        bindings=bindings,
    )
