"""Foreseen contacts are committed: one for each likely peak, none for doubt."""

from __future__ import annotations

import torch
from torch import Tensor

from stereosync_model.backbone import committed


def logits(*chances: float, bins: int = 18) -> Tensor:
    row = torch.full((bins,), 0.02)
    row[4 : 4 + len(chances)] = torch.tensor(chances)
    return torch.logit(row)


def test_a_likely_peak_is_one_contact() -> None:
    assert committed(logits(0.3, 0.6, 0.3)).nonzero().flatten().tolist() == [5]


def test_a_contact_between_two_bins_is_one_contact() -> None:
    assert committed(logits(0.6, 0.4)).nonzero().flatten().tolist() == [4]


def test_doubt_is_no_contact() -> None:
    assert not committed(logits(0.1, 0.15, 0.1)).any()


def test_two_steps_apart_are_two_contacts() -> None:
    assert committed(logits(0.9, 0.1, 0.0001, 0.0001, 0.0001, 0.1, 0.9)).nonzero().flatten().tolist() == [4, 10]


def test_every_character_has_contacts_of_its_own() -> None:
    both = torch.stack([logits(0.9), logits(0.0001, 0.0001, 0.9)])[None]
    assert committed(both).nonzero().tolist() == [[0, 0, 4], [0, 1, 6]]
