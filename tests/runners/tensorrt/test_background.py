"""Runners that are built while others serve: what is said, what is offered, and what a failure leaves."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stereosync_runners.forms import RunnerRequest
from stereosync_runners.runner import Runner, RunnerError
from stereosync_runners.tensorrt.background import BackgroundBuild, build_command
from stereosync_runtime import service_parts
from stereosync_runtime.options import ServeOptions


def python(code: str) -> list[str]:
    """A process that stands in for the builder."""
    return [sys.executable, "-c", code]


def run(build: BackgroundBuild) -> list[Mapping[str, Runner]]:
    offered: list[Mapping[str, Runner]] = []
    build.start(offered.append)
    build._thread.join()  # type: ignore[union-attr]
    return offered


def test_what_was_built_is_loaded_and_offered() -> None:
    said: list[str] = []
    runners: Any = {"decoder": object()}
    assert run(BackgroundBuild(python("print('built')"), lambda: runners, said.append)) == [runners]
    assert said == ["built", "TensorRT serves from the next chunk on"]


def test_a_build_that_fails_leaves_what_serves() -> None:
    said: list[str] = []
    assert run(BackgroundBuild(python("print('no'); raise SystemExit(1)"), dict, said.append)) == []
    assert said[0] == "no"
    assert "ONNX Runtime goes on serving" in said[-1]


def test_runners_that_do_not_open_leave_what_serves() -> None:
    said: list[str] = []

    def refused() -> Mapping[str, Runner]:
        raise RunnerError("of another version")

    assert run(BackgroundBuild(python(""), refused, said.append)) == []
    assert "do not serve (of another version)" in said[-1]


def test_a_build_is_given_up_when_the_service_stops() -> None:
    said: list[str] = []
    build = BackgroundBuild(python("import time; time.sleep(60)"), dict, said.append)
    build.start(lambda _runners: None)
    build.stop()
    assert "were not built" in said[-1]


def test_the_service_begins_with_onnx_runtime_while_runners_are_missing(
    toy_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(service_parts, "missing_engines", lambda *_given: ["decoder"])
    options = ServeOptions(bundle=str(toy_folder), device="rtx")
    runners, build = service_parts.first_runners(service_parts.open_bundle(options.bundle), options, said.append)
    assert build is not None
    assert service_parts.device_of(runners["decoder"]) == "cpu"
    assert "engines of decoder must be built first" in said[0]
    monkeypatch.setattr(service_parts, "missing_engines", lambda *_given: [])
    monkeypatch.setattr(service_parts, "load_runners", lambda *_given: {"decoder": "native"})
    assert service_parts.first_runners(service_parts.open_bundle(options.bundle), options, said.append) == (
        {"decoder": "native"},
        None,
    )


def test_the_command_is_the_one_that_builds(tmp_path: Path) -> None:
    command = build_command(tmp_path, RunnerRequest("rtx", precision="fp16", sessions=8))
    assert command[:3] == [sys.executable, "-m", "stereosync_runtime.build_engines"]
    assert command[3:] == [str(tmp_path), "--device", "rtx", "--sessions", "8", "--precision", "fp16"]
