"""Every graph of the bundle that ships is parsed and built by TensorRT for RTX, without a card, for every card."""

from __future__ import annotations

import time

import pytest

from stereosync.bundle import GRAPHS, Bundle
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle
from stereosync_runtime.engine import EngineError
from stereosync_runtime.tensorrt.backend import BACKENDS, Backend
from stereosync_runtime.tensorrt.bindings import Binding, check_bindings
from stereosync_runtime.tensorrt.build import BuildOptions, build_engine
from stereosync_runtime.tensorrt.engines import engine_jobs

RTX = BACKENDS["rtx"]
SESSIONS = 8


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    return open_bundle(DEFAULT_BUNDLE)


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
@pytest.mark.parametrize("graph", GRAPHS)
def test_a_shipped_graph_builds_and_has_the_tensors_of_the_manifest(
    rtx: Backend, shipped: Bundle, graph: str, precision: str
) -> None:
    job = engine_jobs(shipped, "rtx", precision, SESSIONS, RTX.capabilities)[graph]
    assert job.precision == precision
    built = build_engine(rtx, job.name, job.graph, job.options, time.perf_counter)
    check_bindings(built.bindings, job.bindings, graph)
    assert len(built.engine) > 1_000_000


def test_the_check_would_have_found_a_graph_of_other_tensors(rtx: Backend, shipped: Bundle) -> None:
    job = engine_jobs(shipped, "rtx", None, SESSIONS, (86,))["flow_head"]
    built = build_engine(rtx, job.name, job.graph, job.options, time.perf_counter)
    other = tuple(Binding(one.name, (*one.shape, 1), one.dtype, one.is_input) for one in job.bindings)
    with pytest.raises(EngineError, match="flow_head"):
        check_bindings(built.bindings, other, "flow_head")


def test_a_card_that_is_not_served_is_refused_before_anything_is_built(shipped: Bundle) -> None:
    job = engine_jobs(shipped, "rtx", None, SESSIONS, (90,))["decoder"]
    with pytest.raises(EngineError, match=r"9\.0"):
        build_engine(RTX, job.name, job.graph, BuildOptions(capabilities=(90,)), time.perf_counter)
