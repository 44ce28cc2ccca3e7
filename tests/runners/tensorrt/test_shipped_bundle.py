"""Every graph of the bundle that ships is parsed and built by TensorRT for RTX, without a card, for every card."""

from __future__ import annotations

import time

import pytest

from stereosync.bundle import GRAPHS, Bundle
from stereosync_runners.forms import RunnerRequest
from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.backend import BACKENDS, Backend, precision_for
from stereosync_runners.tensorrt.bindings import Binding, check_bindings
from stereosync_runners.tensorrt.build import BuildOptions, build_engine
from stereosync_runners.tensorrt.runners import engine_jobs
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle

RTX = BACKENDS["rtx"]
SESSIONS = 8


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    return open_bundle(DEFAULT_BUNDLE)


WHOLE = tuple(capability for capability in RTX.capabilities if capability not in RTX.halves)


@pytest.mark.parametrize(("precision", "capabilities"), [("fp32", WHOLE), ("fp16", RTX.capabilities)])
@pytest.mark.parametrize("graph", GRAPHS)
def test_a_shipped_graph_builds_and_has_the_tensors_of_the_manifest(
    rtx: Backend, shipped: Bundle, graph: str, precision: str, capabilities: tuple[int, ...]
) -> None:
    job = engine_jobs(shipped, RunnerRequest("rtx", precision=precision, sessions=SESSIONS), capabilities)[graph]
    assert job.precision == precision
    built = build_engine(rtx, job.name, job.graph, job.options, time.perf_counter)
    check_bindings(built.bindings, job.bindings, graph)
    assert len(built.engine) > 1_000_000


def test_the_check_would_have_found_a_graph_of_other_tensors(rtx: Backend, shipped: Bundle) -> None:
    job = engine_jobs(shipped, RunnerRequest("rtx", precision=None, sessions=SESSIONS), (86,))["flow_head"]
    built = build_engine(rtx, job.name, job.graph, job.options, time.perf_counter)
    other = tuple(Binding(one.name, (*one.shape, 1), one.dtype, one.is_input) for one in job.bindings)
    with pytest.raises(RunnerError, match="flow_head"):
        check_bindings(built.bindings, other, "flow_head")


def test_on_cards_without_float32_products_half_precision_is_taken(rtx: Backend, shipped: Bundle) -> None:
    assert precision_for(rtx, 75, None) == "fp16"
    assert precision_for(rtx, 86, None) is None
    with pytest.raises(RunnerError, match=r"no float32 products for compute capability 7\.5"):
        precision_for(rtx, 75, "fp32")
    job = engine_jobs(shipped, RunnerRequest("rtx", precision="fp32", sessions=SESSIONS), (75,))["flow_head"]
    with pytest.raises(RunnerError, match="FP32 GEMM is not supported"):
        build_engine(rtx, job.name, job.graph, job.options, time.perf_counter)


def test_a_card_that_is_not_served_is_refused_before_anything_is_built(shipped: Bundle) -> None:
    job = engine_jobs(shipped, RunnerRequest("rtx", precision=None, sessions=SESSIONS), (90,))["decoder"]
    with pytest.raises(RunnerError, match=r"9\.0"):
        build_engine(RTX, job.name, job.graph, BuildOptions(capabilities=(90,)), time.perf_counter)
