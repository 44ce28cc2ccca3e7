"""Backbone: step by step equals all at once, nothing comes from the future, the window forgets, absence is silent."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import Tensor

from stereosync_model.backbone import LOOKUP_REACH, Backbone, ContactLookup, FrameTokens
from stereosync_model.config import GeneratorConfig
from stereosync_model.model import Model

BATCH, STEPS, TOKENS, CHARACTERS = 2, 40, 7, 3


@pytest.fixture(scope="module")
def backbone(tiny_model: Model) -> Backbone:
    """With distances that matter: their bias starts at zero."""
    backbone = deepcopy(tiny_model.generator.backbone)
    random = torch.Generator().manual_seed(0)
    for name, parameter in backbone.named_parameters():
        if name.endswith("attention.bias"):
            parameter.normal_(generator=random)
    return backbone


def frames(config: GeneratorConfig, seed: int = 1) -> FrameTokens:
    """Another made-up frame for every step."""
    random = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> Tensor:
        return torch.randn(BATCH, STEPS, *shape, generator=random)

    crossings = len(config.cross_layers)
    return FrameTokens(
        keys=tuple(draw(TOKENS, config.width) for _ in range(crossings)),
        values=tuple(draw(TOKENS, config.width) for _ in range(crossings)),
        absent=(draw(TOKENS) > 1).float(),
        whole=draw(config.token_dim),
        characters=draw(CHARACTERS, config.token_dim),
        contacts=(draw(CHARACTERS, config.forecast_steps) > 1.5).float(),
        placement=0.3 * draw(CHARACTERS, 4),
        present=(draw(CHARACTERS) > 0).float(),
    )


def part(frame: FrameTokens, chosen: slice) -> FrameTokens:
    keys, values, *rest = frame
    return FrameTokens(
        tuple(key[:, chosen] for key in keys),
        tuple(value[:, chosen] for value in values),
        *(field[:, chosen] for field in rest),
    )


def draw(backbone: Backbone, seed: int = 2) -> tuple[Tensor, Tensor]:
    """Previous latents (B, T, D) and ages (B, T)."""
    random = torch.Generator().manual_seed(seed)
    latents = torch.randn(BATCH, STEPS, backbone.latent.in_features, generator=random)
    return latents, 0.2 * torch.rand(BATCH, STEPS, generator=random)


def test_step_by_step_equals_all_at_once(backbone: Backbone) -> None:
    previous, age_s = draw(backbone)
    frame = frames(backbone.config)
    whole, _ = backbone(previous, frame, age_s)
    assert whole.shape == (BATCH, STEPS, backbone.context_dim)
    window, filled = backbone.initial(BATCH)
    assert window.shape[4] < STEPS  # the window has to slide
    for i in range(STEPS):
        now = part(frame, slice(i, i + 1))
        context, window, filled = backbone.step(previous[:, i], now, age_s[:, i], window, filled)
        torch.testing.assert_close(context, whole[:, i], atol=1e-5, rtol=1e-4)
    assert filled.all()


def test_half_of_the_context_knows_the_cues_alone(backbone: Backbone) -> None:
    (previous, age_s), (other, _) = draw(backbone), draw(backbone, seed=3)
    one, two = (backbone(latents, frames(backbone.config), age_s)[0] for latents in (previous, other))
    width = backbone.config.width
    torch.testing.assert_close(one[..., width:], two[..., width:])
    assert (one[..., :width] - two[..., :width]).abs().max() > 0.1


@pytest.mark.parametrize("now", [1, 20, 39])
def test_the_future_changes_nothing_before_it(backbone: Backbone, now: int) -> None:
    (previous, age_s), (other, other_age_s) = draw(backbone), draw(backbone, seed=3)
    first, second = frames(backbone.config), frames(backbone.config, seed=4)
    before, after = part(first, slice(0, now)), part(second, slice(now, None))
    mixed = FrameTokens(
        tuple(torch.cat(pair, dim=1) for pair in zip(before.keys, after.keys, strict=True)),
        tuple(torch.cat(pair, dim=1) for pair in zip(before.values, after.values, strict=True)),
        *(torch.cat(pair, dim=1) for pair in zip(before[2:], after[2:], strict=True)),
    )
    made, _ = backbone(
        torch.cat([previous[:, :now], other[:, now:]], dim=1),
        mixed,
        torch.cat([age_s[:, :now], other_age_s[:, now:]], dim=1),
    )
    expected, _ = backbone(previous, first, age_s)
    torch.testing.assert_close(made[:, :now], expected[:, :now], atol=1e-6, rtol=1e-5)
    assert (made[:, now] - expected[:, now]).abs().max() > 1e-3


def test_what_left_the_window_is_forgotten(backbone: Backbone) -> None:
    previous, age_s = draw(backbone)
    changed = previous.clone()
    changed[:, 0] += 3
    frame = frames(backbone.config)
    difference = (backbone(changed, frame, age_s)[0] - backbone(previous, frame, age_s)[0]).abs().amax((0, 2))
    reach = backbone.config.layers * (backbone.config.window_latents - 1)
    assert reach < STEPS - 1
    assert difference[1] > 1e-4
    assert difference[reach + 1 :].max() < 1e-6


CONFIG = GeneratorConfig()
BIN = 5
MOMENT_S = CONFIG.forecast_start_s + BIN * CONFIG.forecast_step_s


@pytest.mark.parametrize(
    ("age_s", "places"),
    [
        (MOMENT_S, {0: 1.0}),
        (MOMENT_S + CONFIG.forecast_step_s, {-1: 1.0}),
        (MOMENT_S - 3 * CONFIG.forecast_step_s, {3: 1.0}),
        (MOMENT_S + CONFIG.forecast_step_s / 2, {-1: 0.5, 0: 0.5}),
        (MOMENT_S - CONFIG.forecast_step_s / 4, {0: 0.75, 1: 0.25}),
        (MOMENT_S + 10 * CONFIG.forecast_step_s, {}),
        (-1.0, {}),
    ],
)
def test_contacts_are_read_at_the_age_of_the_frame(age_s: float, places: dict[int, float]) -> None:
    """A foot comes down 40 ms after the frame: a latent of that age finds it at place 0, a later one behind it."""
    contacts = torch.zeros(1, 1, 2, CONFIG.forecast_steps)
    contacts[0, 0, 1, BIN] = 1.0
    seen = ContactLookup(CONFIG)(contacts, torch.tensor([[age_s]]))
    expected = torch.zeros(1, 1, 2, 2 * LOOKUP_REACH + 1)
    for place, value in places.items():
        expected[0, 0, 1, LOOKUP_REACH + place] = value
    torch.testing.assert_close(seen, expected, atol=1e-5, rtol=0)
