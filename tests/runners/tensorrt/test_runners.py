"""All graphs of a bundle: built once, kept, built again when something changed, which is said."""

from __future__ import annotations

import itertools
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_tensorrt import SPECS, FakeLibrary, Toys, stepped

from stereosync.bundle_spec import Bundle, GraphForm
from stereosync.clock import Clock
from stereosync.cues import CueSpec
from stereosync_runners.forms import RunnerRequest
from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt import prepare, runners
from stereosync_runners.tensorrt.backend import Backend
from stereosync_runners.tensorrt.cache import EngineCache
from stereosync_runners.tensorrt.cuda import Card
from stereosync_runners.tensorrt.prepare import prepared_engine
from stereosync_runners.tensorrt.runners import engine_jobs, tensorrt_runners

DEVICES = ("tensorrt", "rtx")


@pytest.fixture
def bundle(toys: Toys) -> Bundle:
    """A bundle of a plain graph and a pooled one, which is as much as engines are made of."""
    forms = {
        kind: GraphForm(path.name, f"hash of {kind}", "fp16", 20, DEVICES, pooled=kind == "pooled")
        for kind, path in toys.paths.items()
    }
    graphs = {kind: replace(spec, variants=(forms[kind],)) for kind, spec in SPECS.items()}
    return Bundle(
        name="toy",
        version="0",
        clock=Clock(),
        cue_spec=CueSpec(),
        latent_dim=4,
        schedules={},
        graphs=graphs,
        max_lead_s=0.2,
        folder=toys.paths["plain"].parent,
    )


@pytest.fixture
def here(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeLibrary:
    """A card, and a cache of its own."""
    monkeypatch.setenv("STEREOSYNC_ENGINES", str(tmp_path / "engines"))
    monkeypatch.setattr(runners, "CudaRuntime", lambda _extra: library.cuda)
    return library


def test_engines_are_built_once_then_found_again_and_run(here: FakeLibrary, bundle: Bundle) -> None:
    said: list[str] = []
    clock = itertools.count(0.0, 4.0)
    tensorrt_runners(bundle, RunnerRequest("tensorrt", sessions=5), said.append, clock=lambda: next(clock))
    assert here.built == 2
    assert said == [
        "the engine of toy-plain is built for the first time; it takes about 60 s (a guess, none was built before)",
        "graph plain: tensorrt 10.14.1 fp16, Toy 1",
        said[2],
        "graph pooled: tensorrt 10.14.1 fp16, Toy 1",
    ]
    assert "toy-pooled is built for the first time; it takes about" in said[2]
    assert "as earlier ones did" in said[2]
    assert here.shapes["x"] == ((1, 4), (4, 4), (5, 4))
    assert here.shapes["pool_m"] == ((6, 4),) * 3
    made = tensorrt_runners(bundle, RunnerRequest("tensorrt", sessions=5), said.append)
    assert here.built == 2
    x = np.ones((2, 4), np.float32)
    y, _ = made["pooled"].run({"x": x}, [made["pooled"].initial() for _ in range(2)])
    assert np.allclose(y["y"], stepped(x, 0)[0], atol=1e-6)
    assert made["plain"].run({"x": x})[0]["y"].shape == (2, 4)


def test_another_driver_or_number_of_sessions_builds_again_and_says_so(
    here: FakeLibrary, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    tensorrt_runners(bundle, RunnerRequest("tensorrt", sessions=5), said.append)
    monkeypatch.setattr(here.cuda, "card", lambda: Card("Toy 1", 90, "13.1"))
    tensorrt_runners(bundle, RunnerRequest("tensorrt", sessions=5), said.append)
    assert "toy-plain is built again because the driver changed from 13.0 to 13.1; it takes" in said[4]
    tensorrt_runners(bundle, RunnerRequest("tensorrt", sessions=8), said.append)
    assert "the sizes of batch and pool changed from batch 1/4/5, pool 6 to batch 1/4/8, pool 9" in said[8]
    assert here.built == 6


def test_a_damaged_engine_is_built_again(here: FakeLibrary, bundle: Bundle, tmp_path: Path) -> None:
    said: list[str] = []
    tensorrt_runners(bundle, RunnerRequest("tensorrt"), said.append)
    for path in (tmp_path / "engines").glob("toy-plain-*.engine"):
        path.write_bytes(path.read_bytes()[:-1])
    tensorrt_runners(bundle, RunnerRequest("tensorrt"), said.append)
    assert here.built == 3
    assert "toy-plain is built again because" in said[4]
    assert "cut short" in said[4]


def test_an_engine_that_cannot_be_kept_is_used_all_the_same(
    here: FakeLibrary, bundle: Bundle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("", "utf-8")
    monkeypatch.setenv("STEREOSYNC_ENGINES", str(tmp_path / "a file"))
    said: list[str] = []
    assert tensorrt_runners(bundle, RunnerRequest("tensorrt"), said.append).keys() == {"plain", "pooled"}
    assert "cannot be kept" in said[1]
    assert "built again next time" in said[1]
    assert here.built == 2


def test_a_bundle_without_the_form_that_a_device_needs_is_refused(bundle: Bundle) -> None:
    bundle.graphs["pooled"] = replace(bundle.graphs["pooled"], variants=())
    with pytest.raises(RunnerError, match="bundle toy has no form of graph pooled for tensorrt: export it again"):
        engine_jobs(bundle, RunnerRequest("tensorrt"))


def test_a_card_that_the_library_does_not_serve_is_refused_before_anything_is_built(
    here: FakeLibrary, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tensorrt_rtx", here)
    with pytest.raises(RunnerError, match=r"tensorrt_rtx does not serve Toy 1 of compute capability 9\.0"):
        tensorrt_runners(bundle, RunnerRequest("rtx"), print)
    assert here.built == 0


def test_engines_of_the_real_library_are_built_ahead_for_a_card_that_is_not_here(
    rtx: Backend, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, said = EngineCache(tmp_path), list[str]()
    ahead = engine_jobs(bundle, RunnerRequest("rtx", sessions=3), (89,))["pooled"]
    made = prepared_engine(cache, rtx, ahead, None, said.append, lambda: 0.0)
    assert len(made) > 1000
    monkeypatch.delattr(prepare, "build_engine")  # from here on, nothing can be built
    on_card = engine_jobs(bundle, RunnerRequest("rtx", sessions=3))["pooled"]
    card = Card("NVIDIA Toy", 89, "13.0")
    assert prepared_engine(cache, rtx, on_card, card, said.append, lambda: 0.0) == made
    assert len(said) == 1
