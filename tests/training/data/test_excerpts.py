"""Excerpts: no frame from the future, arrays of the frame that is said, true or softened as eyes and engines err."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_model.backbone import FrameArrays
from stereosync_training.data.excerpts import MOST_DOUBT, draw_batch, known_arrays, newest_frames
from stereosync_training.data.known_data import KnownClip, KnownData


class Draws:
    """Stands in for a random generator: the longest lead and jitter, and chunks of a given length."""

    def __init__(self, chunk: int) -> None:
        self.chunk = chunk

    def integers(self, _low: int, _high: int) -> int:
        return self.chunk

    def uniform(self, _low: float, high: float, size: int | None = None) -> Any:
        return high if size is None else np.full(size, high)


LATENT_S, JITTER_S = 0.02, 0.02
FRAMES_S = 0.003 + np.arange(200) / 30  # never at a deadline, where rounding decides
MOMENTS_S = 1.0 + LATENT_S * np.arange(60)


@pytest.mark.parametrize("chunk", [1, 2, 3])
@pytest.mark.parametrize("lead_s", [0.0, 0.1, 0.2])
def test_every_chunk_has_the_newest_frame_that_its_lead_allows(chunk: int, lead_s: float) -> None:
    frames = newest_frames(FRAMES_S, MOMENTS_S, Draws(chunk), lead_s, LATENT_S)  # type: ignore[arg-type]
    for first in range(0, len(MOMENTS_S), chunk):
        deadline_s = MOMENTS_S[first] - lead_s - JITTER_S
        expected = max(index for index, time_s in enumerate(FRAMES_S) if time_s <= deadline_s)
        assert frames[first : first + chunk].tolist() == [expected] * chunk


def test_no_frame_comes_from_the_future_whatever_is_drawn() -> None:
    longest_s, ages = 0.2, []
    for seed in range(60):
        frames = newest_frames(FRAMES_S, MOMENTS_S, np.random.default_rng(seed), longest_s, LATENT_S)
        ages.append(MOMENTS_S - FRAMES_S[frames])
    oldest_s = longest_s + JITTER_S + 2 * LATENT_S + 1 / 30
    assert np.min(ages) >= 0
    assert np.max(ages) <= oldest_s + 1e-9
    assert np.ptp([age.min() for age in ages]) > 0.15  # leads differ from clip to clip


def test_before_the_first_frame_the_first_is_taken() -> None:
    frames = newest_frames(FRAMES_S, np.array([-0.5, 0.0]), Draws(1), 0.0, LATENT_S)  # type: ignore[arg-type]
    assert frames.tolist() == [0, 0]


def numbered(clip: KnownClip, number: int) -> KnownClip:
    """The clip with contacts that say which clip and frame they are of, latents that say which view and moment, and
    everybody on the right."""
    count = torch.arange(len(clip.times_s)) + 100 * number
    moments = torch.arange(clip.latents.shape[1]).expand(2, -1) + 1000 * (2 * number + torch.arange(2)[:, None])
    return replace(
        clip,
        contacts=count[:, None, None].expand_as(clip.contacts).float(),
        latents=moments[..., None].expand_as(clip.latents).float(),
        placement=torch.ones_like(clip.placement),
    )


@pytest.fixture
def counted(known: KnownData) -> KnownData:
    """Two clips of two views, numbered 0 to 3."""
    return KnownData(known.config, [numbered(clip, number) for number, clip in enumerate(known.clips)], known.std)


@pytest.mark.parametrize("seed", range(4))
def test_a_batch_has_the_arrays_of_the_frames_it_says(counted: KnownData, seed: int) -> None:
    batch = draw_batch(counted, 6, 20, torch.Generator().manual_seed(seed), 0.2)
    latents, arrays = batch.latents[:, :, 0], batch.arrays()
    assert (latents.diff(dim=1) == 1).all()
    views, moments_s = latents // 1000, latents % 1000 * LATENT_S
    frames = arrays.contacts[..., 0, 0]
    assert (frames // 100 == views // 2).all()
    torch.testing.assert_close(moments_s - frames % 100 / 30, batch.ages_s, atol=1e-4, rtol=0)
    assert (batch.ages_s >= 0).all()
    mirrored = views % 2 == 1
    assert (arrays.placement[..., 0, 0] == torch.where(mirrored, -1.0, 1.0)).all()
    assert (arrays.placement[..., 0, 2] == 1).all()  # distance has no side


def test_both_clips_and_both_views_are_drawn(counted: KnownData) -> None:
    batch = draw_batch(counted, 32, 20, torch.Generator().manual_seed(0), 0.2)
    assert set((batch.latents[:, 0, 0] // 1000).int().tolist()) == {0, 1, 2, 3}


def test_only_frames_that_are_looked_at_are_kept(known: KnownData) -> None:
    batch = draw_batch(known, 3, 20, torch.Generator().manual_seed(0), 0.2)
    assert len(batch.frames.present) < 3 * 20  # 50 latents and 30 frames a second
    assert batch.frame_of.max() == len(batch.frames.present) - 1


def test_the_same_seed_draws_the_same_batch(known: KnownData) -> None:
    first, again, other = (draw_batch(known, 3, 20, torch.Generator().manual_seed(seed), 0.2) for seed in (1, 1, 2))
    for one, two in zip(first.arrays(), again.arrays(), strict=True):
        assert torch.equal(one, two)
    assert torch.equal(first.latents, again.latents)
    assert not torch.equal(first.latents, other.latents)


EVERY = slice(None)


def softened(clip: KnownClip) -> list[FrameArrays]:
    """What many excerpts make of one clip."""
    return [known_arrays(clip, EVERY, np.random.default_rng(seed)) for seed in range(200)]


def test_what_is_known_is_true(known: KnownData) -> None:
    clip = known.clips[0]
    arrays = known_arrays(clip, slice(20, 40), None)
    assert torch.equal(arrays.contacts, clip.contacts[20:40].float())
    there = clip.grounds[20:40] >= 0
    assert there.any()
    assert arrays.grounds[there].sum(-1).unique().tolist() == [1.0]
    assert arrays.grounds[there].argmax(-1).unique().tolist() == [GROUNDS.index("grass")]
    assert torch.equal(arrays.force[..., 0], clip.force[20:40].float())
    assert arrays.force.max() == 1  # an octave: twice the force of an ordinary step
    chances, amount = arrays.place[:, :-1], arrays.place[:, -1]
    assert chances.sum(-1).unique().tolist() == [1.0]
    assert chances.argmax(-1).unique().tolist() == [PLACES.index("rain")]
    assert amount.unique().tolist() == pytest.approx([0.7])
    assert torch.equal(arrays.room, clip.room.expand(20, -1))


def test_an_unknown_ground_and_a_quiet_place_are_all_zero(known: KnownData) -> None:
    clip = replace(known.clips[0], grounds=torch.full_like(known.clips[0].grounds, -1), place=0, amount=0.0)
    assert not known_arrays(clip, EVERY, None).place.any()
    many = softened(clip)
    assert not any(arrays.grounds.any() for arrays in many)
    sure = [not arrays.place[:, :-1].any() for arrays in many]
    amounts = [float(arrays.place[:, -1].max()) for arrays in many]
    assert 100 < sum(sure) < 190
    assert max(amount for amount, is_sure in zip(amounts, sure, strict=True) if is_sure) == 0
    assert 0 < max(amounts) < 0.5  # eyes that doubt the quiet see a little


def test_chances_stay_chances_however_they_are_softened(known: KnownData) -> None:
    for arrays in softened(known.clips[0]):
        for chances in (arrays.grounds, arrays.place[:, :-1]):
            assert chances.min() >= 0
            assert chances.sum(-1).max() <= 1 + 1e-5
        assert 0 <= arrays.place[:, -1].min() <= arrays.place[:, -1].max() <= 1
        assert arrays.room[:, 0].min() >= 0
        assert 0 <= arrays.room[:, 1].min() <= arrays.room[:, 1].max() <= 1


def test_the_hardest_room_stays_a_room(known: KnownData) -> None:
    hardest = replace(known.clips[0], room=torch.tensor([3.0, 0.999]))
    assert max(float(arrays.room[:, 1].max()) for arrays in softened(hardest)) == 1


def test_a_ground_is_at_times_certain_at_times_doubted_and_at_times_unknown(known: KnownData) -> None:
    clip, frame = known.clips[0], int((known.clips[0].grounds[:, 0] >= 0).nonzero()[0])
    grass = [float(arrays.grounds[frame, 0, GROUNDS.index("grass")]) for arrays in softened(clip)]
    shares = np.array([[value == 0, 0 < value < 1, value == 1] for value in grass]).mean(0)
    assert shares == pytest.approx([0.1, 0.4, 0.5], abs=0.12)
    assert min(value for value in grass if value) > 1 - MOST_DOUBT - 1e-6


def test_an_excerpt_errs_alike_in_all_of_its_frames(known: KnownData) -> None:
    there = known.clips[0].grounds[:, 0] >= 0
    for arrays in softened(known.clips[0])[:20]:
        rows = arrays.grounds[there, 0]
        assert (rows == rows[:1]).all()
        assert (arrays.place == arrays.place[:1]).all()


def test_force_is_a_little_wrong_or_not_known(known: KnownData) -> None:
    clip = known.clips[0]
    frame = int((clip.force[:, 0] == 1).nonzero()[0])
    forces = np.array([float(arrays.force[frame, 0]) for arrays in softened(clip)])
    assert (forces == 0).mean() == pytest.approx(0.25, abs=0.08)
    assert forces[forces != 0].mean() == pytest.approx(1, abs=0.1)
    assert 0.2 < forces[forces != 0].std() < 0.4


def test_contacts_and_places_of_characters_are_never_blurred(known: KnownData) -> None:
    """The plan is made once and where somebody is, is measured: of neither there is any doubt."""
    true = known_arrays(known.clips[0], EVERY, None)
    for arrays in softened(known.clips[0])[:20]:
        for name in ("contacts", "placement", "present"):
            assert torch.equal(getattr(arrays, name), getattr(true, name))
