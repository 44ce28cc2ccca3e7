"""The key of an engine: all that it was built from and for. It serves where this is the same, nowhere else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

ANY = "any"
DIGEST_LENGTH = 16  # of the hexadecimal digits of SHA-256

WORDS = {
    "graph_sha256": "the graph",
    "weights_sha256": "its weights",
    "library": "the library",
    "library_version": "the library's version",
    "gpu": "the card",
    "compute_capability": "the compute capability",
    "driver": "the driver",
    "precision": "the precision",
    "profile": "the sizes of batch and pool",
    "options": "the build options",
}


@dataclass(frozen=True)
class EngineKey:
    """All that an engine depends on."""

    graph_sha256: str
    weights_sha256: str  # "" where the weights are in the graph's file
    library: str
    library_version: str
    gpu: str  # `ANY` where it is finished on the card that runs it
    compute_capability: str
    driver: str  # the newest CUDA that the driver serves; `ANY` as for `gpu`
    precision: str
    profile: str
    options: str

    def digest(self) -> str:
        """Short hexadecimal hash of all parts."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:DIGEST_LENGTH]


def differences(before: EngineKey, after: EngineKey) -> str:
    """The changes from one key to another in words; "" if there are none."""
    old, new = asdict(before), asdict(after)
    return ", ".join(_change(name, old[name], new[name]) for name in WORDS if old[name] != new[name])


def _change(name: str, old: str, new: str) -> str:
    if name.endswith("_sha256"):
        return f"{WORDS[name]} changed"
    return f"{WORDS[name]} changed from {old} to {new}"
