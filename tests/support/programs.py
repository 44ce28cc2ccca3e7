"""Builds the test programs of the clients that are not Python, with what Debian packages bring.

Without a compiler the test is skipped and says which package brings it; where the variable CI is set it fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITY_PACKAGE = ROOT / "unity_sample" / "com.stereosync.bridge"
UNREAL_PLUGIN = ROOT / "unreal_sample" / "StereoSync"
CPP_CORE = UNREAL_PLUGIN / "Source" / "StereoSyncCore"
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
    main = sorted((ROOT / "unreal_sample" / "conformance").rglob("*.cpp"))
    return link_cpp(folder, compile_cpp(folder, main, more_options), more_options, libraries)


def compile_cpp(folder: Path, more_sources: Sequence[Path], more_options: Sequence[str] = ()) -> list[str]:
    """Objects of the core and of a program's own sources."""
    return compile_sources(folder, [*sorted((CPP_CORE / "Private").rglob("*.cpp")), *more_sources], more_options)


def compile_sources(folder: Path, sources: Sequence[Path], more_options: Sequence[str] = ()) -> list[str]:
    """Objects of sources that include the core; as many at a time as the machine has cores."""
    options = ["-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", "-fno-exceptions", "-fno-rtti", "-pthread"]
    includes = [f"-I{CPP_CORE / 'Public'}", f"-I{CPP_CORE / 'Private'}"]
    command = [require_tool("g++", "g++"), *options, *more_options, *includes, "-c"]
    objects = [str(folder / f"{number}_{source.stem}.o") for number, source in enumerate(sources)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda source, made: build([*command, str(source), "-o", made]), sources, objects))
    return objects


def link_cpp(
    folder: Path, objects: Sequence[str], more_options: Sequence[str] = (), libraries: Sequence[str] = ()
) -> list[str]:
    """A program of objects, as a command."""
    program = folder / "conformance"
    build([require_tool("g++", "g++"), "-pthread", *more_options, *objects, *libraries, "-o", str(program)])
    return [str(program)]
