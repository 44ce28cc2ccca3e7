"""What the doctor's tests hold a finding against."""

from __future__ import annotations

from typing import Protocol

from stereosync_tools.doctor.finding import Finding


class Judge(Protocol):
    """The fixture `judge`: demands a verdict, words of the cause and words of the cure."""

    def __call__(self, finding: Finding, verdict: str, cause: str, cure: str = "") -> None: ...
