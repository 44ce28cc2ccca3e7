"""Bundles of the tiny model in the other precisions, from graphs that are traced once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stereosync.bundle import Bundle, read_bundle
from stereosync_export import parity, to_onnx
from stereosync_export.build import build_bundle
from stereosync_export.graphs import Graph
from stereosync_model.model import Model

STREAM_S = 0.5  # of the parity stream, where ten seconds would show nothing more


@pytest.fixture(scope="session")
def bundles(tiny_model: Model, tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Bundle]:
    """`bundles(precision)`: the tiny model's bundle in that precision, made when first asked for."""
    made = {"fp32": read_bundle(tiny_bundle)}
    traced: dict[str, Any] = {}
    trace = to_onnx._to_onnx

    def trace_once(graph: Graph) -> Any:
        if graph.name not in traced:
            traced[graph.name] = trace(graph)
        return copy.deepcopy(traced[graph.name])

    def bundle(precision: str) -> Bundle:
        if precision not in made:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(to_onnx, "_to_onnx", trace_once)
                patch.setattr(parity, "STREAM_S", STREAM_S)
                folder = tmp_path_factory.mktemp(precision) / precision
                made[precision] = build_bundle(tiny_model, {}, folder, precision, say=lambda _: None)
        return made[precision]

    return bundle
