"""The generator in training sees what the live path sees: frames of a batch, one by one, give the same contexts."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from stereosync_model.model import Generator, Model
from stereosync_training.excerpts import Batch, draw_batch, frames_of
from stereosync_training.generator_stage import (
    DIFFERENCE_WEIGHT,
    GeneratorOptions,
    GeneratorStage,
    disturbed_history,
    importance,
)
from stereosync_training.tokens import TokenData
from stereosync_training.walk_clips import PICTURE_EVERY
from stereosync_training.walk_data import WalkData

STEPS = 48
SEED = 5


@pytest.fixture
def batch(tokens: TokenData) -> Batch:
    return draw_batch(tokens, 1, STEPS, torch.Generator().manual_seed(SEED), 0.2)


def live_cues(walks: WalkData, model: Model, clip: int, frame: int) -> tuple[dict[str, Tensor], Tensor]:
    """Cue arrays and presence of one frame, in as many slots as the live path has, with the newest stored picture."""
    spec = model.config.cue_spec
    parts = walks.clips[clip].cues(np.array([frame]), np.array([frame // PICTURE_EVERY]))
    shapes = {"crops": spec.crops_shape, "numbers": spec.numbers_shape, "tracks": spec.tracks_shape}
    arrays = {"picture": torch.from_numpy(parts["pictures"])}
    present = torch.zeros(1, spec.max_characters)
    present[0, : parts["present"].shape[1]] = torch.from_numpy(parts["present"][0])
    for name, shape in shapes.items():
        array = torch.zeros(1, *shape, dtype=torch.uint8 if name == "crops" else torch.float32)
        array[:, : parts[name].shape[1]] = torch.from_numpy(parts[name]).to(array.dtype)
        arrays[name] = array
    return arrays, present


def live_contexts(walks: WalkData, model: Model, batch: Batch, times_s: Tensor, previous: Tensor) -> Tensor:
    """(1, T, C): as the runtime makes them, from the frames that a batch of the first clip's plain view has."""
    generator = model.generator
    window, filled = generator.backbone.initial(1)
    first_frame = int(batch.latents[0, 1, 0])  # number of the first latent
    contexts = []
    for i in range(STEPS):
        captured_s = (first_frame + i) * 0.02 - batch.ages_s[0, i]
        frame = int((times_s - captured_s).abs().argmin())
        arrays, present = live_cues(walks, model, 0, frame)
        contacts = torch.zeros(1, model.config.cue_spec.max_characters, model.config.generator.forecast_steps)
        known = walks.clips[0].targets.contacts[frame]
        contacts[0, : len(known)] = torch.from_numpy(known)
        now = generator.frame(generator.cue_encoder(**arrays), contacts, present)
        context, window, filled = generator.backbone.step(previous[:, i], now, batch.ages_s[:, i], window, filled)
        contexts.append(context)
    return torch.stack(contexts, dim=1)


def only_plain(tokens: TokenData) -> TokenData:
    """The first clip's plain view, its latents numbered."""
    view = tokens.clips[0][0]
    count = torch.arange(len(view.latents)).float()[:, None].expand_as(view.latents)
    return TokenData(tokens.config, [(replace(view, latents=count),) * 2], tokens.std)


def test_contexts_in_training_are_those_of_the_live_path(walks: WalkData, tokens: TokenData, tiny_model: Model) -> None:
    data, generator = only_plain(tokens), tiny_model.generator
    batch = draw_batch(data, 1, STEPS, torch.Generator().manual_seed(SEED), 0.2)
    previous = torch.randn(batch.latents[:, 1:].shape, generator=torch.Generator().manual_seed(1))
    trained, _ = generator.backbone(previous, frames_of(generator, batch), batch.ages_s)
    lived = live_contexts(walks, tiny_model, batch, data.clips[0][0].times_s, previous)
    torch.testing.assert_close(trained, lived, atol=1e-2, rtol=1e-2)  # tokens are kept at half precision
    assert 0 < batch.present.mean() < 1
    apart = (lived[:, 1:] - lived[:, :-1]).abs().amax(-1)
    assert float(apart.min()) > 2e-2  # neighbours differ by more than the tolerance


def stage_of(tokens: TokenData, model: Model, options: GeneratorOptions | None = None) -> GeneratorStage:
    """A stage of 100 steps that begins with the model's weights."""
    stage = GeneratorStage(model.config, tokens, model.patches, 4, 100, STEPS, options)
    stage.module.generator.load_state_dict(model.generator.state_dict())
    return stage


