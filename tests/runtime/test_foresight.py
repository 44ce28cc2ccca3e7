"""Foresight: every foot comes down once, when the frames together say so, however their forecasts flicker."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync.bundle import Forecast
from stereosync.scene import Float32Array
from stereosync_runtime.foresight import FADE_S, Foresight, _averaged, contacts_of, foresee, peaks_s
from stereosync_runtime.told_plan import APART_S, LATE_S

SPEC = Forecast(start_s=-0.06, step_s=0.02)
BINS = 18
FRAME_S = 1 / 30
WALKER, OTHER = 7, 3


def forecast(frame_s: float, contact_s: float | None, sure: float = 0.8, spread_s: float = 0.02) -> Float32Array:
    """Chances (K,) of one contact, as broad as a cue encoder says it."""
    bins_s = frame_s + SPEC.start_s + SPEC.step_s * np.arange(BINS)
    if contact_s is None:
        return np.zeros(BINS, np.float32)
    return (sure * np.exp(-(((bins_s - contact_s) / spread_s) ** 2))).astype(np.float32)


def times_s(seen: Foresight, character: int = WALKER) -> tuple[float, ...]:
    """When the character's planned contacts are made."""
    return tuple(one.time_s for one in seen.planned.get(character, ()))


def live(contact_s: float, lead_s: float, jitter_s: float = 0.0, until_s: float = 2.0) -> list[tuple[float, ...]]:
    """What stands planned for the walker after every frame of a stream that makes its sound `lead_s` ahead."""
    rng, seen, plans = np.random.default_rng(0), Foresight(), []
    for frame_s in np.arange(0, until_s, FRAME_S):
        told_s = contact_s + rng.normal(0, jitter_s) if jitter_s else contact_s
        chances = {WALKER: forecast(frame_s, told_s)}
        seen = foresee(SPEC, seen, float(frame_s), chances, float(frame_s) + lead_s)
        plans.append(times_s(seen))
    return plans


@pytest.mark.parametrize("lead_s", [0.0, 0.05, 0.1, 0.15])
def test_a_contact_is_planned_ahead_once_and_then_forgotten(lead_s: float) -> None:
    plans = live(1.0, lead_s)
    made = {plan for plan in plans if plan}
    assert all(len(plan) == 1 for plan in made)
    assert max(abs(plan[0] - 1.0) for plan in made) < 0.005
    first = next(k for k, plan in enumerate(plans) if plan)
    assert 1.0 - first * FRAME_S > 0.2
    assert not plans[0]
    assert not plans[-1]


def test_forecasts_that_flicker_make_one_contact_near_their_mean() -> None:
    plans = live(1.0, lead_s=0.1, jitter_s=0.015)
    assert all(len(plan) <= 1 for plan in plans)
    settled = [plan[0] for k, plan in enumerate(plans) if plan and k * FRAME_S > 0.9]
    assert len(set(settled)) == 1  # once its sound has begun it stands
    assert settled[0] == pytest.approx(1.0, abs=0.015)


def test_what_is_seen_a_little_late_is_made_at_once_and_much_later_not_at_all() -> None:
    for late_s, made in ((LATE_S - 0.01, True), (LATE_S + 0.01, False)):
        frame_s, until_s = 1.0, 1.1
        seen = foresee(SPEC, Foresight(), frame_s, {WALKER: forecast(frame_s, until_s - late_s)}, until_s)
        assert times_s(seen) == ((until_s,) if made else ())


def test_two_steps_are_two_and_an_echo_of_a_made_one_is_none() -> None:
    seen = foresee(SPEC, Foresight(), 1.0, {WALKER: forecast(1.0, 1.02) + forecast(1.0, 1.22)}, 0.9)
    assert times_s(seen) == pytest.approx((1.02, 1.22), abs=0.005)
    seen = foresee(SPEC, seen, 1.0 + FRAME_S, {WALKER: forecast(1.0 + FRAME_S, 1.02 + 0.8 * APART_S)}, 1.1)
    assert times_s(seen) == pytest.approx((1.02,), abs=0.005)


def test_a_plan_that_later_frames_take_back_is_dropped() -> None:
    seen = foresee(SPEC, Foresight(), 1.0, {WALKER: forecast(1.0, 1.2)}, 1.0)
    assert times_s(seen)
    for frame_s in (1.04, 1.08, 1.12):
        seen = foresee(SPEC, seen, frame_s, {WALKER: forecast(frame_s, None)}, frame_s)
    assert WALKER not in seen.planned


def test_characters_do_not_share_feet_and_keep_theirs_when_slots_change() -> None:
    seen = foresee(SPEC, Foresight(), 1.0, {WALKER: forecast(1.0, 1.1), OTHER: forecast(1.0, None)}, 1.0)
    like = np.zeros((1, 4, BINS), np.float32)
    for ids in ((WALKER, OTHER), (OTHER, WALKER)):
        contacts = contacts_of(SPEC, seen, 1.0, ids, like)
        assert contacts.dtype == np.float32
        assert contacts[0, ids.index(WALKER)].argmax() == 8  # 0.1 s after the frame
        assert contacts[0, ids.index(WALKER)].sum() == pytest.approx(1, abs=0.02)
        assert not contacts[0, ids.index(OTHER)].any()
        assert not contacts[0, 2:].any()


def test_a_box_that_is_missing_for_a_frame_costs_nothing() -> None:
    seen = foresee(SPEC, Foresight(), 1.0, {WALKER: forecast(1.0, 1.2)}, 1.0)
    seen = foresee(SPEC, seen, 1.0 + FRAME_S, {}, 1.0 + FRAME_S)
    assert times_s(seen) == pytest.approx((1.2,), abs=0.005)


def test_forecasts_are_averaged_at_the_moments_that_they_speak_of() -> None:
    rng, frames_s = np.random.default_rng(2), (1.0, 1.03, 1.04, 1.095)
    recent = [(frame_s, {WALKER: rng.random(BINS, dtype=np.float32)}) for frame_s in frames_s]
    recent.insert(2, (1.035, {OTHER: np.ones(BINS, np.float32)}))
    places = np.arange(BINS)
    total, weights = np.zeros(BINS), np.zeros(BINS)
    for frame_s, chances in recent:
        own = places + (frames_s[-1] - frame_s) / SPEC.step_s
        weight = np.exp((frame_s - frames_s[-1]) / FADE_S) * (own <= BINS - 1) * (WALKER in chances)
        total += weight * np.interp(own, places, chances.get(WALKER, places))
        weights += weight
    assert _averaged(SPEC, recent, WALKER) == pytest.approx(total / weights)


def test_peaks_lie_between_bins_and_doubt_has_none() -> None:
    assert peaks_s(np.array([0, 0, 0, 0.2, 0.6, 0.2, 0, 0, 0]), 0.0, 0.02) == pytest.approx([0.08])
    assert peaks_s(np.array([0, 0, 0, 0.4, 0.4, 0.0, 0, 0, 0]), 0.0, 0.02) == pytest.approx([0.06, 0.08], abs=0.011)
    assert peaks_s(np.array([0, 0, 0, 0.1, 0.2, 0.1, 0, 0, 0]), 0.0, 0.02) == []
