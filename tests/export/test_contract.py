"""Graphs that break the step contract are refused in one sentence that names graph and tensor, before any tracing."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import onnx
import pytest
import torch
from torch import Tensor, nn

from stereosync_export.adapter import AdapterError, Overridden, adapter_troubles
from stereosync_export.contract import check_graphs
from stereosync_export.graphs import Graph
from stereosync_export.to_onnx import trace

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_model"
Change = Callable[[Graph], Graph]


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The example's module, importable as a user would have it."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    yield importlib.import_module("adapter")
    monkeypatch.delitem(importlib.sys.modules, "adapter")  # type: ignore[attr-defined]


class Double(nn.Module):
    """A backbone in float64."""

    def forward(self, seen: Tensor, age_s: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        return seen.double() * age_s.unsqueeze(-1), memory * 1.0


class LayersFirst(nn.Module):
    """A backbone whose state has its layers before its streams, as torch's GRU."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(8, 8, batch_first=True)

    def forward(self, seen: Tensor, age_s: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        made, memory = self.gru((seen * age_s.unsqueeze(-1)).unsqueeze(1), memory)
        return made[:, 0], memory


def other_order(graph: Graph) -> Graph:
    return replace(graph, inputs=dict(reversed(graph.inputs.items())))


def layers_first(graph: Graph) -> Graph:
    inputs = graph.inputs | {"memory": torch.zeros(1, 1, 8)}
    return replace(graph, module=LayersFirst(), inputs=inputs)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda graph: replace(graph, outputs=("context",)), "gives 2 tensors and names 1 outputs"),
        (lambda graph: replace(graph, module=Double()), r"context is torch\.float64: make it torch\.float32"),
        (lambda graph: replace(graph, states=(("memory", "gone"),)), "state 'memory' becomes 'gone'"),
        (lambda graph: replace(graph, states=(("age_s", "next_memory"),)), "a state keeps its shape"),
        (other_order, "in the order of `forward`"),
        (layers_first, "streams as the first dimension"),
        (lambda graph: replace(graph, name="brain"), "gives the graphs .*'brain'"),
    ],
)
def test_what_breaks_the_contract_is_named(ticks: ModuleType, change: Change, words: str) -> None:
    graphs = ticks.TicksAdapter(ticks.Ticks()).graphs()
    check_graphs(graphs)
    with pytest.raises(AdapterError, match=words) as raised:
        check_graphs([change(graph) if graph.name == "backbone" else graph for graph in graphs])
    assert "\n" not in str(raised.value)


class Multiplied(nn.Module):
    """Its outputs are named as operators are."""

    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        product = x * y
        return torch.tanh(product), product * 2.0, x


def test_outputs_may_be_named_like_operators() -> None:
    given = {"mul": torch.zeros(1, 3), "y": torch.zeros(1, 3)}
    model = trace(Graph("decoder", Multiplied(), given, ("tanh", "mul_1", "same")), 20)
    onnx.checker.check_model(model, full_check=True)
    assert [one.name for one in model.graph.input] == ["mul", "y"]
    assert [one.name for one in model.graph.output] == ["tanh", "mul_1", "same"]


def test_a_graph_that_cannot_be_traced_is_one_sentence() -> None:
    class Branching(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x * 2.0 if x.sum() > 0 else x

    with pytest.raises(AdapterError, match="graph decoder cannot be traced in opset 20") as raised:
        trace(Graph("decoder", Branching(), {"x": torch.ones(1, 3)}, ("y",)), 20)
    assert "\n" not in str(raised.value)


def test_what_an_adapter_raises_is_told_with_its_place(ticks: ModuleType) -> None:
    told = r"load\(\) failed \(KeyError: 'state'; test_contract\.py, line \d+\)"
    with pytest.raises(AdapterError, match=told), adapter_troubles("load()"):
        raise KeyError("state")
    with pytest.raises(AdapterError, match=r"graphs\(\) failed \(AttributeError"):
        Overridden(ticks.TicksAdapter(nn.Linear(1, 1))).graphs()
