"""The whole generator: live steps equal the offline pass, and characters that are not there change nothing."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from stereosync.sampler import SCHEDULES, sample
from stereosync_model.backbone import FrameArrays
from stereosync_model.config import ModelConfig
from stereosync_model.flow_head import FlowHead
from stereosync_model.model import Generator, Model

FRAMES, LATENTS_PER_FRAME = 6, 2
LATENTS = FRAMES * LATENTS_PER_FRAME


def cues(model: Model, frames: int = FRAMES, seed: int = 0) -> dict[str, Tensor]:
    """Made-up cue arrays of `frames` frames."""
    spec, random = model.config.cue_spec, torch.Generator().manual_seed(seed)
    return {
        "picture": torch.randint(256, (frames, *spec.picture_shape), generator=random, dtype=torch.uint8),
        "crops": torch.randint(256, (frames, *spec.crops_shape), generator=random, dtype=torch.uint8),
        "numbers": torch.randn(frames, *spec.numbers_shape, generator=random),
        "tracks": 0.1 * torch.randn(frames, *spec.tracks_shape, generator=random),
        "feet": torch.zeros(frames, *spec.feet_shape),
    }


def two_present(model: Model, frames: int = FRAMES) -> Tensor:
    present = torch.zeros(frames, model.config.cue_spec.max_characters)
    present[:, :2] = 1
    return present


def seen_arrays(generator: Generator, arrays: dict[str, Tensor], present: Tensor) -> FrameArrays:
    """What is known of frames (F, ...) that tell nothing, their forecasts for contacts."""
    seen = generator.cue_encoder(**arrays)
    return FrameArrays(
        seen.forecast.sigmoid(),
        seen.grounds.softmax(-1),
        seen.force,
        seen.place_array(),
        seen.room_array(),
        seen.placement,
        present,
    )


def test_live_steps_equal_the_offline_pass(tiny_model: Model) -> None:
    generator, decoder = tiny_model.generator, tiny_model.decoder
    random = torch.Generator().manual_seed(1)
    known = seen_arrays(generator, cues(tiny_model), two_present(tiny_model))
    noise = torch.randn(1, *decoder.noise_shape(LATENTS), generator=random)
    age_s = 0.05 + 0.01 * torch.arange(LATENTS)[None]
    window, filled = generator.backbone.initial(1)
    history, latents, contexts, sounds = decoder.initial(1), [], [], []
    for i in range(LATENTS):
        newest = FrameArrays(*(array[None, i // LATENTS_PER_FRAME, None] for array in known))
        context, window, filled = generator.backbone.step(newest, age_s[:, i], window, filled)
        start = torch.randn(1, tiny_model.config.codec.components, generator=random)
        latent = sample(velocity(generator, context), start, SCHEDULES[2])
        frames = slice(i * decoder.codec.frames_per_latent, (i + 1) * decoder.codec.frames_per_latent)
        sound, history = decoder(latent[:, None], noise[:, frames], history)
        latents.append(latent)
        contexts.append(context)
        sounds.append(sound)
    held = FrameArrays(*(array.repeat_interleave(LATENTS_PER_FRAME, dim=0)[None] for array in known))
    offline, _ = generator.backbone(held, age_s)
    torch.testing.assert_close(torch.stack(contexts, dim=1), offline, atol=1e-4, rtol=1e-4)
    made = torch.stack(latents, dim=1)
    torch.testing.assert_close(torch.cat(sounds, dim=-1), decoder.decode(made, noise), atol=5e-5, rtol=1e-4)
    assert made.std(1).min() > 1e-3


def velocity(generator: Generator, context: Tensor) -> Callable[[Tensor, float, float], Tensor]:
    return lambda z, r, t: generator.flow_head(z, torch.full((1,), r), torch.full((1,), t), context)


def context_of(model: Model, arrays: dict[str, Tensor], present: Tensor) -> Tensor:
    backbone = model.generator.backbone
    known = FrameArrays(*(array[:, None] for array in seen_arrays(model.generator, arrays, present)))
    context: Tensor = backbone.step(known, torch.tensor([0.1]), *backbone.initial(1))[0]
    return context


def test_absent_characters_change_nothing(tiny_model: Model) -> None:
    arrays, other = cues(tiny_model, 1), cues(tiny_model, 1, seed=9)
    changed = {name: array.clone() for name, array in arrays.items()}
    for name in ("crops", "numbers", "tracks"):
        changed[name][:, 2:] = other[name][:, 2:]
    present = two_present(tiny_model, 1)
    torch.testing.assert_close(
        context_of(tiny_model, changed, present), context_of(tiny_model, arrays, present), atol=0, rtol=0
    )
    everyone = torch.ones_like(present)
    strays = context_of(tiny_model, changed, everyone) - context_of(tiny_model, arrays, everyone)
    assert strays.abs().max() > 1e-3


def test_present_characters_may_stand_in_any_slot(tiny_model: Model) -> None:
    arrays, present = cues(tiny_model, 1), two_present(tiny_model, 1)
    moved = {name: array if name == "picture" else array.flip(1) for name, array in arrays.items()}
    torch.testing.assert_close(
        context_of(tiny_model, moved, present.flip(1)), context_of(tiny_model, arrays, present), atol=1e-5, rtol=1e-4
    )


def test_an_untrained_flow_head_stands_still() -> None:
    config = ModelConfig()
    head = FlowHead(config).requires_grad_(False)
    z, context = torch.randn(3, config.codec.components), torch.randn(3, 2 * config.generator.width)
    assert not head(z, torch.zeros(3), torch.ones(3), context).any()
