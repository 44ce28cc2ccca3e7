"""The generator in training sees what the live path sees: frames of a batch, one by one, give the same contexts."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from stereosync_model.model import Model
from stereosync_training.forecast_stage import CueHeads, forecast_loss, ground_loss
from stereosync_training.generator_stage import GeneratorStage, disturbed_history, frames_of, pan_importance
from stereosync_training.walk_data import Batch, WalkData

STEPS = 24


@pytest.fixture
def batch(walk_folder: Path, tiny_model: Model) -> Batch:
    return WalkData(walk_folder, tiny_model.config).batch(1, STEPS, torch.Generator().manual_seed(5), 0.2)


def live_cues(model: Model, batch: Batch, step: int) -> tuple[dict[str, Tensor], Tensor]:
    """Cue arrays and presence of one latent's frame, in as many slots as the live path has."""
    spec, known = model.config.cue_spec, batch.character_of[0, step]
    shapes = {"crops": spec.crops_shape, "numbers": spec.numbers_shape, "tracks": spec.tracks_shape}
    arrays = {name: torch.ones(1, *shape).to(getattr(batch, name).dtype) for name, shape in shapes.items()}
    present = torch.zeros(1, spec.max_characters)
    for slot, character in enumerate(known.tolist()):
        if character < len(batch.numbers):
            present[0, slot] = 1
            for name, array in arrays.items():
                array[0, slot] = getattr(batch, name)[character]
    return {"picture": batch.pictures[batch.picture_of[0, step]][None], **arrays}, present


def test_contexts_in_training_are_those_of_the_live_path(batch: Batch, tiny_model: Model) -> None:
    generator = tiny_model.generator
    previous = torch.randn(batch.latents[:, 1:].shape, generator=torch.Generator().manual_seed(1))
    trained = generator.backbone(previous, frames_of(generator, batch)[0], batch.ages_s)
    window, filled = generator.backbone.initial(1)
    for i in range(STEPS):
        arrays, present = live_cues(tiny_model, batch, i)
        now = generator.frame(generator.cue_encoder(**arrays), present)
        context, window, filled = generator.backbone.step(previous[:, i], now, batch.ages_s[:, i], window, filled)
        torch.testing.assert_close(context, trained[:, i], atol=1e-4, rtol=1e-3)
    assert 0 < batch.present.mean() < 1


def test_a_roll_out_goes_on_its_own_latents(walk_folder: Path, tiny_model: Model, batch: Batch) -> None:
    stage = GeneratorStage(tiny_model.config, WalkData(walk_folder, tiny_model.config), 1, 1, STEPS)
    stage.module.generator.load_state_dict(tiny_model.generator.state_dict())
    first, again, other = (stage.roll_out(batch, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert first.shape == (1, STEPS, tiny_model.config.codec.components)
    assert torch.equal(first, again)
    assert (first - other).abs().max() > 0.1


def test_a_step_reaches_every_weight_of_the_generator(walk_folder: Path, tiny_model: Model) -> None:
    stage = GeneratorStage(tiny_model.config, WalkData(walk_folder, tiny_model.config), 2, 1, STEPS)
    stage.module.generator.load_state_dict(tiny_model.generator.state_dict())
    loss, metrics = stage.loss(1, torch.Generator().manual_seed(0))
    loss.backward()
    assert torch.isfinite(loss)
    assert set(metrics) == {"flow", "plain", "contact", "ground_right"}
    without = [name for name, value in stage.module.named_parameters() if value.grad is None or not value.grad.any()]
    assert without == []


def test_history_is_disturbed_in_part(tiny_model: Model) -> None:
    latents = torch.randn(64, 50, tiny_model.config.codec.components, generator=torch.Generator().manual_seed(1))
    made = disturbed_history(latents, torch.Generator().manual_seed(2))
    silent = (made == 0).all(-1)  # (B, T)
    forgotten = silent.all(-1)
    assert 0.15 < float(forgotten.float().mean()) < 0.45
    assert 0.05 < float(silent[~forgotten].float().mean()) < 0.25
    level = (made - latents)[~forgotten].masked_fill(silent[~forgotten, :, None], 0).std((1, 2))
    assert float(level.min()) > 0.2
    assert float(level.max()) < 1.5


def test_the_forecast_loss_is_least_at_the_truth_and_weighs_contacts_more() -> None:
    density = torch.zeros(4, 18)
    density[:, 6] = 1
    right = forecast_loss(20 * (2 * density - 1), density)
    missed = forecast_loss(torch.tensor([[-3.0]]), torch.tensor([[1.0]]))
    invented = forecast_loss(torch.tensor([[3.0]]), torch.tensor([[0.0]]))
    assert float(right) < 1e-6
    assert float(missed) == pytest.approx(5 * float(invented))


def test_unknown_grounds_teach_nothing(tiny_model: Model) -> None:
    heads = CueHeads(tiny_model.config)
    token = torch.randn(3, tiny_model.config.generator.token_dim)
    loss, right = ground_loss(heads, token, token, torch.tensor([-1, -1, -1]))
    assert (float(loss), float(right)) == (0, 0)
    known, _ = ground_loss(heads, token, token, torch.tensor([-1, 2, -1]))
    alone, _ = ground_loss(heads, token[1:2], token[1:2], torch.tensor([2]))
    torch.testing.assert_close(known, alone)


def test_the_number_that_turns_over_with_left_and_right_counts_more() -> None:
    plain = torch.randn(4, 30, 3, generator=torch.Generator().manual_seed(5))
    swapped = plain * torch.tensor([1.0, -1.0, 1.0])
    importance = pan_importance(torch.stack([plain, swapped], dim=1))
    assert importance[1] > 4
    assert importance[[0, 2]].tolist() == pytest.approx([1.0, 1.0])
