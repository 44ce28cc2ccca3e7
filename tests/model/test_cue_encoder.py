"""Cue encoder: what it sees is bounded and named, each character is seen alone, and told feet decide the forecast."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import Tensor

from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_model.cue_encoder import PLACEMENT, TOLD, CueEncoder, Seen
from stereosync_model.model import Model

FRAMES = 2
OF_CHARACTERS = ("forecast", "grounds", "force", "placement")
Cues = dict[str, Tensor]


@pytest.fixture(scope="module")
def encoder(tiny_model: Model) -> CueEncoder:
    return tiny_model.generator.cue_encoder


def cues(model: Model, seed: int = 0) -> Cues:
    """Made-up cue arrays of some frames; no feet are told."""
    spec, random = model.config.cue_spec, torch.Generator().manual_seed(seed)
    return {
        "picture": torch.randint(256, (FRAMES, *spec.picture_shape), generator=random, dtype=torch.uint8),
        "crops": torch.randint(256, (FRAMES, *spec.crops_shape), generator=random, dtype=torch.uint8),
        "numbers": torch.randn(FRAMES, *spec.numbers_shape, generator=random),
        "tracks": 0.1 * torch.randn(FRAMES, *spec.tracks_shape, generator=random),
        "feet": torch.zeros(FRAMES, *spec.feet_shape),
    }


def tell_feet(arrays: Cues, slot: int, seed: int = 3) -> Cues:
    """The arrays, somebody's feet told over the newest half of their past."""
    feet = arrays["feet"].clone()
    told = feet[:, slot, : feet.shape[2] // 2]
    told.copy_(torch.rand(told.shape, generator=torch.Generator().manual_seed(seed)))
    told[..., TOLD] = 1
    return arrays | {"feet": feet}


def rest_of(seen: Seen, *names: str) -> dict[str, Tensor]:
    return {name: value for name, value in seen._asdict().items() if name not in names}


def test_shapes_follow_from_the_words_and_the_spec(encoder: CueEncoder, tiny_model: Model) -> None:
    slots, bins = tiny_model.config.cue_spec.max_characters, tiny_model.config.generator.forecast_steps
    seen = encoder(**cues(tiny_model))
    assert {name: tuple(value.shape[1:]) for name, value in seen._asdict().items()} == {
        "forecast": (slots, bins),
        "grounds": (slots, len(GROUNDS)),
        "force": (slots, 1),
        "place": (1 + len(PLACES),),
        "surroundings": (3,),
        "placement": (slots, 4),
    }
    assert tuple(seen.place_array().shape) == (FRAMES, len(PLACES) + 1)
    assert tuple(seen.room_array().shape) == (FRAMES, 2)


def test_told_feet_decide_the_forecast_and_nothing_else(encoder: CueEncoder, tiny_model: Model) -> None:
    plain, other = cues(tiny_model), cues(tiny_model, seed=7)
    told = tell_feet(plain, 1)
    seen, looked_elsewhere = encoder(**told), encoder(**tell_feet(other, 1))
    torch.testing.assert_close(seen.forecast[:, 1], encoder.feet(told["feet"][:, 1]))
    torch.testing.assert_close(seen.forecast[:, 1], looked_elsewhere.forecast[:, 1], atol=1e-6, rtol=1e-5)
    assert (seen.forecast[:, 1] - encoder(**plain).forecast[:, 1]).abs().max() > 1e-3
    for name, value in rest_of(seen, "forecast").items():
        torch.testing.assert_close(value, getattr(encoder(**plain), name), atol=0, rtol=0, msg=name)


def test_who_tells_nothing_is_seen_as_if_nobody_did(encoder: CueEncoder, tiny_model: Model) -> None:
    plain = cues(tiny_model)
    untold, told = encoder(**plain), encoder(**tell_feet(plain, 1))
    others = [slot for slot in range(tiny_model.config.cue_spec.max_characters) if slot != 1]
    torch.testing.assert_close(told.forecast[:, others], untold.forecast[:, others], atol=0, rtol=0)


def test_feet_that_are_not_told_now_are_not_used(encoder: CueEncoder, tiny_model: Model) -> None:
    """Whatever stands in the past of an array whose newest moment is not told."""
    plain = cues(tiny_model)
    stale = tell_feet(plain, 1)
    stale["feet"][:, 1, 0] = 0
    torch.testing.assert_close(encoder(**stale).forecast, encoder(**plain).forecast)


def test_a_crop_moves_no_contact(encoder: CueEncoder, tiny_model: Model) -> None:
    """It tells the ground alone: forecasts that looked at crops knew the pictures that they were trained on."""
    plain, other = cues(tiny_model), cues(tiny_model, seed=7)
    changed = encoder(**plain | {"crops": other["crops"]})
    torch.testing.assert_close(changed.forecast, encoder(**plain).forecast)
    assert (changed.grounds - encoder(**plain).grounds).abs().max() > 1e-4


def test_another_character_changes_nothing(encoder: CueEncoder, tiny_model: Model) -> None:
    plain, other = cues(tiny_model), cues(tiny_model, seed=7)
    changed = {name: array.clone() for name, array in plain.items()}
    for name in ("crops", "numbers", "tracks"):
        changed[name][:, 2:] = other[name][:, 2:]
    before, after = encoder(**plain), encoder(**changed)
    for name in OF_CHARACTERS:
        torch.testing.assert_close(getattr(after, name)[:, :2], getattr(before, name)[:, :2], msg=name)
        assert (getattr(after, name)[:, 2:] - getattr(before, name)[:, 2:]).abs().max() > 1e-4, name
    for name in ("place", "surroundings"):  # of the whole picture
        torch.testing.assert_close(getattr(after, name), getattr(before, name), msg=name)


def test_where_a_character_is_comes_from_its_numbers(encoder: CueEncoder, tiny_model: Model) -> None:
    arrays = cues(tiny_model)
    assert torch.equal(encoder(**arrays).placement, arrays["numbers"][..., PLACEMENT])


@pytest.mark.parametrize("bias", [-60.0, 0.0, 60.0])
def test_place_and_room_are_bounded_whatever_is_seen(tiny_model: Model, bias: float) -> None:
    encoder = deepcopy(tiny_model.generator.cue_encoder)
    encoder.surroundings[-1].bias.fill_(bias)
    seen = encoder(**cues(tiny_model))
    place, room = seen.place_array(), seen.room_array()
    for share in (place, room[:, 1]):  # chances and amount; hardness
        assert share.min() >= 0
        assert share.max() <= 1
    assert place[:, :-1].sum(-1).max() <= 1 + 1e-5  # what is missing is the chance of a quiet place
    assert room[:, 0].min() >= 0  # log(1 + size in metres)


def test_a_quiet_place_leaves_no_chance_to_another_and_there_is_none_of_it(tiny_model: Model) -> None:
    """As the generator knows quiet places: their amount is nothing that training asks of the head."""
    encoder = deepcopy(tiny_model.generator.cue_encoder)
    encoder.surroundings[-1].bias.fill_(60.0)
    assert encoder(**cues(tiny_model)).place_array()[:, -1].min() > 0.5
    encoder.place[-1].bias[0] = 60.0
    assert encoder(**cues(tiny_model)).place_array().max() < 1e-6


def test_the_bin_of_a_moment_is_that_of_the_forecast(encoder: CueEncoder, tiny_model: Model) -> None:
    generator = tiny_model.config.generator
    assert encoder.bin_of(generator.forecast_start_s) == 0
    assert encoder.bin_of(0.0) == 3
    assert encoder.bin_of(0.1) == 8


def test_an_untrained_forecast_expects_little(tiny_model: Model) -> None:
    """Contacts are rare: at chance, a plan would be full of steps that nobody takes."""
    torch.manual_seed(0)
    fresh = CueEncoder(tiny_model.config)
    arrays = cues(tiny_model)
    assert fresh(**arrays).forecast.sigmoid().mean() < 0.2
    assert fresh(**tell_feet(arrays, 0)).forecast[:, 0].sigmoid().mean() < 0.2
