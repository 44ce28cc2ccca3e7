"""Toy graphs as files; a library and a card that are made up; the real library for RTX cards."""

from __future__ import annotations

import logging
import sys
import warnings

import pytest
from fake_tensorrt import TEXTS, FakeCuda, FakeLibrary, Toys, model_of

from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.backend import BACKENDS, Backend, import_library


@pytest.fixture(scope="session")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Toys:
    """Files of the toy graphs."""
    import onnx

    folder = tmp_path_factory.mktemp("toys")
    for kind in TEXTS:
        onnx.save(model_of(kind), folder / f"{kind}.onnx")
    paths = {kind: folder / f"{kind}.onnx" for kind in TEXTS}
    return Toys(paths, {kind: path.read_bytes() for kind, path in paths.items()})


@pytest.fixture(scope="session")
def rtx() -> Backend:
    """The backend of the real library, which builds without a card; skips loudly where it is not installed."""
    try:
        import_library(BACKENDS["rtx"])
    except RunnerError as error:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(f"NO ENGINE IS BUILT: {error}", stacklevel=1)
        pytest.skip(f"NO ENGINE IS BUILT: {error}")
    return BACKENDS["rtx"]


@pytest.fixture
def cuda() -> FakeCuda:
    """A card."""
    return FakeCuda()


@pytest.fixture
def library(cuda: FakeCuda, monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    """The module `tensorrt`, as far as anybody can tell."""
    fake = FakeLibrary(cuda)
    monkeypatch.setitem(sys.modules, "tensorrt", fake)
    return fake


@pytest.fixture(autouse=True)
def loud(caplog: pytest.LogCaptureFixture) -> None:
    """What the package logs can be read by tests."""
    caplog.set_level(logging.INFO, "stereosync.tensorrt")
