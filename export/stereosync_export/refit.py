"""`python -m stereosync_export.refit CHECKPOINT --bundle BUNDLE --out BUNDLE`: a bundle anew with one graph of a fitted
checkpoint, every other file as it was. What passes between fitting and this is the checkpoint."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx
import torch

from stereosync.bundle import Bundle, GraphSpec, WeightsFile, read_bundle, sha256_of
from stereosync.bundle_folder import whole_bundle_folder
from stereosync.bundle_spec import CARD, MANIFEST, check_bundle_name
from stereosync.errors import StereoSyncError
from stereosync_export.adapter import AdapterError, CheckpointAdapter
from stereosync_export.build import ExportOptions, Say, exported, judge, kept_int8, with_parity
from stereosync_export.parity.report import breaches, graph_report, teacher_forced
from stereosync_export.weights import WeightStore
from stereosync_runtime.bundles import open_bundle

REFITTED = "cue_encoder"
STREAM_S = 4.0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser("stereosync_export.refit", description="Give a bundle the graph of a fitted model.")
    out.add_argument("checkpoint", type=Path)
    out.add_argument("--bundle", required=True, metavar="NAME|PATH")
    out.add_argument("--out", type=Path, required=True)
    return out


def refit_bundle(
    adapter: CheckpointAdapter, old: Bundle, folder: Path, say: Say = print, stream_s: float = STREAM_S
) -> Bundle:
    """Write `old` into `folder` with the cue encoder of the adapter's model.

    Raises:
        AdapterError: the bundle was not made of such a model.
        ParityError: some graph of the bundle strays from the model further than its precision allows.
    """
    check_bundle_name(folder.resolve().name)
    if old.weights is None:
        raise AdapterError(f"the bundle {old.name} keeps its weights inside its graphs: export its checkpoint again")
    with whole_bundle_folder(folder, "--out") as fresh:
        for name in _files_but(old):
            shutil.copyfile(old.folder / name, fresh / name)
        bundle = _with_graph(adapter, old, fresh, folder.resolve().name, say)
        bundle = _proved(adapter, bundle, say, stream_s)
        card = adapter.provenance().get("card")
        if card is not None:
            (fresh / CARD).write_text(card, encoding="utf-8")
    return read_bundle(folder)


def _files_but(bundle: Bundle) -> list[str]:
    """The files of a bundle that stay: all but the manifest and those of the graph that is made anew."""
    graph = bundle.graphs[REFITTED]
    gone = {MANIFEST, graph.file, *(form.file for form in graph.variants)}
    return [path.name for path in bundle.folder.iterdir() if path.is_file() and path.name not in gone]


def _with_graph(adapter: CheckpointAdapter, old: Bundle, fresh: Path, name: str, say: Say) -> Bundle:
    """The new files, and a manifest that names them; weights that are new go behind the old ones."""
    assert old.weights is not None
    graph = next(one for one in adapter.graphs() if one.name == REFITTED)
    spec = old.graphs[REFITTED]
    options = ExportOptions(tuple(sorted({form.precision for form in spec.variants} - {"fp32"})), spec.opset)
    store = WeightStore.of(fresh / old.weights.file, _other_models(old))
    made: GraphSpec = exported(graph, fresh, store, options, say)
    provenance: dict[str, Any] = old.provenance | {"fitted": adapter.provenance().get("fitted", [])}
    bundle = replace(
        old,
        name=name,
        graphs=old.graphs | {REFITTED: made},
        weights=WeightsFile(old.weights.file, sha256_of(store.path)),
        provenance=provenance,
        folder=fresh,
    )
    return with_parity(bundle, old.parity)


def _other_models(bundle: Bundle) -> list[onnx.ModelProto]:
    """The graphs of a bundle, whose weights stay in their file."""
    files = {file for graph in bundle.graphs.values() for file in (graph.file, *(form.file for form in graph.variants))}
    return [onnx.load(bundle.folder / file, load_external_data=False) for file in sorted(files)]


def _proved(adapter: CheckpointAdapter, bundle: Bundle, say: Say, stream_s: float) -> Bundle:
    """Every graph beside the model's, on a short stream; int8 of the new one only where it holds."""
    say(f"comparing with PyTorch: {stream_s:g} s of a walk")
    forced = teacher_forced(adapter.graphs(), bundle, stream_s)
    bundle, choices = kept_int8(bundle, forced, ExportOptions(only_if_faster=False), say, (REFITTED,))
    report = graph_report(forced, bundle)
    judge(breaches(report, {}), ExportOptions(), say)
    old = bundle.parity
    graphs = old.get("graphs", {}) | {REFITTED: report[REFITTED]}
    return with_parity(bundle, old | {"graphs": graphs, "choices": old.get("choices", {}) | choices})


def main(argv: Sequence[str] | None = None) -> int:
    """Rewrite; 0 when the bundle is written."""
    options = parser().parse_args(argv)
    torch.set_num_threads(1)
    try:
        refit_bundle(CheckpointAdapter.load(options.checkpoint), open_bundle(options.bundle), options.out)
    except StereoSyncError as error:
        print(f"stereosync-fit: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
