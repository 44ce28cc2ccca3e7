"""What is shown: a table on a terminal, lines elsewhere, and nothing lost to the table's markup."""

import io
import json
import sys

import pytest
from rich.console import Console

from stereosync_tools.doctor import report
from stereosync_tools.doctor.finding import Finding

FINDINGS = [
    Finding("python", "ok", "3.13"),
    Finding("gpu", "absent", "none", "get one"),
    Finding("onnxruntime", "fail", "not installed", 'pip install "stereosync[cpu]"'),
    Finding("rtx backbone", "warn", "odd", "report it"),
    Finding("port 5750", "ok", "free"),
]


def test_lines_have_verdict_topic_cause_and_cure() -> None:
    lines = report.plain(FINDINGS)
    assert lines[0] == "ok     python: 3.13"
    assert lines[2] == 'fail   onnxruntime: not installed -> pip install "stereosync[cpu]"'


def test_the_summary_names_what_is_broken() -> None:
    assert report.summary(FINDINGS) == "Broken: onnxruntime."
    assert report.summary([FINDINGS[0], FINDINGS[3]]) == "A service would start here; warnings: 1."
    assert report.summary(FINDINGS[:2]) == "A service would start here."


def test_json_has_all_of_it() -> None:
    written = json.loads(report.as_json(FINDINGS))
    assert written["serves"] is False
    assert [one["verdict"] for one in written["findings"]] == [one.verdict for one in FINDINGS]
    assert written["findings"][1] == {"topic": "gpu", "verdict": "absent", "text": "none", "cure": "get one"}


def test_what_is_reported_is_the_machine_and_tensorrt() -> None:
    lines = report.to_report(FINDINGS)
    assert "report these lines" in lines[0]
    assert [line.split(":")[0].split(maxsplit=1)[1] for line in lines[1:]] == [
        "python", "gpu", "onnxruntime", "rtx backbone",
    ]  # fmt: skip


def test_a_table_keeps_what_stands_in_brackets() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=160)
    report._draw(console, FINDINGS)
    drawn = console.file.getvalue()  # type: ignore[attr-defined]
    assert 'pip install "stereosync[cpu]"' in drawn
    assert all(one.topic in drawn for one in FINDINGS)


def test_elsewhere_than_on_a_terminal_there_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    report.show(FINDINGS)
    assert capsys.readouterr().out.splitlines() == [*report.plain(FINDINGS), "Broken: onnxruntime."]


def test_without_rich_there_are_lines_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    report.show(FINDINGS)
    assert capsys.readouterr().out.splitlines()[-1] == "Broken: onnxruntime."