def own_history(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts the excerpts that are rolled out from here on."""
    from stereosync_training import generator_stage

    rolled: list[int] = []
    roll_out = generator_stage.roll_out

    def counted(generator: Generator, batch: Batch, *more: object) -> Tensor:
        rolled.append(len(batch.latents))
        return roll_out(generator, batch, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(generator_stage, "roll_out", counted)
    return rolled


@pytest.mark.parametrize(("step", "rolled"), [(10, []), (49, []), (50, [2]), (51, []), (98, [2])])
def test_a_step_reaches_every_weight_but_those_of_the_cue_encoder(
    tokens: TokenData, tiny_model: Model, monkeypatch: pytest.MonkeyPatch, step: int, rolled: list[int]
) -> None:
    counted, stage = own_history(monkeypatch), stage_of(tokens, tiny_model)
    loss, metrics = stage.loss(step, torch.Generator().manual_seed(0))
    loss.backward()
    assert counted == rolled
    assert torch.isfinite(loss)
    assert set(metrics) == {"flow", "plain", "expected", "spread", "contrast", "told_right"}
    for name, value in stage.module.named_parameters():
        if name.startswith("generator.cue_encoder."):
            assert value.grad is None, name
        else:
            assert value.grad is not None, name
            assert torch.isfinite(value.grad).all(), name
            assert value.grad.any(), name


def test_own_history_is_a_share_of_the_excerpts(tokens: TokenData, tiny_model: Model) -> None:
    """The rest of the batch keeps the true one, under noise."""
    stage = stage_of(tokens, tiny_model, GeneratorOptions(own_history_from=0.0, own_history_share=0.25))
    batch = draw_batch(tokens, 4, STEPS, torch.Generator().manual_seed(1), 0.2)
    with torch.no_grad():
        history = stage._history(0, batch, torch.Generator().manual_seed(2))
    random = torch.Generator().manual_seed(2)
    assert history.shape == batch.latents[:, 1:].shape
    torch.testing.assert_close(history[1:], disturbed_history(batch.latents[1:, :-1], random))


def test_a_backbone_of_cue_layers_alone_needs_no_history(
    tokens: TokenData, tiny_model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(tiny_model.config, generator=replace(tiny_model.config.generator, cue_layers=2))
    counted, stage = own_history(monkeypatch), GeneratorStage(config, tokens, tiny_model.patches, 4, 100, STEPS)
    loss, _ = stage.loss(98, torch.Generator().manual_seed(0))
    loss.backward()
    assert counted == []
    without = [name for name, value in stage.module.named_parameters() if value.requires_grad and value.grad is None]
    assert without == ["generator.backbone.latent.weight", "generator.backbone.latent.bias"]


def test_the_loss_falls_in_a_few_steps(tokens: TokenData, tiny_model: Model) -> None:
    stage = stage_of(tokens, tiny_model)
    optimiser = torch.optim.Adam([value for value in stage.module.parameters() if value.requires_grad], lr=3e-3)
    losses = []
    for step in range(24):
        loss, _ = stage.loss(0, torch.Generator().manual_seed(step % 2))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert sum(losses[-4:]) < 0.95 * sum(losses[:4])


def test_history_is_disturbed_in_part(tiny_model: Model) -> None:
    latents = torch.randn(64, 50, tiny_model.config.codec.components, generator=torch.Generator().manual_seed(1))
    made = disturbed_history(latents, torch.Generator().manual_seed(2))
    silent = (made == 0).all(-1)  # (B, T)
    forgotten = silent.all(-1)
    assert 0.15 < float(forgotten.float().mean()) < 0.45
    assert 0.05 < float(silent[~forgotten].float().mean()) < 0.25
    heard, kept = (made - latents)[~forgotten], ~silent[~forgotten, :, None]
    offset = (heard * kept).sum(1, keepdim=True) / kept.sum(1, keepdim=True)  # what stays of a clip's disturbance
    assert 0.3 < float(offset.std()) < 0.9
    level = ((heard - offset) * kept).std((1, 2))
    assert float(level.min()) > 0.2
    assert float(level.max()) < 1.5


def test_components_that_move_the_spectrum_more_count_more_and_the_difference_most(tiny_model: Model) -> None:
    patches = deepcopy(tiny_model.patches)
    patches.std.copy_(torch.tensor([6.0, 3.0, 1.0, 2.0]))  # of the sum three, of the difference one
    weight = importance(patches)
    assert float(weight.mean()) == pytest.approx(1)
    assert (weight / weight[2]).tolist() == pytest.approx([6, 3, 1, DIFFERENCE_WEIGHT * 2])


def test_no_component_is_forgotten_and_none_is_all(tiny_model: Model) -> None:
    patches = deepcopy(tiny_model.patches)
    patches.std.copy_(torch.tensor([1e3, 1e-4, 1e-4, 1e-4]))
    weight = importance(patches)
    assert float(weight[0] / weight[1]) < 20
