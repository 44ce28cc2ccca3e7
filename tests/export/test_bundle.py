"""Exported bundles: what is declared is what the files have, and they compute what PyTorch computes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from stereosync.bundle import GRAPHS, Bundle, TensorSpec
from stereosync.sampler import SCHEDULES
from stereosync_export import build
from stereosync_export.build import ParityError, build_bundle
from stereosync_export.graphs import Graph, declare
from stereosync_export.parity import LIMITS, moving_frame, onnx_runner, relative_error, stream, torch_runner
from stereosync_export.to_onnx import PRECISIONS
from stereosync_model.model import Model

Bundles = Callable[[str], Bundle]
TYPES = {"tensor(float)": "float32", "tensor(uint8)": "uint8"}


def test_the_tiny_bundle_is_within_its_limits_graph_by_graph_and_over_ten_seconds(bundles: Bundles) -> None:
    parity = bundles("fp32").parity
    assert set(parity["graphs"]) == set(GRAPHS)
    assert all(0 < error <= LIMITS["fp32"] for error in parity["graphs"].values()), parity
    assert parity["stream_seconds"] == 10
    assert parity["stream_relative_error"] < 1e-3
    assert parity["limit"] == LIMITS["fp32"]


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_lower_precisions_are_exported_with_their_parity(bundles: Bundles, precision: str) -> None:
    bundle = bundles(precision)
    assert all(graph.precision == precision for graph in bundle.graphs.values())
    assert set(bundle.parity["graphs"]) == set(GRAPHS)
    assert 1e-6 < max(bundle.parity["graphs"].values()) <= LIMITS[precision]
    assert np.isfinite(bundle.parity["stream_relative_error"])


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_declared_signature_is_the_files_own(bundles: Bundles, precision: str) -> None:
    bundle = bundles(precision)
    for graph in bundle.graphs.values():
        session = onnxruntime.InferenceSession(bundle.folder / graph.file, providers=["CPUExecutionProvider"])
        for declared, real in ((graph.inputs, session.get_inputs()), (graph.outputs, session.get_outputs())):
            assert declared == tuple(TensorSpec(one.name, tuple(one.shape), TYPES[one.type]) for one in real)
        names = {spec.name for spec in (*graph.inputs, *graph.outputs)}
        assert {name for pair in graph.states for name in pair} <= names


def test_states_and_rates_are_declared(bundles: Bundles, tiny_model: Model) -> None:
    bundle = bundles("fp32")
    states = {name: [state for state, _ in graph.states] for name, graph in bundle.graphs.items()}
    assert states == {
        "cue_encoder": [],
        "backbone": ["window", "filled"],
        "flow_head": [],
        "decoder": ["latent_history", "frame_history", "ringing"],
    }
    assert bundle.clock == tiny_model.config.clock
    assert bundle.latent_dim == tiny_model.config.codec.components
    assert bundle.schedules == {str(steps): times for steps, times in SCHEDULES.items()}
    assert bundle.max_lead_s == tiny_model.config.generator.max_lead_s


def test_weights_are_stored_at_half_size(bundles: Bundles, tiny_model: Model) -> None:
    size = (bundles("fp32").folder / "cue_encoder.onnx").stat().st_size
    weights = sum(parameter.numel() for parameter in tiny_model.generator.cue_encoder.parameters())
    assert size < 3 * weights


def test_a_stream_follows_its_seed(bundles: Bundles, tiny_model: Model) -> None:
    bundle, graphs = bundles("fp32"), declare(tiny_model)
    first, again, other = (stream(onnx_runner(bundle), graphs, bundle, 0.3, seed) for seed in (1, 1, 2))
    true = stream(torch_runner(graphs), graphs, bundle, 0.3, 1)
    assert first.shape == (round(0.3 * bundle.clock.sample_rate_hz), 2)
    np.testing.assert_array_equal(first, again)
    assert relative_error(true, first) < 1e-4
    assert relative_error(true, other) > 0.1


def test_the_made_up_frame_moves_and_keeps_its_box_inside() -> None:
    frames = [moving_frame(i, 0.1 * i) for i in range(101)]
    assert frames[0].boxes != frames[1].boxes
    for frame in frames:
        (box,) = frame.boxes
        assert 0 <= box.x0 < box.x1 <= frame.width_px
        assert 0 <= box.y0 < box.y1 <= frame.height_px


@pytest.fixture
def copied(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Graph files are taken from the tiny bundle: what is tested here comes after them."""

    def copy_graph(_graph: Graph, path: Path, _precision: str) -> None:
        shutil.copy(tiny_bundle / path.name, path)

    monkeypatch.setattr(build, "export_graph", copy_graph)
    monkeypatch.setattr("stereosync_export.parity.STREAM_S", 0.1)


@pytest.mark.usefixtures("copied")
def test_a_bundle_beyond_its_limits_is_not_left_behind(
    tiny_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "fp32", 0.0)
    with pytest.raises(ParityError, match="higher precision"):
        build_bundle(tiny_model, {}, tmp_path / "bundle", say=lambda _: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("copied")
def test_provenance_licences_and_card_travel_with_the_bundle(tiny_model: Model, tmp_path: Path) -> None:
    licence = {"package": "a", "author": "b", "licence": "CC0-1.0", "files": "3"}
    given = {"recipe": "tiny", "licences": [licence], "card": "# A card\n"}
    said: list[str] = []
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "old.txt").write_text("of an earlier export")
    bundle = build_bundle(tiny_model, given, tmp_path / "bundle", say=said.append)
    assert bundle.name == "bundle"
    assert bundle.provenance == {"recipe": "tiny"}
    assert bundle.licences == (licence,)
    assert (bundle.folder / "CARD.md").read_text("utf-8") == "# A card\n"
    assert not (bundle.folder / "old.txt").exists()
    assert any("decoder: relative error" in line for line in said)
