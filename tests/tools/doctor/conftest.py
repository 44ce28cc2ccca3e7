"""What every check must keep to."""

from __future__ import annotations

import pytest
from judging import Judge

from stereosync_tools.doctor.finding import Finding


@pytest.fixture
def judge() -> Judge:
    """Demands a verdict, words of the cause and words of the cure; no cure where nothing is wrong."""

    def demand(finding: Finding, verdict: str, cause: str, cure: str = "") -> None:
        assert finding.verdict == verdict, finding
        assert cause in finding.text, finding
        assert cure in finding.cure, finding
        assert bool(finding.cure) == (verdict != "ok"), finding

    return demand
