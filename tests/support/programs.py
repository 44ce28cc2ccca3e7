"""Builds the test programs of the clients that are not Python, with what Debian packages bring.

Without a compiler the test is skipped and says which package brings it; where the variable CI is set it fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITY_PACKAGE = ROOT / "unity_sample" / "com.stereosync.bridge"
UNREAL_PLUGIN = ROOT / "unreal_sample" / "StereoSync"
GODOT_PROJECT = ROOT / "godot_sample"
BUILD_LIMIT_S = 300


def require_tool(name: str, package: str) -> str:
    """The path of a program; skips the test, or fails it in CI, when it is not installed."""
    path = shutil.which(name)
    return missing(name, package) if path is None else path


def missing(name: str, package: str) -> NoReturn:
    """Skip the test, or fail it in CI, because something is not installed."""
    reason = f"{name} IS NOT INSTALLED, SO THIS CLIENT IS NOT TESTED HERE: apt-get install {package}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def build(command: list[str]) -> None:
    """Run a compiler; its words are the failure. Warnings count as errors where the command says so."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_LIMIT_S, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def build_csharp(folder: Path) -> list[str]:
    """The C# client's test program, as a command to which arguments are added."""
    compiler, runtime = require_tool("mcs", "mono-mcs"), require_tool("mono", "mono-runtime")
    sources = sorted((UNITY_PACKAGE / "Runtime" / "Core").rglob("*.cs")) + sorted(
        (ROOT / "unity_sample" / "conformance").rglob("*.cs")
    )
    program = folder / "conformance.exe"
    options = ["-langversion:7", "-optimize+", "-warnaserror", "-r:System.dll", "-r:System.Core.dll"]
    build([compiler, *options, f"-out:{program}", *map(str, sources)])
    return [runtime, str(program)]


def build_cpp(folder: Path, more_options: Sequence[str] = (), libraries: Sequence[str] = ()) -> list[str]:
    """The C++ client's test program, built as Unreal builds: without exceptions and run-time types."""
    compiler = require_tool("g++", "g++")
    core = UNREAL_PLUGIN / "Source" / "StereoSyncCore"
    sources = sorted((core / "Private").rglob("*.cpp")) + sorted(
        (ROOT / "unreal_sample" / "conformance").rglob("*.cpp")
    )
    program = folder / "conformance"
    options = ["-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", "-fno-exceptions", "-fno-rtti", "-pthread"]
    includes = [f"-I{core / 'Public'}", f"-I{core / 'Private'}"]
    build([compiler, *options, *more_options, *includes, *map(str, sources), *libraries, "-o", str(program)])
    return [str(program)]
