"""Exported bundles: what is declared is what the files have, and they compute what PyTorch computes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from export_makers import Trace

from stereosync.bundle import GRAPHS, Bundle, Forecast, TensorSpec
from stereosync.bundle_spec import PARITY_LIMITS, PRECISIONS, ParityLimit
from stereosync.errors import UserError
from stereosync.sampler import SCHEDULES
from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_export import build, to_onnx
from stereosync_export.adapter import CheckpointAdapter, Overridden
from stereosync_export.build import ExportOptions, ParityError, build_bundle
from stereosync_export.parity import report
from stereosync_model.model import Model
from stereosync_runtime.graph_shapes import check_wiring, takes_feet

Bundles = Callable[[str], Bundle]
TYPES = {"tensor(float)": "float32", "tensor(uint8)": "uint8", "tensor(int64)": "int64", "tensor(bool)": "bool"}
IMPOSSIBLE = ParityLimit(0.0, 0.0, 0.0, 0.0, 0.0)


def silent(_text: str) -> None:
    """Nobody is told."""


def test_the_tiny_bundle_is_within_its_limits_graph_by_graph_and_over_a_stream(bundles: Bundles) -> None:
    parity = bundles("fp32").parity
    assert set(parity["graphs"]) == set(GRAPHS)
    for by_candidate in parity["graphs"].values():
        for figures in by_candidate.values():
            assert 0 <= figures["relative"] <= 1e-4 < figures["limit"]
    # Plain graphs, those with pools and fused attention, those with pools alone
    assert set(parity["stream"]) == {"cpu fp32", "cuda fp32", "tensorrt fp32"}
    for figures in parity["stream"].values():
        assert 0 < figures["relative"] < 1e-3
        assert figures["log_mel_db"] < 0.01
        assert figures["finite"] == 1
    assert parity["stream_seconds"] == 1
    assert parity["limits"]["fp32"]["graph"] == PARITY_LIMITS["fp32"].graph


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_lower_precisions_are_exported_with_their_parity(bundles: Bundles, precision: str) -> None:
    bundle = bundles(precision)
    candidate = {"fp16": "cuda fp16", "int8": "cpu int8"}[precision]
    errors = {name: bundle.parity["graphs"][name][candidate] for name in GRAPHS}
    lower = [figures["relative"] for figures in errors.values() if figures["precision"] == precision]
    assert lower
    assert 1e-6 < max(lower) <= PARITY_LIMITS[precision].graph
    assert 0 < bundle.parity["stream"][candidate]["log_mel_db"] <= PARITY_LIMITS[precision].log_mel_db


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_declared_signature_is_the_files_own(bundles: Bundles, precision: str) -> None:
    bundle = bundles(precision)
    for graph in bundle.graphs.values():
        for form in (graph, *graph.variants):
            session = onnxruntime.InferenceSession(bundle.folder / form.file, providers=["CPUExecutionProvider"])
            slots = bundle.cue_spec.max_characters
            given, made = signature(session.get_inputs(), slots), signature(session.get_outputs(), slots)
            if getattr(form, "pooled", False):
                assert {f"pool_{state}" for state, _ in graph.states} | {"slots", "fresh"} <= set(given)
            else:
                assert given == {spec.name: spec for spec in graph.inputs}
                assert made == {spec.name: spec for spec in graph.outputs}
        names = {spec.name for spec in (*graph.inputs, *graph.outputs)}
        assert {name for pair in graph.states for name in pair} <= names


def signature(tensors: Any, slots: int) -> dict[str, TensorSpec]:
    """Of one stream with all characters; every graph's first dimension must be free."""
    assert all(tensor.shape[0] in ("batch", "pool") for tensor in tensors)
    shapes = {one.name: [slots if size == "characters" else size for size in one.shape[1:]] for one in tensors}
    return {one.name: TensorSpec(one.name, (1, *shapes[one.name]), TYPES[one.type]) for one in tensors}


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_empty_slots_at_the_end_may_be_left_out_on_the_cpu(bundles: Bundles, precision: str) -> None:
    bundle = bundles(precision)
    spec, rng = bundle.graphs["cue_encoder"], np.random.default_rng(0)
    form = next(form for form in spec.variants if form.devices == ("cpu",))
    assert form.trimmed
    assert form.precision == precision
    session = onnxruntime.InferenceSession(bundle.folder / form.file, providers=["CPUExecutionProvider"])
    inputs = {tensor.name: (rng.random(tensor.shape) * 9).astype(tensor.dtype) for tensor in spec.inputs}
    inputs["present"][:] = [[1, 1, 0, 0, 0, 0]]
    names = [tensor.name for tensor in spec.outputs]
    whole = dict(zip(names, session.run(names, inputs), strict=True))
    trimmed = {tensor.name for tensor in session.get_inputs() if tensor.shape[1] == "characters"}
    assert trimmed == {"crops", "numbers", "tracks", "feet"}
    cut = {name: array[:, :2] if name in trimmed else array for name, array in inputs.items()}
    made = dict(zip(names, session.run(names, cut), strict=True))
    for name, array in whole.items():
        assert made[name].shape == array.shape
    for name in ("place", "room", "character_present"):
        np.testing.assert_allclose(made[name], whole[name], atol=1e-5)
    for name in ("forecast", "grounds", "force", "placement"):
        np.testing.assert_allclose(made[name][:, :2], whole[name][:, :2], atol=1e-5)
        assert not made[name][:, 2:].any()


