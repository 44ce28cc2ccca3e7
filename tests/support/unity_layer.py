"""The Unity layer in one program, on stand-ins for Unity, and what its checks answer."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from pathlib import Path

import programs

STUBS = programs.ROOT / "tests" / "unity_sample" / "stubs"
LIMIT_S = 30
Answers = dict[str, list[list[str]]]


def build_layer(folder: Path) -> list[str]:
    """Core, layer, editor part, sample and the checks, as a command to which a check's name is added."""
    compiler = programs.require_tool("mcs", "mono-mcs")
    runtime = programs.require_tool("mono", "mono-runtime")
    folders = [programs.UNITY_PACKAGE / name for name in ("Runtime/Core", "Runtime/Unity", "Editor", "Samples~")]
    sources = [str(path) for part in [*folders, STUBS] for path in sorted(part.rglob("*.cs"))]
    program = folder / "layer.exe"
    options = ["-langversion:7", "-warnaserror", "-define:UNITY_EDITOR", "-r:System.dll", "-r:System.Core.dll"]
    programs.build([compiler, *options, f"-out:{program}", *sources])
    return [runtime, str(program)]


def ask(layer: list[str], *arguments: str) -> Answers:
    """The check's answers by name."""
    done = subprocess.run([*layer, *arguments], capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answers: Answers = defaultdict(list)
    for line in done.stdout.splitlines():
        name, *words = line.split(" ")
        answers[name].append(words)
    return answers


def sentence(answers: Answers, name: str) -> str:
    return " ".join(answers[name][0])


def numbers(answers: Answers, name: str) -> list[float]:
    return [float(word) for word in answers[name][0]]
