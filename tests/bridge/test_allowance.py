"""The token bucket: what one may overdraw, and what many share."""

from __future__ import annotations

from stereosync_bridge.allowance import Allowance


def test_an_amount_grows_with_time_up_to_the_most() -> None:
    allowance = Allowance(per_s=10, most=20, at_s=0.0)
    assert all(allowance.spend(1, 0.0) for _ in range(20))
    assert not allowance.spend(1, 0.0)
    assert allowance.spend(1, 0.2)
    assert sum(allowance.spend(1, 100.0) for _ in range(30)) == 20


def test_who_takes_as_much_again_is_overdrawn() -> None:
    allowance = Allowance(per_s=10, most=20, at_s=0.0)
    for _ in range(40):
        allowance.spend(1, 0.0)
    assert not allowance.overdrawn
    allowance.spend(1, 0.0)
    assert allowance.overdrawn


def test_nobody_makes_a_debt_that_others_have_to_wait_for() -> None:
    """A flood of HELLO once kept everybody out for as many quarters of a second as it had messages."""
    shared = Allowance(per_s=4, most=8, at_s=0.0)
    assert sum(shared.take(1, 0.0) for _ in range(10_000)) == 8
    assert shared.take(1, 0.25)
    assert not shared.take(1, 0.25)
