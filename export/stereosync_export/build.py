"""Trained model to bundle: every graph in every form that a device wants, compared with PyTorch, written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import onnx

from stereosync.bundle import (
    Bundle,
    GraphForm,
    GraphSpec,
    TensorSpec,
    WeightsFile,
    read_bundle,
    sha256_of,
    write_bundle,
)
from stereosync.bundle_folder import whole_bundle_folder
from stereosync.bundle_spec import CARD, PARITY_LIMITS, check_bundle_name
from stereosync.errors import StereoSyncError
from stereosync_export.adapter import ModelAdapter
from stereosync_export.contract import check_graphs
from stereosync_export.forms import CPU, FUSING_OPSET, OPSET, ExportForm, forms_of
from stereosync_export.graphs import Graph
from stereosync_export.parity.int8_timing import WORTH_IT, time_ratio
from stereosync_export.parity.measures import effects, evaluated
from stereosync_export.parity.report import (
    STREAM_S,
    Forced,
    breaches,
    conditions,
    graph_report,
    steps_of,
    stream_report,
    teacher_forced,
)
from stereosync_export.to_onnx import Traces
from stereosync_export.weights import FILE as WEIGHTS
from stereosync_export.weights import WeightStore, share_weights

Say = Callable[[str], None]


class ParityError(StereoSyncError, RuntimeError):
    """An exported graph strays from PyTorch further than its precision allows."""


@dataclass(frozen=True)
class ExportOptions:
    """Options of export and its proof."""

    precisions: tuple[str, ...] = ()  # beside fp32
    opset: int = OPSET  # of the plain forms
    allow_parity_loss: bool = False  # write the bundle even past `PARITY_LIMITS`
    stream_s: float = STREAM_S  # length of the parity stream
    only_if_faster: bool = True  # leave out int8 where it is no faster on this machine
    clips: int = 0  # walks of the evaluation; 0: none


def build_bundle(
    adapter: ModelAdapter,
    folder: Path,
    options: ExportOptions = ExportOptions(),
    say: Say = print,
    heard: Callable[[float], None] = lambda _s: None,
) -> Bundle:
    """Export into `folder` and return the bundle as the runtime will read it. `heard`: seconds of the parity stream.

    Raises:
        ParityError: something is past the limit of its precision; the bundle is not left behind.
        UserError: the folder holds something else than a bundle, which stays.
        BundleError: the folder's name cannot name a bundle.
        AdapterError: the adapter's graphs break the step contract.
    """
    name = folder.resolve().name
    check_bundle_name(name)
    with whole_bundle_folder(folder, "--out") as fresh:
        graphs = adapter.graphs()
        check_graphs(graphs)
        bundle = _written(adapter, graphs, fresh, name, options, say)
        bundle = _proved(graphs, bundle, options, say, heard)
        card = adapter.provenance().get("card")
        if card is not None:
            (fresh / CARD).write_text(card, encoding="utf-8")
    return read_bundle(folder)


def _written(
    adapter: ModelAdapter, graphs: list[Graph], fresh: Path, name: str, options: ExportOptions, say: Say
) -> Bundle:
    """All files but the card, and a manifest without parity."""
    store = WeightStore(fresh / WEIGHTS)
    specs = {graph.name: exported(graph, fresh, store, options, say) for graph in graphs}
    settings, provenance = adapter.settings(), adapter.provenance()
    bundle = Bundle(
        name=name,
        version=settings.version,
        clock=settings.clock,
        cue_spec=settings.cue_spec,
        latent_dim=settings.latent_dim,
        schedules={str(steps): times for steps, times in settings.schedules.items()},
        graphs=specs,
        max_lead_s=settings.max_lead_s,
        sampler_noise=settings.sampler_noise,
        noise_memory=settings.noise_memory,
        forecast=settings.forecast,
        grounds=settings.grounds,
        places=settings.places,
        weights=WeightsFile(WEIGHTS, sha256_of(store.path)),
        provenance={key: value for key, value in provenance.items() if key not in ("licences", "card")},
        licences=tuple(provenance.get("licences", ())),
        folder=fresh,
    )
    write_bundle(bundle, fresh)
    return bundle


def exported(graph: Graph, fresh: Path, store: WeightStore, options: ExportOptions, say: Say) -> GraphSpec:
    """A graph's files and its entry in the manifest."""
    traces = Traces(graph)
    plain = ExportForm("fp32", options.opset)
    precisions = tuple(one for one in options.precisions if one != "int8" or traces.quantizes(options.opset))
    pooled = bool(graph.states) and graph.batched
    forms = forms_of(precisions, options.opset, traces.fuses(FUSING_OPSET), pooled, bool(graph.trimmed))
    forms = [form for form in forms if graph.batched or form.devices == CPU]
    say(f"exporting {graph.name}: fp32 opset {options.opset}" + "".join(f", {form.words}" for form in forms))
    hashes = {}
    read: set[str] = set()  # a model may have inputs that nothing depends on
    for form in (plain, *forms):
        model = traces.form(form)
        read |= {value.name for value in model.graph.input}
        share_weights(model, store)
        path = fresh / form.file(graph.name, options.opset)
        onnx.save(model, path)
        hashes[form] = sha256_of(path)
    plain_sha256 = hashes.pop(plain)
    graph_forms = tuple(
        _graph_form(form, form.file(graph.name, options.opset), sha256) for form, sha256 in hashes.items()
    )
    spec = graph_spec(graph, plain.file(graph.name, options.opset), plain_sha256, options.opset)
    return replace(spec, inputs=tuple(tensor for tensor in spec.inputs if tensor.name in read), variants=graph_forms)


