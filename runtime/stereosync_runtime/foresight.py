"""Foresight: from chances that change with every frame to contacts that are planned once and made once.

Each frame says anew how likely each character's foot comes down in each 20 ms from shortly before it to 0.3 s after.
The forecasts of the last frames are averaged at the moments that they speak of; peaks become planned contacts. A plan
may move until its sound begins. From then on it stands, and nothing near it is planned again: a foot comes down once.
What the engine tells of a character's feet takes the place of what is foreseen (`told_plan`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stereosync.bundle import Forecast
from stereosync.clock import Clock
from stereosync.scene import MAX_BOXES, Float32Array
from stereosync.told import NOTHING_TOLD, Told
from stereosync_runtime.told_plan import APART_S, KEPT_S, Habit, Plan, next_plan

OVER_S, FADE_S = 0.13, 0.1  # forecasts of so long before count, the older the less
MOST_RECENT = 64
PEAK_REACH = 3  # bins each side in which a peak has no equal
LEAST_MASS = 0.7  # chance in the three bins of a peak, its own counted half more: equal sums are told apart

NO_CONTACT = -1  # where the decoder is told of fewer than it can be

FloatArray = npt.NDArray[np.float64]
Chances = Mapping[int, Float32Array]  # by character id: (K,)


@dataclass(frozen=True)
class Foresight:
    """Knowledge of contacts: `recent` forecasts by the time of their frame; by character, the contacts that are
    planned and its habit of telling them."""

    recent: tuple[tuple[float, Chances], ...] = ()
    planned: Mapping[int, Plan] = field(default_factory=dict)
    habits: Mapping[int, Habit] = field(default_factory=dict)


def foresee(
    spec: Forecast,
    before: Foresight,
    frame_s: float,
    chances: Chances,
    made_until_s: float,
    told: Told = NOTHING_TOLD,
    reads_feet: bool = False,
) -> Foresight:
    """The next foresight after a frame that shows the characters of `chances`. Sound is made up to `made_until_s`; what
    is planned before it stands. `reads_feet`: the chances of characters that tell their feet are made from these."""
    earlier = [one for one in before.recent if frame_s - OVER_S <= one[0] < frame_s]
    recent = (*earlier[1 - MOST_RECENT :], (frame_s, chances))
    habits = _believed(before.habits, frame_s)
    planned = _remembered(before.planned, frame_s)
    for character in chances:
        known = told.contacts.get(character, ())
        said = [contact for contact in known if not contact.by_feet]
        habit = habits.get(character, Habit()).after(said, frame_s)
        if said:
            habits[character] = habit
        seen_s: list[float] = []
        if habit.foreseen(frame_s, character in told.feet):
            seen_s = peaks_s(_averaged(spec, recent, character), frame_s + spec.start_s, spec.step_s)
        read = [] if habit.tells_ahead(frame_s) else [contact for contact in known if contact.by_feet]
        if reads_feet:  # it knows the moment better than a rule does
            read = [contact for contact in read if all(abs(contact.time_s - time_s) > APART_S for time_s in seen_s)]
        planned[character] = next_plan(planned.get(character, ()), said, read, seen_s, frame_s, made_until_s)
    return Foresight(recent, {character: plan for character, plan in planned.items() if plan}, habits)


def _remembered(planned: Mapping[int, Plan], frame_s: float) -> dict[int, Plan]:
    """The plans that reach into what is remembered; of more than `MAX_BOXES` those that reach farthest."""
    kept = {character: plan for character, plan in planned.items() if plan[-1].time_s > frame_s - KEPT_S}
    if len(kept) <= MAX_BOXES:
        return kept
    return dict(sorted(kept.items(), key=lambda one: one[1][-1].time_s)[-MAX_BOXES:])


def _believed(habits: Mapping[int, Habit], frame_s: float) -> dict[int, Habit]:
    """The habits that are not yet forgotten, at most `MAX_BOXES`."""
    kept = [(habit.told_s, character) for character, habit in habits.items() if habit.tells(frame_s)]
    return {character: habits[character] for _, character in sorted(kept)[-MAX_BOXES:]}


def contacts_of(
    spec: Forecast, foresight: Foresight, frame_s: float, ids: Sequence[int], like: Float32Array
) -> Float32Array:
    """Planned contacts as the backbone takes them, in the shape of the forecast `like` (1, C, K)."""
    out = np.zeros_like(like)
    bins_s = frame_s + spec.start_s + spec.step_s * np.arange(like.shape[-1])
    for slot, character in enumerate(ids):
        for one in foresight.planned.get(character, ()):
            np.maximum(out[0, slot], 1 - np.abs(bins_s - one.time_s) / spec.step_s, out=out[0, slot], casting="unsafe")
    return out


def contact_samples(clock: Clock, foresight: Foresight, start_s: float, ids: Sequence[int], count: int) -> Float32Array:
    """Planned contacts as the decoder takes them, (1, count): in samples from `start_s`, at which a latent begins.

    They are those of its time and of the next latent's, in order, whoever's foot it is, and then -1.
    """
    coming = (
        round((one.time_s - start_s) * clock.sample_rate_hz)
        for character in ids
        for one in foresight.planned.get(character, ())
    )
    places = sorted(place for place in coming if 0 <= place < 2 * clock.samples_per_latent)[:count]
    return np.array([places + [NO_CONTACT] * (count - len(places))], np.float32)


def _averaged(spec: Forecast, recent: Sequence[tuple[float, Chances]], character: int) -> FloatArray:
    """Chances (K,) of the newest frame's bins: the mean of what recent frames say of the same moments."""
    told = [(frame_s, chances[character]) for frame_s, chances in recent if character in chances]
    said = np.array([chances for _, chances in told], np.float64)  # (N, K)
    elapsed_s = told[-1][0] - np.array([frame_s for frame_s, _ in told])[:, None]  # (N, 1)
    bins = np.arange(said.size).reshape(said.shape)  # the forecasts end to end, so that one interpolation serves all
    places = bins[0] + elapsed_s / spec.step_s  # of the newest frame's bins in each forecast, (N, K)
    here = np.interp(places + bins[:, :1], bins.ravel(), said.ravel())
    weights = np.exp(-elapsed_s / FADE_S) * (places <= bins[0, -1])  # none for what ran into the next forecast
    return np.asarray((weights * here).sum(0) / weights.sum(0))


def peaks_s(chances: FloatArray, start_s: float, step_s: float) -> list[float]:
    """Times of the likely peaks of chances (K,), between bins where their neighbours say so."""
    padded = np.concatenate(((0.0,), chances, (0.0,)))
    before, after = padded[:-2], padded[2:]
    mass = before + chances + after + 0.5 * chances
    likely = np.flatnonzero(mass > LEAST_MASS).tolist()
    at = [bin_ for bin_ in likely if mass[bin_] >= mass[max(bin_ - PEAK_REACH, 0) : bin_ + PEAK_REACH + 1].max()]
    beside = [(after[bin_] - before[bin_]) / (before[bin_] + chances[bin_] + after[bin_]) for bin_ in at]
    return [float(start_s + step_s * (bin_ + share)) for bin_, share in zip(at, beside, strict=True)]
