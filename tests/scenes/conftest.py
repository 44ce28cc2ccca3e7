"""Shared by the tests of the scenes: plans that many tests look at, and the rule about missing graphics."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from stereosync_scenes.casting import make_plan
from stereosync_scenes.graphics import GraphicsUnavailable, canvas
from stereosync_scenes.plan import Plan
from stereosync_scenes.renderer import Renderer

SEEDS = range(8)


@pytest.fixture(scope="session")
def plans() -> list[Plan]:
    return [make_plan(seed) for seed in SEEDS]


@pytest.fixture(scope="session")
def graphics() -> None:
    """Skips, and says so in the summary, where nothing can be drawn."""
    try:
        canvas(256, 144)
    except GraphicsUnavailable as error:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(f"NO PICTURE IS TESTED: {error}", stacklevel=1)
        pytest.skip(f"NO PICTURE IS TESTED: {error}")


@pytest.fixture
def renderer(plans: list[Plan]) -> Iterator[Renderer]:
    with Renderer(plans[0]) as one:
        yield one