def _graph_form(form: ExportForm, file: str, sha256: str) -> GraphForm:
    return GraphForm(file, sha256, form.precision, form.opset, form.devices, form.pooled, form.trimmed)


def graph_spec(graph: Graph, file: str, sha256: str, opset: int) -> GraphSpec:
    """The signature of an exported graph, as the manifest has it."""
    made = graph.run(graph.inputs)
    return GraphSpec(
        file=file,
        sha256=sha256,
        inputs=tuple(_tensor(name, value) for name, value in graph.inputs.items()),
        outputs=tuple(_tensor(name, value) for name, value in made.items()),
        states=graph.states,
        precision="fp32",
        opset=opset,
        batched=graph.batched,
    )


def _tensor(name: str, value: Any) -> TensorSpec:
    return TensorSpec(name, tuple(value.shape), str(value.dtype).removeprefix("torch."))


def _proved(
    graphs: list[Graph], bundle: Bundle, options: ExportOptions, say: Say, heard: Callable[[float], None]
) -> Bundle:
    """The bundle with the forms that hold, and its parity."""
    # 1. Each graph alone, fed what PyTorch was fed: the forms that do not hold are left out.
    say(f"comparing with PyTorch: {options.stream_s:g} s of a walk")
    forced = teacher_forced(graphs, bundle, options.stream_s, heard)
    bundle, choices = kept_int8(bundle, forced, options, say, tuple(bundle.graphs))
    strayed = graph_report(forced, bundle)
    for name, by_candidate in strayed.items():
        errors = ", ".join(f"{candidate} {figures['relative']:.1e}" for candidate, figures in by_candidate.items())
        say(f"  graph {name}, relative error: {errors}")
    # 2. All graphs together, as they stream.
    streams = stream_report(bundle, forced.sound, options.stream_s, say)
    parity = conditions(options.stream_s, steps_of(bundle)) | {"choices": choices, "graphs": strayed, "stream": streams}
    problems = breaches(strayed, streams)
    bundle = with_parity(bundle, parity)
    # 3. Whole walks, as the evaluation measures them.
    if options.clips:
        on_the_cpu = [one for one in ("fp32", *options.precisions) if one != "fp16"]  # that is for devices
        measured = evaluated(bundle.folder, on_the_cpu, options.clips, steps_of(bundle))
        say(f"  measures on {options.clips} walks: {measured}")
        problems += effects(measured)
        measures = {"clips": options.clips, "steps": steps_of(bundle)} | measured
        bundle = with_parity(bundle, parity | {"measures": measures})
    judge(problems, options, say)
    return bundle


def with_parity(bundle: Bundle, parity: dict[str, Any]) -> Bundle:
    """The bundle that tells how near it is to PyTorch, as it now lies in its folder."""
    told = replace(bundle, parity=parity)
    write_bundle(told, told.folder)
    return told


def judge(problems: list[str], options: ExportOptions, say: Say) -> None:
    """Raise ParityError for what is past its limit, or say it where that is allowed."""
    if problems and not options.allow_parity_loss:
        raise ParityError(
            f"{'; '.join(problems)}: export with a higher precision, or accept it with --allow-parity-loss"
        )
    for problem in problems:
        say(f"  PARITY LOST, as allowed: {problem}")


def kept_int8(
    bundle: Bundle, forced: Forced, options: ExportOptions, say: Say, names: Sequence[str]
) -> tuple[Bundle, dict[str, Any]]:
    """int8 only where it holds and pays, of each graph that is named; and why."""
    choices: dict[str, Any] = {}
    graphs = dict(bundle.graphs)
    for name in names:
        for form in bundle.graphs[name].variants:
            if form.precision != "int8":
                continue
            choices[name] = choice = _choice(bundle, name, form, forced, options)
            say(f"  graph {name} in int8: {choice['why']}")
            if not choice["kept"]:
                kept = tuple(other for other in graphs[name].variants if other != form)
                graphs[name] = replace(graphs[name], variants=kept)
                (bundle.folder / form.file).unlink()
    return replace(bundle, graphs=graphs), choices


def _choice(bundle: Bundle, graph: str, form: GraphForm, forced: Forced, options: ExportOptions) -> dict[str, Any]:
    error, limit = forced.relative(graph, "cpu int8"), PARITY_LIMITS["int8"].graph
    ratio = time_ratio(bundle, graph, form)
    holds, pays = error <= limit or options.allow_parity_loss, ratio <= WORTH_IT or not options.only_if_faster
    why = f"relative error {error:.1e} (limit {limit:.0e}), {ratio:.2f} of the time of fp32 (limit {WORTH_IT})"
    return {"precision": "int8", "kept": holds and pays, "relative": error, "time_ratio": ratio, "why": why}