def test_what_can_be_told_is_declared_with_its_words(bundles: Bundles, tiny_model: Model) -> None:
    bundle = bundles("fp32")
    generator, slots = tiny_model.config.generator, tiny_model.config.cue_spec.max_characters
    assert (bundle.grounds, bundle.places) == (GROUNDS, PLACES)
    assert bundle.forecast == Forecast(generator.forecast_start_s, generator.forecast_step_s)
    seen = {tensor.name: tensor.shape for tensor in bundle.graphs["cue_encoder"].outputs}
    assert seen == {
        "forecast": (1, slots, generator.forecast_steps),
        "grounds": (1, slots, len(GROUNDS)),
        "force": (1, slots, 1),
        "place": (1, len(PLACES) + 1),
        "room": (1, 2),
        "placement": (1, slots, 4),
        "character_present": (1, slots),
    }
    known = {tensor.name: tensor.shape for tensor in bundle.graphs["backbone"].inputs}
    assert {name: known[name] for name in seen if name != "forecast"} == {
        name: shape for name, shape in seen.items() if name != "forecast"
    }
    assert known["contacts"] == seen["forecast"]


def test_the_bundle_s_graphs_are_wired_as_the_runtime_wants_them(bundles: Bundles) -> None:
    bundle = bundles("fp32")
    check_wiring(bundle)
    assert takes_feet(bundle)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_what_is_seen_is_bounded(bundles: Bundles, precision: str) -> None:
    bundle, rng = bundles(precision), np.random.default_rng(1)
    spec = bundle.graphs["cue_encoder"]
    form = next(form for form in spec.variants if form.devices == ("cpu",))
    session = onnxruntime.InferenceSession(bundle.folder / form.file, providers=["CPUExecutionProvider"])
    inputs = {tensor.name: (rng.random(tensor.shape) * 200).astype(tensor.dtype) for tensor in spec.inputs}
    names = [tensor.name for tensor in spec.outputs]
    made = dict(zip(names, session.run(names, inputs), strict=True))
    for name in ("forecast", "grounds", "place"):
        assert 0 <= made[name].min() <= made[name].max() <= 1, name
    np.testing.assert_allclose(made["grounds"].sum(-1), 1, atol=1e-5)
    assert made["place"][:, :-1].sum() <= 1 + 1e-5
    assert made["room"][0, 0] >= 0
    assert 0 <= made["room"][0, 1] <= 1


def test_states_and_rates_are_declared(bundles: Bundles, tiny_model: Model) -> None:
    bundle = bundles("fp32")
    states = {name: [state for state, _ in graph.states] for name, graph in bundle.graphs.items()}
    assert states == {
        "cue_encoder": [],
        "backbone": ["window", "filled"],
        "flow_head": [],
        "decoder": ["latent_history", "frame_history", "ringing", "loudness"],
    }
    assert bundle.clock == tiny_model.config.clock
    assert bundle.latent_dim == tiny_model.config.codec.components
    assert bundle.schedules == {str(steps): times for steps, times in SCHEDULES.items()}
    assert bundle.max_lead_s == tiny_model.config.generator.max_lead_s


def test_each_device_has_the_opset_that_serves_it(bundles: Bundles) -> None:
    backbone = bundles("fp16").graphs["backbone"]
    forms = {(device, form.precision): form.opset for form in reversed(backbone.variants) for device in form.devices}
    assert forms[("cuda", "fp32")] == forms[("cuda", "fp16")] == 23
    assert forms[("tensorrt", "fp32")] == forms[("rtx", "fp16")] == backbone.opset == 20
    assert all(form.pooled for form in backbone.variants)


