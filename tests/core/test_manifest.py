"""A manifest that says something impossible is refused with a sentence, wherever it says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stereosync.bundle import BundleError
from stereosync.manifest import parse

CORPUS = Path(__file__).parents[1] / "attacks" / "corpus" / "bundle.json"


@pytest.mark.parametrize(
    "said",
    [
        {"clock": {"sample_rate_hz": 48_000, "latent_rate_hz": 0, "chunk_latents": 2}},
        {"schedules": {"0": {"a": 1}}},
        {"schedules": {"0": {}}},
    ],
    ids=["no latents a second", "a schedule that is a map", "a schedule that is empty"],
)
def test_impossible_values_are_a_bundle_error(said: dict[str, Any]) -> None:
    data = json.loads(CORPUS.read_text("utf-8"))
    with pytest.raises(BundleError, match="bundle"):
        parse(data | said, Path())
