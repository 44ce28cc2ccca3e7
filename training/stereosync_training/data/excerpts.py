"""Excerpts of known walks as training batches of the generator, with a lead drawn anew each time.

What is known is true here, and softened and dropped at random as eyes err and engines leave out, so that the generator
neither learns the cue encoder's mistakes nor trusts it blindly: what is told is certain, what is seen rarely is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_model.backbone import FrameArrays
from stereosync_training.data.known_data import KnownClip, KnownData, mirrored

EARLIEST_S = 0.3  # before it, no frame is old enough for the longest leads
SETTLED_JITTER_S = 0.02
UNKNOWN_GROUND, SOFT_GROUND, MOST_DOUBT = 0.1, 0.4, 0.8  # odds, and the largest share of the other grounds
UNKNOWN_FORCE, FORCE_SPREAD = 0.25, 0.3  # octaves
SOFT_PLACE, PLACE_SPREAD, SIZE_SPREAD, HARDNESS_SPREAD = 0.3, 0.08, 0.15, 0.06


@dataclass(frozen=True)
class Batch:
    """`count` excerpts of T latents. frames: arrays of F frames (F, ...); frame_of (B, T) which of them each latent
    sees; ages_s (B, T); latents (B, T, R)."""

    frames: FrameArrays
    frame_of: Tensor
    ages_s: Tensor
    latents: Tensor

    def arrays(self) -> FrameArrays:
        """Arrays of the newest frame for every latent (B, T, ...)."""
        return FrameArrays(*(part[self.frame_of] for part in self.frames))


def draw_batch(
    data: KnownData, count: int, steps: int, random: torch.Generator, longest_lead_s: float, device: str = "cpu"
) -> Batch:
    """Random excerpts of random clips, half of them mirrored."""
    rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=random)))
    clips = [data.clips[number] for number in rng.integers(len(data), size=count)]
    drawn = [_draw(data, clip, steps, rng, longest_lead_s) for clip in clips]
    offsets = np.cumsum([0, *(len(one.frames.present) for one in drawn[:-1])])
    frames = FrameArrays(*(torch.cat(parts).to(device) for parts in zip(*(one.frames for one in drawn), strict=True)))
    frame_of = torch.stack([one.frame_of + int(offset) for one, offset in zip(drawn, offsets, strict=True)])
    ages_s, latents = (torch.stack([getattr(one, name) for one in drawn]) for name in ("ages_s", "latents"))
    return Batch(frames, frame_of.to(device), ages_s.to(device), latents.to(device))


def _draw(data: KnownData, clip: KnownClip, steps: int, rng: np.random.Generator, longest_lead_s: float) -> Batch:
    """One excerpt, without the dimension of the batch."""
    clock = data.config.clock
    clip = mirrored(clip) if rng.random() < 0.5 else clip
    latents = clip.latents[0]
    begin = int(rng.integers(round(EARLIEST_S * clock.latent_rate_hz), len(latents) - steps + 1))
    moments_s = (begin + np.arange(steps)) * clock.latent_s
    times_s = clip.times_s.numpy()
    newest = newest_frames(times_s, moments_s, rng, longest_lead_s, clock.latent_s)
    first, last = int(newest.min()), int(newest.max()) + 1
    ages_s = torch.from_numpy((moments_s - times_s[newest]).astype(np.float32))
    frames = known_arrays(clip, slice(first, last), rng)
    return Batch(frames, torch.from_numpy(newest - first), ages_s, latents[begin : begin + steps].float())


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


def known_arrays(clip: KnownClip, frames: slice, rng: np.random.Generator | None) -> FrameArrays:
    """Arrays of some frames (F, ...): true, and with `rng` softened and dropped, alike for the whole excerpt."""
    contacts, present = clip.contacts[frames].float(), clip.present[frames].float()
    kinds = clip.grounds[frames].long()
    grounds = functional.one_hot(kinds.clamp(min=0), len(GROUNDS)).float() * (kinds >= 0).unsqueeze(-1)
    force = clip.force[frames].float().unsqueeze(-1)
    kind = functional.one_hot(torch.tensor(clip.place), 1 + len(PLACES)).float()
    amount, room = clip.amount, clip.room
    if rng is not None:
        grounds, force = _doubted(grounds, rng), _blurred(force, rng)
        soft = rng.random() < SOFT_PLACE
        kind = _softened(kind, rng) if soft else kind
        # of a quiet place eyes see a little too, and it must stay quiet
        amount = float(np.clip(amount + rng.normal(0, PLACE_SPREAD), 0, 1)) if soft or clip.place else amount
        size, hardness = room * torch.from_numpy(np.exp(rng.normal(0, (SIZE_SPREAD, HARDNESS_SPREAD)))).float()
        room = torch.stack([size, hardness.clamp(max=1.0)])
    place = torch.cat([kind[1:], torch.tensor([amount])])
    count = len(present)
    return FrameArrays(
        contacts,
        grounds,
        force,
        place.expand(count, -1),
        room.expand(count, -1),
        clip.placement[frames].float(),
        present,
    )


def _doubted(grounds: Tensor, rng: np.random.Generator) -> Tensor:
    """Grounds (F, C, G), each character's certain, unknown, or with some doubt."""
    out = grounds.clone()
    for slot in range(grounds.shape[1]):
        fate = rng.random()
        if fate < UNKNOWN_GROUND:
            out[:, slot] = 0
        elif fate < UNKNOWN_GROUND + SOFT_GROUND:
            out[:, slot] = _softened(grounds[:, slot], rng)
    return out


def _softened(chances: Tensor, rng: np.random.Generator) -> Tensor:
    """Chances (..., N) of which a share goes to others, most of it to a few."""
    doubt = rng.uniform(0.0, MOST_DOUBT)
    others = torch.from_numpy(rng.dirichlet(np.full(chances.shape[-1], 0.25))).float()
    return (1 - doubt) * chances + doubt * others * chances.sum(-1, keepdim=True)


def _blurred(force: Tensor, rng: np.random.Generator) -> Tensor:
    """Force (F, C, 1), each character's a little wrong or not known."""
    known = torch.from_numpy(rng.random(force.shape[1]) >= UNKNOWN_FORCE).float()[:, None]
    off = torch.from_numpy(rng.normal(0, FORCE_SPREAD, force.shape[1])).float()[:, None]
    return (force + off) * known
