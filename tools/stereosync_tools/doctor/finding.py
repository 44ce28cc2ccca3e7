"""The result of a check: a verdict, a sentence, and the cure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from stereosync_runners.captured_output import first_line

Verdict = Literal["ok", "warn", "fail", "absent"]
REPORT = "report it together with what stereosync-doctor --json FILE writes"


@dataclass(frozen=True)
class Finding:
    """One row.

    "fail": a service would not start here, or not keep up. "warn": it would, and something else suffers. "absent":
    something that not everybody needs is not there. `cure` is a sentence with the command that mends it, "" when ok.
    """

    topic: str
    verdict: Verdict
    text: str
    cure: str = ""


def serves(findings: Iterable[Finding]) -> bool:
    """True if a service would start."""
    return all(finding.verdict != "fail" for finding in findings)


def examined(topic: str, check: Callable[[], Sequence[Finding]], needed: bool) -> Sequence[Finding]:
    """Findings of a check; one that breaks is a finding too: a doctor must live where other programs do not."""
    try:
        return check()
    except Exception as error:
        text = f"could not be looked at ({type(error).__name__}: {first_line(str(error))})"
        return [Finding(topic, "fail" if needed else "warn", text, f"mend what stands above, else {REPORT}")]
