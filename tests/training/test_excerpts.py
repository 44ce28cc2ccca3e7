"""Excerpts: no frame from the future, batches that point at the tokens they say, latents that belong to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from stereosync_training.excerpts import draw_batch, newest_frames
from stereosync_training.tokens import ClipTokens, TokenData


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


def numbered(view: ClipTokens, number: int) -> ClipTokens:
    """The view with tokens and latents that say which view, frame, picture and latent they are."""

    def count(field: torch.Tensor) -> torch.Tensor:
        shape = (-1,) + (1,) * (field.dim() - 1)
        return torch.arange(len(field)).reshape(shape).expand_as(field).float() + 1000 * number

    names = ("pictures", "characters", "contacts", "placement", "latents")
    return replace(view, **{name: count(getattr(view, name)) for name in names})


@pytest.fixture
def counted(tokens: TokenData) -> TokenData:
    """Four views, numbered 0 to 3."""
    clips = [tuple(numbered(view, 2 * i + j) for j, view in enumerate(views)) for i, views in enumerate(tokens.clips)]
    return TokenData(tokens.config, clips, tokens.std)


@pytest.mark.parametrize("seed", range(4))
def test_a_batch_points_at_the_frames_it_says(counted: TokenData, seed: int) -> None:
    steps = 20
    batch = draw_batch(counted, 6, steps, torch.Generator().manual_seed(seed), 0.2)
    latents = batch.latents[:, :, 0]  # (B, T + 1), each its own number
    assert (latents.diff(dim=1) == 1).all()
    views, moments_s = latents[:, 1:] // 1000, latents[:, 1:] % 1000 * LATENT_S
    frames, pictures = batch.characters[batch.frame_of][..., 0, 0], batch.pictures[batch.picture_of][..., 0, 0]
    assert (frames // 1000 == views).all()
    assert (pictures // 1000 == views).all()
    torch.testing.assert_close(moments_s - frames % 1000 / 30, batch.ages_s, atol=1e-4, rtol=0)
    assert (batch.ages_s >= 0).all()
    assert (pictures % 1000 == frames % 1000 // 6).all()  # never a picture that is newer than the frame
    for name in ("contacts", "placement"):
        assert torch.equal(getattr(batch, name)[batch.frame_of][..., 0, 0], frames)


def test_both_clips_and_both_views_are_drawn(counted: TokenData) -> None:
    batch = draw_batch(counted, 32, 20, torch.Generator().manual_seed(0), 0.2)
    assert set((batch.latents[:, 1, 0] // 1000).int().tolist()) == {0, 1, 2, 3}


def test_the_same_seed_draws_the_same_batch(tokens: TokenData) -> None:
    first, again, other = (draw_batch(tokens, 3, 20, torch.Generator().manual_seed(seed), 0.2) for seed in (1, 1, 2))
    assert all(torch.equal(value, getattr(again, name)) for name, value in vars(first).items())
    assert not torch.equal(first.latents, other.latents)
