"""The forecast stage: frames with their own targets, mirrored half the time, and a loss that reaches every weight."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from stereosync.acoustics import hardness
from stereosync.vocabulary import GROUNDS
from stereosync_model.cue_encoder import CueEncoder
from stereosync_model.model import Model
from stereosync_training.data.walk_data import KINDS_OF_PLACE, MIRRORED_NUMBERS, WalkData
from stereosync_training.stages import forecast
from stereosync_training.stages.forecast import (
    FRAMES_PER_CLIP,
    ForecastStage,
    contact_loss,
    forecast_losses,
    frame_batch,
    surroundings_loss,
)

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
    assert batch.amounts.tolist() == pytest.approx([0.7] * CLIPS)
    assert batch.rooms.tolist() == [pytest.approx([math.log(5), hardness(4.0, 0.4)])] * CLIPS
    assert batch.contacts.max() > 0.5
    assert set(batch.grounds.tolist()) == {-1, GROUNDS.index("grass")}


@pytest.mark.usefixtures("nothing_dropped")
def test_some_of_the_clips_are_mirrored(walks: WalkData) -> None:
    batch = frame_batch(walks, 24, torch.Generator().manual_seed(1))
    stored = {float(value) for clip in walks.clips for value in clip.arrays["numbers"][..., MIRRORED_NUMBERS[0]].flat}
    plain = sum(float(value) in stored for value in batch.numbers[:, MIRRORED_NUMBERS[0]])
    assert 0.2 < plain / len(batch.numbers) < 0.8


def test_a_step_reaches_every_weight_but_those_that_read_told_feet(walks: WalkData, tiny_model: Model) -> None:
    torch.manual_seed(0)
    stage = ForecastStage(tiny_model.config, walks, CLIPS)
    loss, metrics = stage.loss(0, torch.Generator().manual_seed(0))
    loss.backward()
    assert torch.isfinite(loss)
    assert set(metrics) == {"contact", "ground", "force", "place", "room", "ground_right", "place_right"}
    for name, value in stage.module.named_parameters():
        if name.startswith("feet."):
            assert value.grad is None, name
        else:
            assert value.grad is not None, name
            assert value.grad.any(), name


def test_a_few_steps_lower_the_loss(walks: WalkData, tiny_model: Model) -> None:
    torch.manual_seed(0)
    stage = ForecastStage(tiny_model.config, walks, CLIPS)
    optimiser = torch.optim.Adam([value for value in stage.module.parameters() if value.requires_grad], lr=3e-3)
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
    assert float(forecast._cross_entropy(logits, unknown, unknown >= 0)) == 0
    known = forecast._cross_entropy(logits, one, one >= 0)
    torch.testing.assert_close(known, torch.nn.functional.cross_entropy(logits[1:2], one[1:2]))


def say_always(head: nn.Sequential, answer: Tensor) -> None:
    """A head without weights, which answers what its bias says."""
    last = head[-1]
    assert isinstance(last, nn.Linear)
    last.weight.zero_()
    last.bias.copy_(answer)


@pytest.mark.usefixtures("nothing_dropped")
def test_heads_that_say_the_truth_have_little_loss(walks: WalkData, tiny_model: Model) -> None:
    """They say what all frames of this folder have in common."""
    batch = frame_batch(walks, CLIPS, torch.Generator().manual_seed(0))
    encoder = CueEncoder(tiny_model.config).requires_grad_(False)
    for head, kinds, answer in ((encoder.place, KINDS_OF_PLACE, "rain"), (encoder.grounds, GROUNDS, "grass")):
        say_always(head, 20.0 * functional.one_hot(torch.tensor(kinds.index(answer)), len(kinds)))
    amount, hard = (torch.tensor(share).logit() for share in (0.7, hardness(4.0, 0.4)))
    say_always(encoder.surroundings, torch.stack([amount, hard, torch.tensor(5.0).log()]))
    losses, right = forecast_losses(encoder, batch)
    assert float(losses["place"]) < 1e-3
    assert float(losses["room"]) < 1e-5
    assert float(right["ground_right"]) == float(right["place_right"]) == 1


@pytest.mark.usefixtures("nothing_dropped")
def test_how_much_there_is_of_a_quiet_place_is_not_asked(walks: WalkData) -> None:
    batch = frame_batch(walks, CLIPS, torch.Generator().manual_seed(0))
    right = torch.stack([torch.zeros(CLIPS), batch.rooms[:, 1].logit(), batch.rooms[:, 0]], dim=1)
    some, none = (replace(batch, kinds=torch.full((CLIPS,), kind)) for kind in (1, 0))
    assert float(surroundings_loss(right, some)) == pytest.approx(0.2)  # 0.5 where there are 0.7
    assert float(surroundings_loss(right, none)) == pytest.approx(0, abs=1e-6)


@pytest.mark.usefixtures("nothing_dropped")
def test_what_is_foreseen_from_a_frame_is_what_the_whole_encoder_foresees(walks: WalkData, tiny_model: Model) -> None:
    """The stage trains parts of the encoder on characters alone; live it runs as one, on slots."""
    encoder, spec = tiny_model.generator.cue_encoder, tiny_model.config.cue_spec
    batch = frame_batch(walks, 1, torch.Generator().manual_seed(0))
    cues = {
        "picture": batch.pictures,
        "crops": torch.zeros(1, *spec.crops_shape, dtype=torch.uint8),
        "numbers": torch.zeros(1, *spec.numbers_shape),
        "tracks": torch.zeros(1, *spec.tracks_shape),
        "feet": torch.zeros(1, *spec.feet_shape),
    }
    for name in ("crops", "numbers", "tracks"):
        cues[name][0, 2] = getattr(batch, name)[0]
    seen = encoder(**cues)
    one = [getattr(batch, name)[:1] for name in ("crops", "numbers", "tracks")]
    grounds, force = encoder.trodden(*one, encoder.picture(batch.pictures)[1])
    torch.testing.assert_close(seen.forecast[0, 2:3], encoder.foreseen(*one[1:]), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(seen.grounds[0, 2:3], grounds, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(seen.force[0, 2:3], force, atol=1e-5, rtol=1e-4)
