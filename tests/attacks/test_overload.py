"""More sessions than there is time for are served alike. Time is turned by hand."""

from __future__ import annotations

import pytest
from by_hand import Loop, drain
from made_scenes import SceneMaker
from toy_graphs import Toy, toy, toy_bundle

__all__ = ["toy", "toy_bundle"]

SESSIONS = 16
FEWEST_OVER_MOST = 0.8


@pytest.mark.parametrize("together", [1, 4])
@pytest.mark.parametrize("cost_s", [0.004, 0.01])
def test_under_overload_nobody_starves(toy: Toy, scene: SceneMaker, together: int, cost_s: float) -> None:
    """A chunk of 40 ms takes 8 ms and more of the backbone alone, and 16 sessions want one each."""
    toy.runners["backbone"].cost_s = cost_s
    loop = Loop(toy, SESSIONS, together=together)
    drain(loop.run(4.0, scene))
    chunks = [len(player.chunks) for player in loop.players]
    assert min(chunks) > 0
    assert min(chunks) >= FEWEST_OVER_MOST * max(chunks), chunks


def test_who_claims_to_have_played_everything_is_not_served_first_for_ever(toy: Toy, scene: SceneMaker) -> None:
    toy.runners["backbone"].cost_s = 0.01
    loop = Loop(toy, SESSIONS)
    liar = loop.players[0]
    liar.played = lambda: liar.received  # type: ignore[method-assign]
    drain(loop.run(4.0, scene))
    chunks = [len(player.chunks) for player in loop.players]
    assert chunks[0] <= max(chunks[1:]) / FEWEST_OVER_MOST, chunks
