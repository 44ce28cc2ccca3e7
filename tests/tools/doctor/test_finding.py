"""Findings and what is captured: a check that breaks is a finding, and libraries print into a string."""

import os
import subprocess
import sys
from typing import Any

import pytest
from judging import Judge

from stereosync_runners.captured_output import as_text, captured_output, first_line
from stereosync_tools.doctor.finding import Finding, examined, serves


def test_only_a_fail_keeps_a_service_from_starting() -> None:
    kinds: Any = ("ok", "warn", "absent")
    assert serves(Finding("a", kind, "") for kind in kinds)
    assert not serves([Finding("a", "ok", ""), Finding("b", "fail", "")])


@pytest.mark.parametrize(("needed", "verdict"), [(True, "fail"), (False, "warn")])
def test_a_check_that_breaks_is_a_finding_with_the_reason(judge: Judge, needed: bool, verdict: str) -> None:
    def breaks() -> list[Finding]:
        raise LookupError("no such thing\nand more")

    (found,) = examined("here", breaks, needed)
    judge(found, verdict, "LookupError: no such thing)", "report it")
    assert examined("here", lambda: [found], needed) == [found]


def test_the_first_line_that_says_something_is_taken() -> None:
    assert first_line("\n  \n  why \nmore") == "why"
    assert first_line(" \n") == "it gave no reason"


def test_what_python_and_c_print_is_collected_and_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with captured_output() as heard:
        print("from Python")
        os.write(1, b"from C\n")
        os.write(2, b"and its errors\n")
    assert sorted(heard.text.split("\n")) == ["", "and its errors", "from C", "from Python"]
    print("shown again")
    shown = capfd.readouterr()
    assert (shown.out, shown.err) == ("shown again\n", "")


def test_an_error_passes_through_and_printing_works_again(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        os.write(2, b"before")
        raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"), captured_output() as heard:
        fail()
    assert heard.text == "before"
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_the_two_encodings_of_a_windows_console_read_alike() -> None:
    assert as_text("cudnn64_9.dll".encode("utf-16-le") + b" missing") == "cudnn64_9.dll missing"


def test_the_doctor_lives_where_numpy_does_not() -> None:
    """Its own report of the broken package must come out, whatever else cannot be looked at."""
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from stereosync_tools.doctor.cli import main\n"
        "sys.exit(main(['--bundle', 'none']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 1, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("fail")]
    assert any("numpy" in line and "pip install --force-reinstall numpy" in line for line in lines), done.stdout