def test_weights_are_there_once_at_half_size(bundles: Bundles, tiny_model: Model) -> None:
    for precision in PRECISIONS:
        bundle = bundles(precision)
        assert bundle.weights is not None
        size = (bundle.folder / bundle.weights.file).stat().st_size
        weights = sum(parameter.numel() for parameter in tiny_model.parameters())
        fixed = sum(buffer.numel() for buffer in tiny_model.buffers())  # float32 where half would lose something
        assert size < 2.2 * weights + 4.2 * fixed


@pytest.fixture
def quick(traced: Trace, monkeypatch: pytest.MonkeyPatch) -> ExportOptions:
    """Options of an export that takes seconds: graphs are traced once, and the stream is short."""
    monkeypatch.setattr(to_onnx, "trace", traced)
    return ExportOptions(stream_s=0.1)


def test_a_bundle_beyond_its_limits_is_not_left_behind(
    tiny_model: Model, tmp_path: Path, quick: ExportOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(report.PARITY_LIMITS, "fp32", IMPOSSIBLE)
    with pytest.raises(ParityError, match=r"as cpu fp32 strays .* --allow-parity-loss"):
        build_bundle(CheckpointAdapter(tiny_model), tmp_path / "bundle", quick, silent)
    assert list(tmp_path.iterdir()) == []
    said: list[str] = []
    build_bundle(
        CheckpointAdapter(tiny_model), tmp_path / "bundle", replace(quick, allow_parity_loss=True), said.append
    )
    assert any("PARITY LOST" in line for line in said)
    assert (tmp_path / "bundle").is_dir()


def test_int8_that_does_not_hold_or_pay_stays_fp32_and_the_bundle_says_why(
    tiny_model: Model, tmp_path: Path, quick: ExportOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "time_ratio", lambda _bundle, graph, _form: 2.0 if graph == "decoder" else 0.5)
    options = replace(quick, precisions=("int8",))
    bundle = build_bundle(CheckpointAdapter(tiny_model), tmp_path / "bundle", options, silent)
    choices = bundle.parity["choices"]
    assert len(choices) > 1
    assert {name for name, choice in choices.items() if choice["kept"]} == set(choices) - {"decoder"}
    assert "2.00 of the time of fp32" in choices["decoder"]["why"]
    assert not any(form.precision == "int8" for form in bundle.graphs["decoder"].variants)
    assert not (bundle.folder / "decoder.cpu.int8.onnx").exists()
    for name in set(choices) - {"decoder"}:
        assert (bundle.folder / f"{name}.cpu.int8.onnx").exists()


def test_provenance_licences_card_and_steps_travel_with_the_bundle(
    tiny_model: Model, tmp_path: Path, quick: ExportOptions
) -> None:
    licence = {"package": "a", "author": "b", "licence": "CC0-1.0", "files": "3"}
    adapter = CheckpointAdapter(tiny_model, {"recipe": "tiny", "licences": [licence]})
    bundle = build_bundle(Overridden(adapter, "# A card\n", (2, 8)), tmp_path / "bundle", quick, silent)
    assert bundle.name == "bundle"
    assert bundle.provenance == {"recipe": "tiny"}
    assert bundle.licences == (licence,)
    assert (bundle.folder / "CARD.md").read_text("utf-8") == "# A card\n"
    assert set(bundle.schedules) == {"2", "8"}
    np.testing.assert_allclose(bundle.schedules["8"], np.linspace(1, 0, 9))


def test_a_folder_with_anything_else_is_left_alone_before_any_work(tiny_model: Model, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("two years of work", encoding="utf-8")
    said: list[str] = []
    with pytest.raises(UserError, match=r"--out .* holds what is no part of a bundle \(thesis.txt\)"):
        build_bundle(CheckpointAdapter(tiny_model), tmp_path, say=said.append)
    assert said == []
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "two years of work"


def test_a_bundle_is_replaced_by_its_next_export(
    tiny_model: Model, tiny_bundle: Path, tmp_path: Path, quick: ExportOptions
) -> None:
    shutil.copytree(tiny_bundle, tmp_path / "bundle")
    bundle = build_bundle(Overridden(CheckpointAdapter(tiny_model), steps=(3,)), tmp_path / "bundle", quick, silent)
    assert set(bundle.schedules) == {"3"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_the_opset_of_the_files_is_the_manifest_s(bundles: Bundles) -> None:
    bundle = bundles("fp32")
    for graph in bundle.graphs.values():
        for form in (graph, *graph.variants):
            model = onnx.load(bundle.folder / form.file, load_external_data=False)
            assert {one.version for one in model.opset_import if not one.domain} == {form.opset}
