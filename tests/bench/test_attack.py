"""Cures for a soft attack: silent before the contact, as much energy as before, and nothing done elsewhere."""

from __future__ import annotations

import attack_cures
import numpy as np
import pytest
from attack_cures import FADE_S, FRAME, HOP, RATE_HZ

CONTACT_S = 0.5
START = round(CONTACT_S * RATE_HZ)


def test_a_frame_is_silent_before_its_contact_and_keeps_its_energy() -> None:
    window, before = (part.numpy() for part in attack_cures.masks([CONTACT_S], 200, FADE_S))
    touched = [frame for frame in range(200) if frame * HOP <= START < frame * HOP + FRAME]
    assert len(touched) == 3
    assert all(not window[frame, : START - frame * HOP].any() for frame in touched)
    middle = touched[1]
    hann = np.square(np.hanning(FRAME + 1)[:-1])
    assert float((hann * np.square(window[middle])).sum()) == pytest.approx(float(hann.sum()), rel=0.15)
    others = np.delete(np.arange(200), touched)
    assert (window[others] == 1).all()
    assert (before[others] == others).all()
    assert (before[touched] == touched[0] - 1).all()


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
