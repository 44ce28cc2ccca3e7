"""The findings on the screen and in a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from stereosync_tools.doctor.finding import Finding, serves

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red", "absent": "bright_black"}
REPORTED = ("python", "platform", "stereosync", "gpu", "tensorrt", "tensorrt_rtx", "cuda bindings", "onnxruntime")


def plain(findings: Sequence[Finding]) -> list[str]:
    """A line for each."""
    return [f"{one.verdict:<6} {one.topic}: {one.text}{f' -> {one.cure}' if one.cure else ''}" for one in findings]


def summary(findings: Sequence[Finding]) -> str:
    """One sentence."""
    broken = [finding.topic for finding in findings if finding.verdict == "fail"]
    warned = sum(finding.verdict == "warn" for finding in findings)
    if broken:
        return f"Broken: {', '.join(broken)}."
    return "A service would start here." if not warned else f"A service would start here; warnings: {warned}."


def as_json(findings: Sequence[Finding]) -> str:
    """The whole as an object: "serves", "findings"."""
    found = {"serves": serves(findings), "findings": [asdict(finding) for finding in findings]}
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def to_report(findings: Sequence[Finding]) -> list[str]:
    """Lines for the project about TensorRT on a card that it does not have."""
    told = [one for one in findings if one.topic in REPORTED or one.topic.split()[0] in ("gpu", "rtx", "tensorrt")]
    return ["Please report these lines, good or bad:", *plain(told)]


def show(findings: Sequence[Finding]) -> None:
    """A table on a terminal, lines elsewhere."""
    try:
        from rich.console import Console
    except ImportError:
        print(*plain(findings), summary(findings), sep="\n")
        return
    console = Console()
    if console.is_terminal:
        _draw(console, findings)
    else:
        print(*plain(findings), sep="\n")
    print(summary(findings))


def _draw(console: Any, findings: Sequence[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text  # since what is in brackets would be taken for colours

    table = Table("", "what", "found", "cure")
    for one in findings:
        verdict = Text(one.verdict, style=COLOURS[one.verdict])
        table.add_row(verdict, Text(one.topic), Text(one.text, overflow="fold"), Text(one.cure, overflow="fold"))
    console.print(table)
