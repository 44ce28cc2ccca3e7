"""The graphs on a CPU in several ways: threads, spinning, 8 and 4 bits, fused attention, beside a busy neighbour.

    python bench/cpu.py [--neighbours 0 1] [--rounds 7] [--out FILE.json]

A chunk of two latents in two steps is run as the pipeline runs it: cue encoder, then twice backbone, flow head, flow
head, decoder; so each graph finds the caches full of the others. Variants take turns. Neighbours are processes that do
nothing but count.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from conditions import machine, told
from tables import console, table, tracked, write_json

from stereosync.bundle import Bundle
from stereosync_runners.forms import form_for
from stereosync_runners.onnx_runner import open_session
from stereosync_runners.providers import CPU
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle

CHUNK = ("cue_encoder", *("backbone", "flow_head", "flow_head", "decoder") * 2)
REPEATS, WARM_UP = 40, 10
SPIN = {"session.intra_op.allow_spinning": "1"}
BLOCK, BITS = 32, 4  # of the weights that are tried only here


@dataclass(frozen=True)
class Variant:
    """One way to run the four graphs. `weights`: a precision of the bundle, or "int4", which is made for this bench."""

    name: str
    weights: str = "fp32"
    threads: int = 1
    spinning: bool = False
    fused_attention: bool = False


VARIANTS = (
    Variant("float32, 1 thread"),
    Variant("float32, 2 threads", threads=2),
    Variant("float32, 2 threads, spinning", threads=2, spinning=True),
    Variant("float32, 1 thread, fused attention (opset 23)", fused_attention=True),
    Variant("int8, 1 thread (the default)", "int8"),
    Variant("int8, 2 threads", "int8", threads=2),
    Variant("int8, 2 threads, spinning", "int8", threads=2, spinning=True),
    Variant("int4, 1 thread", "int4"),
)


def file_of(bundle: Bundle, graph: str, variant: Variant, scratch: Path) -> Path:
    """The graph's file for a variant."""
    spec = bundle.graphs[graph]
    if variant.weights == "int4":
        return four_bits(bundle.folder / spec.file, scratch)
    if variant.fused_attention and graph == "backbone":
        return opset_23(bundle, scratch)
    return bundle.folder / form_for(spec, "cpu", variant.weights).file


def four_bits(plain: Path, scratch: Path) -> Path:
    """The plain graph with weights of 4 bits, by ONNX Runtime's own tool."""
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

    model = onnx.load(plain)
    fold_casts(model)
    config = DefaultWeightOnlyQuantConfig(block_size=BLOCK, is_symmetric=True, accuracy_level=4, bits=BITS)
    quantizer = MatMulNBitsQuantizer(model, algo_config=config)
    quantizer.process()
    path = scratch / f"{plain.stem}.int4.onnx"
    quantizer.model.save_model_to_file(str(path))
    return path


def fold_casts(model: Any) -> None:
    """Stored halves as the float32 tensors that their casts give, which is where that tool looks for weights."""
    from onnx import TensorProto, numpy_helper

    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    casts = [node for node in model.graph.node if node.op_type == "Cast" and node.input[0] in stored]
    for node in casts:
        tensor = stored[node.input[0]]
        if tensor.data_type == TensorProto.FLOAT16:
            whole = numpy_helper.to_array(tensor).astype(np.float32)
            model.graph.initializer.append(numpy_helper.from_array(whole, node.output[0]))
            model.graph.initializer.remove(tensor)
            model.graph.node.remove(node)


def opset_23(bundle: Bundle, scratch: Path) -> Path:
    """The backbone with the fused operator, traced from the checkpoint; its weights inside."""
    import onnx

    from stereosync_export.adapter import CheckpointAdapter
    from stereosync_export.forms import FUSING_OPSET
    from stereosync_export.to_onnx import trace

    checkpoint = Path(__file__).resolve().parents[1] / "checkpoints" / f"{bundle.name}.safetensors"
    graphs = {graph.name: graph for graph in CheckpointAdapter.load(checkpoint).graphs()}
    path = scratch / "backbone.opset23.onnx"
    onnx.save(trace(graphs["backbone"], FUSING_OPSET), path)
    return path


def open_variant(bundle: Bundle, variant: Variant, scratch: Path) -> dict[str, Any]:
    """A session for every graph."""
    config = SPIN if variant.spinning else {}
    return {
        graph: open_session(file_of(bundle, graph, variant, scratch), [CPU], variant.threads, 1, config)
        for graph in bundle.graphs
    }


def feeds(bundle: Bundle) -> dict[str, dict[str, Any]]:
    """Random inputs of one stream, by graph."""
    rng = np.random.default_rng(0)
    return {
        name: {
            tensor.name: rng.integers(0, 255, tensor.shape).astype(tensor.dtype)
            if tensor.dtype == "uint8"
            else rng.random(tensor.shape).astype(tensor.dtype)
            for tensor in spec.inputs
        }
        for name, spec in bundle.graphs.items()
    }


def chunk_ms(sessions: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]]) -> float:
    """Median time of a chunk's graphs."""
    taken_s = []
    for repeat in range(WARM_UP + REPEATS):
        started_s = time.perf_counter()
        for graph in CHUNK:
            sessions[graph].run(None, given[graph])
        if repeat >= WARM_UP:
            taken_s.append(time.perf_counter() - started_s)
    return float(np.median(taken_s)) * 1000


@contextmanager
def neighbours(count: int) -> Iterator[None]:
    """Processes that keep a core busy each."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def measured(bundle: Bundle, counts: Sequence[int], rounds: int, screen: Any) -> dict[str, dict[int, list[float]]]:
    """Milliseconds of a chunk, by variant and neighbours, one for each round."""
    given = feeds(bundle)
    found: dict[str, dict[int, list[float]]] = {variant.name: {count: [] for count in counts} for variant in VARIANTS}
    with tempfile.TemporaryDirectory() as scratch:
        opened = {variant.name: open_variant(bundle, variant, Path(scratch)) for variant in VARIANTS}
    for count in counts:
        with neighbours(count):
            turns = [(turn, variant) for turn in range(rounds) for variant in VARIANTS]
            for _, variant in tracked(turns, lambda turn: f"{turn[1].name}, {count} neighbours", screen):  # noqa: B023
                found[variant.name][count].append(chunk_ms(opened[variant.name], given))
    return found


def main() -> int:
    """Measure and print."""
    out = argparse.ArgumentParser(description="How the graphs run best on a CPU.")
    out.add_argument("--bundle", default=DEFAULT_BUNDLE, metavar="NAME|PATH")
    out.add_argument("--neighbours", nargs="+", type=int, default=[0, 1])
    out.add_argument("--rounds", type=int, default=7)
    out.add_argument("--out", type=Path, metavar="FILE.json")
    options, screen = out.parse_args(), console()
    bundle = open_bundle(options.bundle)
    conditions = machine(bundle=bundle.name, chunk="2 latents, 2 steps", rounds=options.rounds)
    screen.print(told(conditions), highlight=False)
    found = measured(bundle, options.neighbours, options.rounds, screen)
    columns = ("graphs of a chunk, ms", *(f"{count} busy neighbours" for count in options.neighbours))
    rows = [[name, *(float(np.median(times)) for times in by_count.values())] for name, by_count in found.items()]
    screen.print(table("Medians over the rounds", columns, rows))
    write_json(options.out, {"conditions": conditions, "chunk_ms": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
