"""Engines that are built while others serve: what is said, what is offered, and what a failure leaves."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stereosync_runtime import sharing
from stereosync_runners.runner import Engine, EngineError
from stereosync_runtime.options import ServeOptions
from stereosync_runners.tensorrt.background import Upgrade, build_command


def python(code: str) -> list[str]:
    """A process that stands in for the builder."""
    return [sys.executable, "-c", code]


def run(upgrade: Upgrade) -> list[Mapping[str, Engine]]:
    offered: list[Mapping[str, Engine]] = []
    upgrade.start(offered.append)
    upgrade._thread.join()  # type: ignore[union-attr]
    return offered


def test_what_was_built_is_loaded_and_offered() -> None:
    said: list[str] = []
    engines: Any = {"decoder": object()}
    assert run(Upgrade(python("print('built')"), lambda: engines, said.append)) == [engines]
    assert said == ["built", "TensorRT serves from the next chunk on"]


def test_a_build_that_fails_leaves_what_serves() -> None:
    said: list[str] = []
    assert run(Upgrade(python("print('no'); raise SystemExit(1)"), dict, said.append)) == []
    assert said[0] == "no"
    assert "ONNX Runtime goes on serving" in said[-1]


def test_engines_that_do_not_open_leave_what_serves() -> None:
    said: list[str] = []

    def refused() -> Mapping[str, Engine]:
        raise EngineError("of another version")

    assert run(Upgrade(python(""), refused, said.append)) == []
    assert "do not serve (of another version)" in said[-1]


def test_a_build_is_given_up_when_the_service_stops() -> None:
    said: list[str] = []
    upgrade = Upgrade(python("import time; time.sleep(60)"), dict, said.append)
    upgrade.start(lambda _engines: None)
    upgrade.stop()
    assert "were not built" in said[-1]


def test_the_service_begins_with_onnx_runtime_while_engines_are_missing(
    toy_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(sharing, "missing_engines", lambda *_given: ["decoder"])
    options = ServeOptions(bundle=str(toy_folder), device="rtx")
    engines, upgrade = sharing.first_engines(sharing.open_bundle(options.bundle), options, said.append)
    assert upgrade is not None
    assert sharing.device_of(engines["decoder"]) == "cpu"
    assert "engines of decoder must be built first" in said[0]
    monkeypatch.setattr(sharing, "missing_engines", lambda *_given: [])
    monkeypatch.setattr(sharing, "load_engines", lambda *_given: {"decoder": "native"})
    assert sharing.first_engines(sharing.open_bundle(options.bundle), options, said.append) == (
        {"decoder": "native"},
        None,
    )


def test_the_command_is_the_one_that_builds(tmp_path: Path) -> None:
    command = build_command(tmp_path, "rtx", "fp16", 8)
    assert command[:3] == [sys.executable, "-m", "stereosync_runners.tensorrt"]
    assert command[3:] == [str(tmp_path), "--device", "rtx", "--sessions", "8", "--precision", "fp16"]
