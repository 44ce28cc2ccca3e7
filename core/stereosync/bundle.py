"""The bundle: a folder with `bundle.json` and graphs. Export writes it, the runtime reads it.

Nothing else passes between the two. Every check names what disagrees and what to do, because a bundle is made on one
machine and opened on another.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from stereosync.bundle_spec import (
    GRAPHS,
    MANIFEST,
    SCHEMA,
    Bundle,
    BundleError,
    Forecast,
    GraphForm,
    GraphSpec,
    NoiseMemory,
    TensorSpec,
    WeightsFile,
)
from stereosync.clock import Clock
from stereosync.errors import UserError
from stereosync.manifest import check_schema, parse

__all__ = [
    "GRAPHS",
    "MANIFEST",
    "SCHEMA",
    "Bundle",
    "BundleError",
    "Forecast",
    "GraphForm",
    "GraphSpec",
    "NoiseMemory",
    "TensorSpec",
    "WeightsFile",
    "check_schema",
    "check_steps",
    "read_bundle",
    "sha256_of",
    "write_bundle",
]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Write `bundle.json` into `folder`, whose graph files must already be there."""
    data = asdict(bundle)
    del data["folder"]
    (folder / MANIFEST).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def read_bundle(folder: Path, clock: Clock | None = None) -> Bundle:
    """Read and check a bundle: schema, clock, graph files and their hashes.

    Args:
        clock: rates the caller runs at; chunk size may differ, sample and latent rates may not.

    Raises:
        BundleError: something is missing or disagrees; the message says which.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise BundleError(f"{folder} is no bundle: it has no {MANIFEST}; make one with stereosync-export")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is not readable JSON ({error}); export the bundle again") from error
    check_schema(data)
    bundle = parse(data, folder)
    _check_clock(bundle, clock)
    _check_files(bundle)
    return bundle


def check_steps(bundle: Bundle, steps: int) -> None:
    """Refuse a count of sampler steps for which a bundle has no schedule.

    Raises:
        UserError: it has none; the message says for which it has.
    """
    if str(steps) not in bundle.schedules:
        counts = ", ".join(map(str, sorted(map(int, bundle.schedules))))
        raise UserError(f"bundle {bundle.name} has no schedule for {steps} steps: choose one of {counts}")


def _check_clock(bundle: Bundle, clock: Clock | None) -> None:
    if clock is None:
        return
    for name in ("sample_rate_hz", "latent_rate_hz"):
        theirs, ours = getattr(bundle.clock, name), getattr(clock, name)
        if theirs != ours:
            raise BundleError(
                f"the bundle's {name} is {theirs} and the program runs at {ours}: use a bundle made for it"
            )


def _check_files(bundle: Bundle) -> None:
    for name, graph in bundle.graphs.items():
        _check_file(bundle.folder, graph.file, graph.sha256, f"graph {name}")
        for form in graph.variants:
            _check_file(bundle.folder, form.file, form.sha256, f"graph {name}")
    if bundle.weights is not None:
        _check_file(bundle.folder, bundle.weights.file, bundle.weights.sha256, "weights of all graphs")
        _check_links(bundle, bundle.weights.file)


def _check_links(bundle: Bundle, weights: str) -> None:
    """ONNX Runtime reads weights only from the real folder of their graph."""
    graphs = bundle.graphs.values()
    files = {weights, *(graph.file for graph in graphs), *(form.file for graph in graphs for form in graph.variants)}
    folders = {(bundle.folder / file).resolve().parent for file in files}
    if len(folders) > 1:
        raise BundleError(
            f"the files of the bundle {bundle.folder} are links into different folders, where graphs do not find their "
            "weights: copy it with its links followed, as `cp -rL` does"
        )


def _check_file(folder: Path, file: str, sha256: str, what: str) -> None:
    if not (folder / file).is_file():
        raise BundleError(f"the bundle lacks {file} ({what}); copy the whole folder again")
    found = sha256_of(folder / file)
    if found != sha256:
        raise BundleError(
            f"{file} ({what}) has the hash {found[:12]}... and the manifest says {sha256[:12]}...; "
            "the file is damaged or from another bundle: copy the whole folder again"
        )
