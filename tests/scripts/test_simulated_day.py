"""Short hours of a simulated day, and what makes a day a bad one."""

from __future__ import annotations

from dataclasses import replace

import pytest
import simulated_day
from simulated_day import Hour

GOOD = Hour(60.0, 70.0, 80.0, (0, 0, 0, 0), 34.0)


def test_short_hours_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(simulated_day, "HOUR_S", 40.0)
    monkeypatch.setattr(simulated_day, "SETTLED_S", 5.0)
    assert simulated_day.main(["--hours", "2"]) == 0
    assert "0, 0, 0, 0" in capsys.readouterr().out


@pytest.mark.parametrize("bad", [{"median_ms": 90.0}, {"counts": (1, 0, 0, 0)}, {"mib": 40.0}])
def test_drift_faults_and_growth_make_it_a_bad_day(bad: dict[str, object]) -> None:
    assert simulated_day.held([GOOD, GOOD])
    assert not simulated_day.held([GOOD, replace(GOOD, **bad)])  # type: ignore[arg-type]
