"""The forecast stage: frames with their own targets, mirrored half the time, and a loss that reaches every weight."""

from __future__ import annotations

import pytest
import torch

from stereosync.vocabulary import GROUNDS
from stereosync_model.model import Model
from stereosync_training import forecast_stage
from stereosync_training.forecast_stage import (
    FRAMES_PER_CLIP,
    CueHeads,
    ForecastStage,
    contact_loss,
    forecast_losses,
    frame_batch,
)
from stereosync_training.walk_data import KINDS_OF_PLACE, MIRRORED_NUMBERS, WalkData

CLIPS = 8


@pytest.mark.usefixtures("nothing_dropped")
def test_a_batch_has_the_targets_of_its_characters(walks: WalkData) -> None:
    batch = frame_batch(walks, CLIPS, torch.Generator().manual_seed(0))
    people = len(batch.crops)
    assert CLIPS * FRAMES_PER_CLIP < people <= 2 * CLIPS * FRAMES_PER_CLIP  # the second character comes late
    assert len(batch.pictures) == CLIPS
    assert batch.picture_of.bincount().min() >= FRAMES_PER_CLIP
    azimuth = torch.stack([torch.from_numpy(clip.arrays["numbers"][..., 0].copy()) for clip in walks.clips])
    for numbers, ground, contacts in zip(batch.numbers, batch.grounds, batch.contacts, strict=True):
        clip, frame, slot = (azimuth.abs() == numbers[0].abs()).nonzero()[0].tolist()
        targets = walks.clips[clip].targets
        assert ground == int(targets.grounds[frame, slot])
        torch.testing.assert_close(contacts, torch.from_numpy(targets.contacts[frame, slot]).float(), atol=1e-3, rtol=0)
    assert set(batch.kinds.tolist()) == {KINDS_OF_PLACE.index("rain")}
    assert batch.contacts.max() > 0.5
    assert set(batch.grounds.tolist()) == {-1, GROUNDS.index("grass")}


@pytest.mark.usefixtures("nothing_dropped")
def test_some_of_the_clips_are_mirrored(walks: WalkData) -> None:
    batch = frame_batch(walks, 24, torch.Generator().manual_seed(1))
    stored = {float(value) for clip in walks.clips for value in clip.arrays["numbers"][..., MIRRORED_NUMBERS[0]].flat}
    plain = sum(float(value) in stored for value in batch.numbers[:, MIRRORED_NUMBERS[0]])
    assert 0.2 < plain / len(batch.numbers) < 0.8


def test_a_step_reaches_every_weight(walks: WalkData, tiny_model: Model) -> None:
    torch.manual_seed(0)
    stage = ForecastStage(tiny_model.config, walks, CLIPS)
    loss, metrics = stage.loss(0, torch.Generator().manual_seed(0))
    loss.backward()
    assert torch.isfinite(loss)
    assert set(metrics) == {"contact", "ground", "force", "place", "room", "ground_right", "place_right"}
    assert all(value.grad is not None and value.grad.any() for value in stage.module.parameters())


def test_a_few_steps_lower_the_loss(walks: WalkData, tiny_model: Model) -> None:
    torch.manual_seed(0)
    stage = ForecastStage(tiny_model.config, walks, CLIPS)
    optimiser = torch.optim.Adam(stage.module.parameters(), lr=3e-3)
    losses = []
    for step in range(10):
        loss, _ = stage.loss(step, torch.Generator().manual_seed(step % 2))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]


def test_the_contact_loss_is_least_at_the_truth_and_weighs_contacts_more() -> None:
    density = torch.zeros(4, 18)
    density[:, 6] = 1
    right = contact_loss(20 * (2 * density - 1), density)
    missed = contact_loss(torch.tensor([[-3.0]]), torch.tensor([[1.0]]))
    invented = contact_loss(torch.tensor([[3.0]]), torch.tensor([[0.0]]))
    assert float(right) < 1e-6
    assert float(missed) == pytest.approx(5 * float(invented))


def test_unknown_grounds_teach_nothing() -> None:
    logits = torch.randn(3, len(GROUNDS), generator=torch.Generator().manual_seed(0))
    unknown, one = torch.tensor([-1, -1, -1]), torch.tensor([-1, 2, -1])
    assert float(forecast_stage._cross_entropy(logits, unknown, unknown >= 0)) == 0
    known = forecast_stage._cross_entropy(logits, one, one >= 0)
    torch.testing.assert_close(known, torch.nn.functional.cross_entropy(logits[1:2], one[1:2]))


@pytest.mark.usefixtures("nothing_dropped")
def test_heads_that_say_the_truth_have_little_loss(walks: WalkData, tiny_model: Model) -> None:
    """Heads without weights, whose biases say what all frames of this folder have in common."""
    batch = frame_batch(walks, CLIPS, torch.Generator().manual_seed(0))
    heads = CueHeads(tiny_model.config).requires_grad_(False)
    for head, answer in ((heads.place, KINDS_OF_PLACE.index("rain")), (heads.ground, GROUNDS.index("grass"))):
        head.weight.zero_()
        head.bias.copy_(torch.nn.functional.one_hot(torch.tensor(answer), len(head.bias)) * 20.0)
    heads.room.weight.zero_()
    heads.room.bias.copy_(batch.rooms[0])
    losses, right = forecast_losses(heads, batch)
    assert float(losses["place"]) < 1e-3
    assert float(losses["room"]) < 1e-6
    assert float(right["ground_right"]) == float(right["place_right"]) == 1
