"""The feet stage: mirrored and shortened pasts, a loss that reaches every weight and falls."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from stereosync.cues import FEET_CHANNELS
from stereosync_model.model import Model
from stereosync_training.data.feet_courses import FeetExamples, feet_examples, own_courses
from stereosync_training.stages import feet as feet_stage
from stereosync_training.stages.feet import FeetStage
from stereosync_training.stages.forecast import contact_loss

LEFT, RIGHT, STRIDE, TOLD = slice(0, 3), slice(3, 6), 6, 7


@pytest.fixture(scope="module")
def examples(tiny_model: Model) -> FeetExamples:
    courses = [course for seed in (902, 905) for course in own_courses(seed, 4.0)]
    rng = np.random.default_rng(0)
    return feet_examples(courses, 60, tiny_model.config.cue_spec, tiny_model.config.generator, rng)


def stage_of(model: Model, examples: FeetExamples) -> FeetStage:
    torch.manual_seed(0)
    return FeetStage(model.config, examples, 32)


def test_a_step_reaches_every_weight(tiny_model: Model, examples: FeetExamples) -> None:
    stage = stage_of(tiny_model, examples)
    loss, metrics = stage.loss(0, torch.Generator().manual_seed(0))
    loss.backward()
    assert metrics == {"contact": pytest.approx(float(loss.detach()))}
    assert all(value.grad is not None and value.grad.any() for value in stage.module.parameters())


def test_contacts_are_learned_from_feet(tiny_model: Model, examples: FeetExamples) -> None:
    stage = stage_of(tiny_model, examples)
    feet, contacts = (torch.from_numpy(part).float() for part in (examples.feet, examples.contacts))
    with torch.no_grad():
        before = float(contact_loss(stage.encoder(feet), contacts))
    optimiser = torch.optim.Adam(stage.module.parameters(), lr=3e-3)
    for step in range(80):
        loss, _ = stage.loss(step, torch.Generator().manual_seed(step))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        after = float(contact_loss(stage.encoder(feet), contacts))
    share = float(contacts.mean())
    guess = torch.full_like(contacts, share).logit()
    assert after < 0.8 * before
    assert after < 0.95 * float(contact_loss(guess, contacts))  # better than how often feet come down


def test_half_of_the_rows_have_left_and_right_exchanged() -> None:
    feet = torch.arange(8.0).expand(400, 4, 8)
    made = feet_stage._swapped(feet, torch.Generator().manual_seed(0))
    swapped = made[:, 0, 0] == 3
    assert float(swapped.float().mean()) == pytest.approx(0.5, abs=0.1)
    assert torch.equal(made[~swapped], feet[~swapped])
    assert made[swapped][0, 0].tolist() == [3, 4, 5, 0, 1, 2, -6, 7]
    assert FEET_CHANNELS[STRIDE] == "stride"


def test_some_rows_know_less_of_the_past_and_none_forgets_the_newest_moment() -> None:
    made = feet_stage._cut_short(torch.ones(1000, 16, 8), torch.Generator().manual_seed(0))
    known = made[..., TOLD]
    assert (known[:, 0] == 1).all()
    assert (known.diff(dim=1) <= 0).all()  # what is known is known up to a moment
    lengths = known.sum(1)
    assert float((lengths < 16).float().mean()) == pytest.approx(feet_stage.SHORTEST_SHARE, abs=0.06)
    assert set(lengths.int().tolist()) == set(range(1, 17))


def test_some_rows_go_without_some_channel_but_are_known_to_be_told() -> None:
    made = feet_stage._dropped(torch.ones(2000, 4, 8), torch.Generator().manual_seed(0))
    assert (made[..., TOLD] == 1).all()
    for channel in range(TOLD):
        column = made[..., channel]
        assert (column == column[:, :1]).all()  # a channel is dropped for the whole past
        assert float(1 - column.mean()) == pytest.approx(feet_stage.DROPPED, abs=0.03)


def test_the_encoder_of_the_stage_fits_into_the_model(tiny_model: Model, examples: FeetExamples) -> None:
    ours, model_s = (
        stage_of(tiny_model, examples).module.state_dict(),
        tiny_model.generator.cue_encoder.feet.state_dict(),
    )
    assert {name: value.shape for name, value in ours.items()} == {name: value.shape for name, value in model_s.items()}
