"""Checkpoint to bundle: every graph exported, hashed, compared with PyTorch, and written down."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from stereosync.bundle import Bundle, Forecast, GraphSpec, NoiseMemory, TensorSpec, read_bundle, sha256_of, write_bundle
from stereosync.sampler import SCHEDULES
from stereosync_export.graphs import Graph, declare
from stereosync_export.parity import LIMITS, measure
from stereosync_export.to_onnx import OPSET, export_graph
from stereosync_model.model import Model

VERSION = "0.3.0"
CARD = "CARD.md"


class ParityError(RuntimeError):
    """An exported graph strays from PyTorch further than its precision allows."""


def build_bundle(
    model: Model,
    provenance: dict[str, Any],
    folder: Path,
    precision: str = "fp32",
    say: Callable[[str], None] = print,
) -> Bundle:
    """Export `model` into `folder` and return the bundle as the runtime will read it.

    Raises:
        ParityError: a graph's relative error is past the limit of its precision; the bundle is not left behind.
    """
    fresh = folder.with_name(folder.name + ".part")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    graphs = declare(model)
    specs = {}
    for graph in graphs:
        say(f"exporting {graph.name} ({precision}, opset {OPSET})")
        path = fresh / f"{graph.name}.onnx"
        export_graph(graph, path, precision)
        specs[graph.name] = graph_spec(graph, path, precision)
    bundle = Bundle(
        name=folder.name,
        version=VERSION,
        clock=model.config.clock,
        cue_spec=model.config.cue_spec,
        latent_dim=model.config.codec.components,
        schedules={str(steps): times for steps, times in SCHEDULES.items()},
        graphs=specs,
        max_lead_s=model.config.generator.max_lead_s,
        history_noise=model.config.generator.history_noise,
        sampler_noise=model.config.generator.sampler_noise,
        noise_memory=noise_memory(model),
        forecast=Forecast(model.config.generator.forecast_start_s, model.config.generator.forecast_step_s),
        provenance={key: value for key, value in provenance.items() if key not in ("licences", "card")},
        licences=tuple(provenance.get("licences", ())),
        folder=fresh,
    )
    bundle = replace(bundle, parity=_checked_parity(graphs, bundle, precision, say))
    write_bundle(bundle, fresh)
    if "card" in provenance:
        (fresh / CARD).write_text(provenance["card"], encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return read_bundle(folder)


def noise_memory(model: Model) -> tuple[NoiseMemory, ...]:
    """What lasts of the sampler's noise, as the manifest has it; nothing where a model has no shares of it."""
    times_s, shares = model.config.generator.noise_memory_s, model.generator.noise_shares
    if not shares.any():
        return ()
    return tuple(NoiseMemory(time_s, tuple(row.tolist())) for time_s, row in zip(times_s, shares, strict=True))


def graph_spec(graph: Graph, path: Path, precision: str) -> GraphSpec:
    """The signature of an exported graph, as the manifest has it."""
    made = graph.run(graph.inputs)
    return GraphSpec(
        file=path.name,
        sha256=sha256_of(path),
        inputs=tuple(_tensor(name, value) for name, value in graph.inputs.items()),
        outputs=tuple(_tensor(name, value) for name, value in made.items()),
        states=graph.states,
        precision=precision,
        opset=OPSET,
    )


def _tensor(name: str, value: Any) -> TensorSpec:
    return TensorSpec(name, tuple(value.shape), str(value.dtype).removeprefix("torch."))


def _checked_parity(graphs: list[Graph], bundle: Bundle, precision: str, say: Callable[[str], None]) -> dict[str, Any]:
    say("comparing with PyTorch: each graph, and a stream of ten seconds")
    parity = measure(graphs, bundle)
    for name, error in parity["graphs"].items():
        say(f"  {name}: relative error {error:.2e}")
    say(f"  stream: largest difference {parity['stream_max_error']:.2e} of full scale")
    worst = max(parity["graphs"], key=parity["graphs"].__getitem__)
    if not parity["graphs"][worst] <= LIMITS[precision]:
        shutil.rmtree(bundle.folder)
        raise ParityError(
            f"{worst} strays {parity['graphs'][worst]:.1e} from PyTorch "
            f"and {precision} allows {LIMITS[precision]:.0e}; export with a higher precision"
        )
    return parity | {"limit": LIMITS[precision]}
