"""Shared by the tests of the Panda3D client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from panda_game import Recording, ToneService, recorded


@pytest.fixture
def tone_service() -> Iterator[Callable[..., ToneService]]:
    """Starts services; they end with the test."""
    opened: list[ToneService] = []

    def start(*arguments: Any, **named: Any) -> ToneService:
        opened.append(ToneService(*arguments, **named))
        return opened[-1]

    yield start
    for service in opened:
        service.close()


@pytest.fixture
def play_game(tmp_path: Path, graphics: None) -> Callable[[str, float, float], Recording]:  # noqa: ARG001
    """Plays the small game against the service at an address for some seconds, with so many ms of sound ahead."""
    return lambda address, seconds, ahead_ms: recorded(
        [str(Path(__file__).with_name("game.py")), address, str(seconds), "{wav}", str(ahead_ms)], tmp_path, seconds
    )
