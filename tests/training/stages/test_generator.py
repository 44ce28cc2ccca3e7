"""The generator in training sees what the live path sees: frames of a batch, one by one, give the same contexts."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
import torch
from torch import Tensor

from stereosync_model.backbone import FrameArrays
from stereosync_model.model import Model
from stereosync_training.data.excerpts import Batch, draw_batch
from stereosync_training.data.known_data import KnownData
from stereosync_training.stages.generator import DIFFERENCE_WEIGHT, MEAN_FROM, GeneratorStage, importance

STEPS = 48
SEED = 5
LIVE_SLOTS = 6  # the live path has more slots than clips are stored with


@pytest.fixture
def batch(known: KnownData) -> Batch:
    return draw_batch(known, 1, STEPS, torch.Generator().manual_seed(SEED), 0.2)


def live_arrays(batch: Batch, latent: int) -> FrameArrays:
    """What is known of the frame of one latent, (1, 1, ...), in as many slots as the live path has."""
    newest = FrameArrays(*(part[batch.frame_of[0, latent]][None, None] for part in batch.frames))
    empty = LIVE_SLOTS - newest.present.shape[-1]

    def filled(array: Tensor) -> Tensor:
        return torch.cat([array, array.new_zeros(1, 1, empty, *array.shape[3:])], dim=2)

    of_characters = ("contacts", "grounds", "force", "placement", "present")
    return newest._replace(**{name: filled(getattr(newest, name)) for name in of_characters})


def test_contexts_in_training_are_those_of_the_live_path(batch: Batch, tiny_model: Model) -> None:
    backbone = tiny_model.generator.backbone
    trained, _ = backbone(batch.arrays(), batch.ages_s)
    window, filled = backbone.initial(1)
    contexts = []
    for latent in range(STEPS):
        arrays = live_arrays(batch, latent)
        context, window, filled = backbone.step(arrays, batch.ages_s[:, latent], window, filled)
        contexts.append(context)
    lived = torch.stack(contexts, dim=1)
    torch.testing.assert_close(trained, lived, atol=1e-4, rtol=1e-4)
    assert 0 < batch.frames.present.mean() < 1
    apart = (lived[:, 1:] - lived[:, :-1]).abs().amax(-1)
    assert float(apart.min()) > 1e-2  # neighbours differ by more than the tolerance


def stage_of(known: KnownData, model: Model) -> GeneratorStage:
    """A stage of 100 steps that begins with the model's weights."""
    stage = GeneratorStage(model.config, known, model.patches, 4, 100, STEPS)
    stage.module.generator.load_state_dict(model.generator.state_dict())
    return stage


@pytest.mark.parametrize("step", [0, round(100 * MEAN_FROM), 98])
def test_a_step_reaches_every_weight_but_those_of_the_cue_encoder(
    known: KnownData, tiny_model: Model, step: int
) -> None:
    stage = stage_of(known, tiny_model)
    loss, metrics = stage.loss(step, torch.Generator().manual_seed(0))
    loss.backward()
    assert torch.isfinite(loss)
    assert set(metrics) == {"flow", "plain", "expected", "spread", "contrast", "told_right"}
    for name, value in stage.module.named_parameters():
        if name.startswith("generator.cue_encoder."):
            assert value.grad is None, name
        else:
            assert value.grad is not None, name
            assert torch.isfinite(value.grad).all(), name
            assert value.grad.any(), name


def test_steps_over_whole_intervals_are_learned_from_a_part_of_the_run_on(
    known: KnownData, tiny_model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stereosync_training.stages import generator

    shares: list[float] = []
    mean_flow_loss = generator.mean_flow_loss

    def noted(*given: object) -> object:
        shares.append(given[3])  # type: ignore[arg-type]
        return mean_flow_loss(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(generator, "mean_flow_loss", noted)
    stage = stage_of(known, tiny_model)
    for step in (0, 29, 30, 99):
        stage.loss(step, torch.Generator().manual_seed(0))
    assert shares == [0.0, 0.0, generator.MEAN_SHARE, generator.MEAN_SHARE]


def test_a_picture_of_an_excerpt_is_drawn(known: KnownData, tiny_model: Model, tmp_path: Path) -> None:
    stage_of(known, tiny_model).picture(tmp_path / "latents.png")
    assert (tmp_path / "latents.png").stat().st_size > 1000


def test_the_loss_falls_in_a_few_steps(known: KnownData, tiny_model: Model) -> None:
    stage = stage_of(known, tiny_model)
    optimiser = torch.optim.Adam([value for value in stage.module.parameters() if value.requires_grad], lr=3e-3)
    losses = []
    for step in range(24):
        loss, _ = stage.loss(0, torch.Generator().manual_seed(step % 2))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert sum(losses[-4:]) < 0.95 * sum(losses[:4])


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
