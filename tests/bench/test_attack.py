"""Cures for a soft attack: silent before the contact, as much energy as before, and nothing done elsewhere."""

from __future__ import annotations

import math

import attack_cures
import numpy as np
import pytest
import torch
from attack_cures import FRAME, RATE_HZ, WholeFrames

from stereosync_model.model import Model

CONTACT_S = 0.5
START = round(CONTACT_S * RATE_HZ)


def test_whole_frames_are_silent_before_a_contact_and_the_decoder_stays_as_it_was(tiny_model: Model) -> None:
    """At a frame's last sample: the frame before that one has ended a hop earlier."""
    decoder, place = tiny_model.decoder, 3 * FRAME - 1
    latents = torch.zeros(4, decoder.codec.components)
    cut = attack_cures.with_attack(decoder, WholeFrames, math.inf)
    plain, made = (attack_cures.decode(one, latents, (place / RATE_HZ,)) for one in (decoder, cut))
    silent = slice(place + 1 - decoder.hop_samples, place)
    assert not made[silent].any()
    assert plain[silent].any()
    assert np.square(made).sum() == pytest.approx(np.square(plain).sum(), rel=0.3)


def test_what_sounds_before_a_contact_is_no_louder_than_before_the_step() -> None:
    rng = np.random.default_rng(0)
    sound = 0.01 * rng.standard_normal((RATE_HZ, 2)).astype(np.float32)
    early = START - 240
    sound[early : early + 1200] *= 20
    made = attack_cures.steepened(sound, [CONTACT_S])
    assert np.abs(made[early + 96 : START]).max() < 0.06
    assert np.square(made).sum() == pytest.approx(np.square(sound).sum(), rel=0.02)
    untouched = np.r_[0 : START - FRAME, START + 2 * FRAME : len(sound)]
    np.testing.assert_array_equal(made[untouched], sound[untouched])


def test_bands_sum_to_the_sound_where_nobody_steps() -> None:
    sound = np.random.default_rng(0).standard_normal((RATE_HZ, 2)).astype(np.float32)
    np.testing.assert_allclose(attack_cures.steepened_by_band(sound, []), sound, atol=1e-4)
