"""Backbone: step by step equals all at once, nothing comes from the future, the window forgets, and what is known is
heard: each array changes the context, and those of a character who is absent do not."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import Tensor

from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_model.backbone import LOOKUP_REACH, Backbone, ContactLookup, FrameArrays
from stereosync_model.config import GeneratorConfig
from stereosync_model.model import Model

BATCH, STEPS, CHARACTERS = 2, 40, 3
OF_CHARACTERS = ("contacts", "grounds", "force", "placement")  # arrays with a row for each


@pytest.fixture(scope="module")
def backbone(tiny_model: Model) -> Backbone:
    """With distances that matter: their bias starts at zero."""
    backbone = deepcopy(tiny_model.generator.backbone)
    random = torch.Generator().manual_seed(0)
    for name, parameter in backbone.named_parameters():
        if name.endswith("attention.bias"):
            parameter.normal_(generator=random)
    return backbone


def frames(config: GeneratorConfig, seed: int = 1, steps: int = STEPS) -> FrameArrays:
    """Another made-up frame for every step, the last character absent in all of them."""
    random = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> Tensor:
        return torch.randn(BATCH, steps, *shape, generator=random)

    present = (draw(CHARACTERS) > -1).float()
    present[..., -1] = 0
    return FrameArrays(
        contacts=(draw(CHARACTERS, config.forecast_steps) > 1.5).float(),
        grounds=draw(CHARACTERS, len(GROUNDS)).softmax(-1),
        force=draw(CHARACTERS, 1),
        place=torch.cat([draw(len(PLACES)).softmax(-1), draw(1).sigmoid()], dim=-1),
        room=draw(2).sigmoid(),
        placement=0.3 * draw(CHARACTERS, 4),
        present=present,
    )


def part(arrays: FrameArrays, chosen: slice) -> FrameArrays:
    return FrameArrays(*(array[:, chosen] for array in arrays))


def ages(seed: int = 2, steps: int = STEPS) -> Tensor:
    """(B, T)."""
    return 0.2 * torch.rand(BATCH, steps, generator=torch.Generator().manual_seed(seed))


def test_step_by_step_equals_all_at_once(backbone: Backbone) -> None:
    age_s, arrays = ages(), frames(backbone.config)
    whole, _ = backbone(arrays, age_s)
    assert whole.shape == (BATCH, STEPS, backbone.context_dim)
    window, filled = backbone.initial(BATCH)
    assert window.shape[4] < STEPS  # the window has to slide
    for i in range(STEPS):
        context, window, filled = backbone.step(part(arrays, slice(i, i + 1)), age_s[:, i], window, filled)
        torch.testing.assert_close(context, whole[:, i], atol=1e-5, rtol=1e-4)
    assert filled.all()


@pytest.mark.parametrize("now", [1, 20, 39])
def test_the_future_changes_nothing_before_it(backbone: Backbone, now: int) -> None:
    first, second = frames(backbone.config), frames(backbone.config, seed=4)
    pairs = zip(part(first, slice(0, now)), part(second, slice(now, None)), strict=True)
    mixed = FrameArrays(*(torch.cat(pair, dim=1) for pair in pairs))
    age_s = torch.cat([ages()[:, :now], ages(seed=3)[:, now:]], dim=1)
    made, expected = backbone(mixed, age_s)[0], backbone(first, ages())[0]
    torch.testing.assert_close(made[:, :now], expected[:, :now], atol=1e-6, rtol=1e-5)
    assert (made[:, now] - expected[:, now]).abs().max() > 1e-3


def test_what_left_the_window_is_forgotten(backbone: Backbone) -> None:
    arrays, age_s = frames(backbone.config), ages()
    changed = arrays._replace(grounds=arrays.grounds.clone(), present=torch.ones_like(arrays.present))
    arrays = arrays._replace(present=changed.present)
    changed.grounds[:, 0] = changed.grounds[:, 0].flip(-1)
    difference = (backbone(changed, age_s)[0] - backbone(arrays, age_s)[0]).abs().amax((0, 2))
    reach = backbone.config.layers * (backbone.config.window_latents - 1)
    assert reach < STEPS - 1
    assert difference[1] > 1e-4
    assert difference[reach + 1 :].max() < 1e-6


@pytest.mark.parametrize("name", FrameArrays._fields)
def test_whatever_is_known_is_heard(backbone: Backbone, name: str) -> None:
    """Each array reaches the context, so that what is told in its place is heard."""
    arrays, age_s = frames(backbone.config, steps=1), ages(steps=1)
    arrays = arrays._replace(present=torch.ones_like(arrays.present))
    told = arrays._replace(**{name: torch.zeros_like(getattr(arrays, name))})
    if name == "contacts":
        told.contacts[:, :, 0, round((float(age_s[0, 0]) - CONFIG.forecast_start_s) / CONFIG.forecast_step_s)] = 1
    heard = (backbone(told, age_s)[0] - backbone(arrays, age_s)[0]).abs()
    assert heard.max() > 1e-3


@pytest.mark.parametrize("name", OF_CHARACTERS)
def test_an_absent_character_changes_nothing(backbone: Backbone, name: str) -> None:
    arrays, age_s, other = frames(backbone.config), ages(), frames(backbone.config, seed=5)
    changed = arrays._replace(**{name: getattr(arrays, name).clone()})
    getattr(changed, name)[:, :, -1] = 3 + getattr(other, name)[:, :, -1]
    torch.testing.assert_close(backbone(changed, age_s)[0], backbone(arrays, age_s)[0], atol=0, rtol=0)
    everyone = torch.ones_like(arrays.present)
    strays = backbone(changed._replace(present=everyone), age_s)[0]
    assert (strays - backbone(arrays._replace(present=everyone), age_s)[0]).abs().max() > 1e-3


def test_characters_may_stand_in_any_slot(backbone: Backbone) -> None:
    arrays, age_s = frames(backbone.config), ages()
    moved = arrays._replace(**{name: getattr(arrays, name).flip(2) for name in (*OF_CHARACTERS, "present")})
    torch.testing.assert_close(backbone(moved, age_s)[0], backbone(arrays, age_s)[0], atol=1e-5, rtol=1e-4)


def test_streams_of_a_batch_do_not_hear_each_other(backbone: Backbone) -> None:
    arrays, age_s = frames(backbone.config), ages()
    together = backbone(arrays, age_s)[0]
    for row in range(BATCH):
        alone = backbone(FrameArrays(*(array[row : row + 1] for array in arrays)), age_s[row : row + 1])[0]
        torch.testing.assert_close(alone[0], together[row], atol=1e-5, rtol=1e-4)


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
