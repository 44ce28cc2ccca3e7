"""Debian's Godot 3, for which a small project is laid out in a temporary folder, and Godot 4's web build."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from programs import GODOT_PROJECT, ROOT, require_tool

sys.path.insert(0, str(Path(__file__).parent))  # for the modules beside this one

GOLDEN = ROOT / "bridge" / "golden"
LIMIT_S = 60
GODOT4_SHA256 = "2b558bdb3c3af1f822ce6c43e09e1fa844d82fa440fe40d2d25d6c36ddf95137"  # of index.wasm

GodotRunner = Callable[[str, Sequence[str]], list[str]]


@pytest.fixture(scope="session")
def godot3_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Godot 3 project: the core as it is shipped, the conformance program, and the sample for Godot 3."""
    folder = tmp_path_factory.mktemp("godot3") / "project"
    shutil.copytree(Path(__file__).with_name("project3"), folder)
    core = Path("addons", "stereosync", "core")
    shutil.copytree(GODOT_PROJECT / core, folder / core)
    shutil.copytree(GODOT_PROJECT / "conformance", folder / "conformance")
    shutil.copy(GODOT_PROJECT / "walking_gait.gd", folder)
    return folder


@pytest.fixture(scope="session")
def godot3_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Godot keeps its own files in a temporary home."""
    home = str(tmp_path_factory.mktemp("home"))
    folders = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), home)
    return {**os.environ, **folders, "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="session")
def run_godot3(
    godot3_project: Path, godot3_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> GodotRunner:
    """Runs a mode of the conformance program on lines; gives the lines that it wrote."""
    program = require_tool("godot3-server", "godot3-server")
    scratch = tmp_path_factory.mktemp("lines")

    def run(mode: str, lines: Sequence[str]) -> list[str]:
        questions, answers = scratch / "in", scratch / "out"
        questions.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        answers.unlink(missing_ok=True)
        command = [program, "--path", str(godot3_project), "-s", "res://conformance/run.gd"]
        options = [f"mode={mode}", f"golden={GOLDEN}", f"in={questions}", f"out={answers}"]
        done = subprocess.run(
            [*command, *options],
            env=godot3_environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert answers.exists(), done.stdout + done.stderr
        assert "SCRIPT ERROR" not in done.stdout + done.stderr, done.stdout + done.stderr
        return answers.read_text(encoding="utf-8").splitlines()

    return run


@pytest.fixture(scope="session")
def godot4_build() -> Path:
    """The folder with Godot 4's web build."""
    folder = os.environ.get("STEREOSYNC_GODOT4_WEB")
    if not folder:
        reason = "GODOT 4'S WEB BUILD IS NOT HERE, SO NOTHING RUNS IN GODOT 4: see the top of test_godot4.py"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    wasm = (Path(folder) / "index.wasm").read_bytes()
    assert hashlib.sha256(wasm).hexdigest() == GODOT4_SHA256, "this is another build"
    return Path(folder)
