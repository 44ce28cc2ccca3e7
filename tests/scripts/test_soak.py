"""A soak of seconds: figures, file and the slope."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soak
from soak import Sample


def test_a_short_soak_writes_its_figures(tmp_path: Path) -> None:
    file = tmp_path / "soak.json"
    assert soak.main(["--minutes", "0.06", "--json", str(file)]) == 0
    figures = json.loads(file.read_text("utf-8"))
    assert figures["joined"] >= 1
    assert figures["chunks"] > 10
    assert figures["most_threads"] > 1
    assert figures["disconnected"] == 0


def test_the_slope_is_of_what_comes_after_the_settling() -> None:
    grown = [Sample(float(second), 100 + 0.1 * second, 10, 5) for second in range(600)]
    assert soak.slope_mib_per_min(grown) == pytest.approx(6.0)
    at_first = [Sample(float(second), 100 + min(second, 60), 10, 5) for second in range(600)]
    assert soak.slope_mib_per_min(at_first) == pytest.approx(0.0, abs=1e-6)
