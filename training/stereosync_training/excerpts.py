"""Excerpts of walks as training batches of the generator, with a lead drawn anew each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from stereosync_model.backbone import FrameTokens
from stereosync_model.model import Generator, absent
from stereosync_training.tokens import ClipTokens, TokenData
from stereosync_training.walk_clips import PICTURE_EVERY

EARLIEST_S = 0.3  # before it, no frame is old enough for the longest leads
SETTLED_JITTER_S = 0.02


@dataclass(frozen=True)
class Batch:
    """`count` excerpts of T latents: tokens of P pictures and F frames, and which of them each latent sees.

    pictures (P, 9, D), picture_of (B, T); characters (F, C, D), true contacts (F, C, K), placement (F, C, 4),
    present (F, C), frame_of (B, T); ages_s (B, T); latents (B, T + 1, R), the one before the excerpt first.
    """

    pictures: Tensor
    picture_of: Tensor
    characters: Tensor
    contacts: Tensor
    placement: Tensor
    present: Tensor
    frame_of: Tensor
    ages_s: Tensor
    latents: Tensor


@dataclass(frozen=True)
class _Excerpt:
    """One excerpt: the clip's tokens, the first latent, and the newest frame of each latent."""

    clip: ClipTokens
    begin: int
    frame_of: npt.NDArray[np.int64]
    moments_s: npt.NDArray[np.floating]


def draw_batch(
    data: TokenData, count: int, steps: int, random: torch.Generator, longest_lead_s: float, device: str = "cpu"
) -> Batch:
    """Random excerpts of random clips and views."""
    rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=random)))
    views = [data.clips[clip][rng.integers(2)] for clip in rng.integers(len(data), size=count)]
    excerpts = [_draw(data, view, steps, rng, longest_lead_s) for view in views]
    return Batch(**{name: value.to(device) for name, value in _collate(excerpts, steps).items()})


def _draw(data: TokenData, clip: ClipTokens, steps: int, rng: np.random.Generator, longest_lead_s: float) -> _Excerpt:
    clock = data.config.clock
    begin = int(rng.integers(round(EARLIEST_S * clock.latent_rate_hz), len(clip.latents) - steps + 1))
    moments_s = (begin + np.arange(steps)) * clock.latent_s
    frame_of = newest_frames(clip.times_s.numpy(), moments_s, rng, longest_lead_s, clock.latent_s)
    return _Excerpt(clip, begin, frame_of, moments_s)


def newest_frames(
    times_s: npt.NDArray[np.floating],
    moments_s: npt.NDArray[np.floating],
    rng: np.random.Generator,
    longest_lead_s: float,
    latent_s: float,
) -> npt.NDArray[np.int64]:
    """Index of the newest frame for each latent, as a service has it: one frame per chunk, a lead, some jitter."""
    chunk = int(rng.integers(1, 4))
    lead_s = rng.uniform(0, longest_lead_s)
    starts_s = moments_s - (np.arange(len(moments_s)) % chunk) * latent_s
    jitter_s = np.repeat(rng.uniform(0, SETTLED_JITTER_S, len(moments_s)), chunk)[: len(moments_s)]
    return np.maximum(np.searchsorted(times_s, starts_s - lead_s - jitter_s, side="right") - 1, 0)


def _collate(excerpts: Sequence[_Excerpt], steps: int) -> dict[str, Tensor]:
    columns: dict[str, list[Tensor]] = {name: [] for name in Batch.__dataclass_fields__}
    pictures_before = frames_before = 0
    for one in excerpts:
        first, last = int(one.frame_of.min()), int(one.frame_of.max()) + 1
        first_picture, last_picture = first // PICTURE_EVERY, (last - 1) // PICTURE_EVERY + 1
        columns["pictures"].append(one.clip.pictures[first_picture:last_picture].float())
        columns["picture_of"].append(torch.from_numpy(one.frame_of // PICTURE_EVERY - first_picture + pictures_before))
        for name in ("characters", "contacts", "placement", "present"):
            columns[name].append(getattr(one.clip, name)[first:last].float())
        columns["frame_of"].append(torch.from_numpy(one.frame_of - first + frames_before))
        ages_s = one.moments_s - one.clip.times_s.numpy()[one.frame_of]
        columns["ages_s"].append(torch.from_numpy(ages_s.astype(np.float32)))
        columns["latents"].append(_with_previous(one.clip.latents, one.begin, steps))
        pictures_before, frames_before = pictures_before + last_picture - first_picture, frames_before + last - first
    stacked = ("picture_of", "frame_of", "ages_s", "latents")
    return {name: torch.stack(parts) if name in stacked else torch.cat(parts) for name, parts in columns.items()}


def _with_previous(latents: Tensor, begin: int, steps: int) -> Tensor:
    own = latents[max(begin - 1, 0) : begin + steps].float()
    return own if begin else torch.cat([torch.zeros_like(own[:1]), own])


def frames_of(generator: Generator, batch: Batch) -> FrameTokens:
    """Tokens of the newest frame for every latent, as the backbone takes them."""
    backbone, picture_of, frame_of = generator.backbone, batch.picture_of, batch.frame_of
    pictures, people = (backbone.keys_values(tokens) for tokens in (batch.pictures, batch.characters))
    keys, values = (
        tuple(torch.cat([p[picture_of], c[frame_of]], dim=2) for p, c in zip(one, two, strict=True))
        for one, two in zip(pictures, people, strict=True)
    )
    present = batch.present[frame_of]
    return FrameTokens(
        keys=keys,
        values=values,
        absent=absent(present, batch.pictures.shape[1] + present.shape[2]),
        whole=batch.pictures[picture_of, -1],
        characters=batch.characters[frame_of],
        contacts=batch.contacts[frame_of],
        placement=batch.placement[frame_of],
        present=present,
    )
