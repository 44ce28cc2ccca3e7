"""Each figure on signals whose answer is known: perfect, late, mono, swapped, silent."""

import math

import numpy as np
import pytest

from stereosync.scene import Float32Array
from stereosync.stereo import expected_level_difference_db, pan_gains
from stereosync_scenes.walk import Contact, Room, WalkTruth
from stereosync_training.evaluate.figures import Conditions, gather, pooled
from stereosync_training.evaluate.rows import to_mono
from stereosync_training.measures.bias_skill import bias_skill, deal, heard_sides, truth_sides
from stereosync_training.measures.levels import drift, e_l1, pulse_share, rests, rms_track, seam_profile, seam_ratio
from stereosync_training.measures.onsets import count_by_character, count_onsets, detect_onsets, match, onset_scores
from stereosync_training.measures.panning import lone_contacts, measure_steps, panning_scores, same_on_both_sides

RATE_HZ = 48_000
CONDITIONS = Conditions(bundle="none", set="made up", steps=2, lead_ms=100.0)


def contact(time_s: float, azimuth_deg: float = 0.0, distance_m: float = 3.0, character_id: int = 0) -> Contact:
    angle = math.radians(azimuth_deg)
    position_m = (distance_m * math.sin(angle), 0.0, distance_m * math.cos(angle))
    return Contact(time_s, character_id, "left", "stone", position_m, 1.0)


def walk(seed: int = 0, duration_s: float = 4.0) -> WalkTruth:
    """One walker who crosses from one side to the other, coming nearer; every second walk the other way."""
    times_s = np.arange(0.4, duration_s - 0.3, 0.5)
    angles_deg = np.linspace(-50, 50, len(times_s)) * (1 if seed % 2 else -1)
    distances_m = np.linspace(6, 2, len(times_s))
    contacts = tuple(map(contact, times_s.tolist(), angles_deg.tolist(), distances_m.tolist()))
    return WalkTruth(seed, duration_s, contacts, Room(0.0, 0.0), "wind")


def sound_of(truth: WalkTruth, late_s: float = 0.0) -> Float32Array:
    """A burst of noise that fades in 20 ms for every contact: panned as the truth says, 1/d loud."""
    rng = np.random.default_rng(truth.seed)
    stereo = np.zeros((round(truth.duration_s * RATE_HZ), 2), dtype=np.float32)
    burst = rng.standard_normal(round(0.4 * RATE_HZ)) * np.exp(-np.arange(round(0.4 * RATE_HZ)) / (0.02 * RATE_HZ))
    for one in truth.contacts:
        start = round((one.time_s + late_s) * RATE_HZ)
        part = stereo[start : start + len(burst)]
        gains = pan_gains(math.atan2(one.position_m[0], one.position_m[2]))
        part += (0.2 / np.linalg.norm(one.position_m) * burst[: len(part), None] * gains).astype(np.float32)
    return stereo


def scores(sound: Float32Array, truth: WalkTruth, true: Float32Array | None = None) -> dict[str, float]:
    return pooled([gather(sound, sound_of(truth) if true is None else true, truth, 1920)])


def test_perfect_sound_gets_perfect_figures() -> None:
    truth = walk()
    found = scores(sound_of(truth), truth)
    assert found["onset_f1"] == 1.0
    assert abs(found["av_offset_median_ms"]) < 6  # one hop
    assert found["av_offset_mad_ms"] < 5
    assert found["e_l1"] == 0.0
    assert found["ild_mae_db"] < 0.01
    assert found["ild_corr"] > 0.999
    assert found["ild_sign"] == 1.0
    assert found["distance_slope_db"] == pytest.approx(-6.02, abs=0.05)
    assert found["correlated_share"] == 0.0


def test_thirty_ms_late_is_still_a_hit_and_shows_as_offset() -> None:
    truth = walk()
    in_time, late = scores(sound_of(truth), truth), scores(sound_of(truth, 0.030), truth)
    assert late["onset_f1"] == 1.0
    assert late["av_offset_median_ms"] - in_time["av_offset_median_ms"] == pytest.approx(30, abs=5)
    assert late["e_l1"] > 0.001


def test_a_hundred_ms_late_is_a_miss() -> None:
    found = scores(sound_of(walk(), 0.100), walk())
    assert found["onset_f1"] == found["onset_recall"] == found["onset_precision"] == 0.0
    assert math.isnan(found["av_offset_median_ms"])


def test_mono_keeps_time_and_loses_place() -> None:
    found = scores(to_mono(sound_of(walk())), walk())
    assert found["onset_f1"] == 1.0
    assert found["ild_sign"] == 0.0
    assert math.isnan(found["ild_corr"])
    assert found["ild_mae_db"] > 5
    assert found["correlated_share"] == 1.0


def test_swapped_channels_are_always_wrong() -> None:
    found = scores(np.ascontiguousarray(sound_of(walk())[:, ::-1]), walk())
    assert found["ild_sign"] == 0.0
    assert found["ild_corr"] < -0.999
    assert found["onset_f1"] == 1.0


def test_silence_is_wrong_everywhere_and_breaks_nothing() -> None:
    truth = walk()
    found = scores(np.zeros_like(sound_of(truth)), truth)
    assert found["onset_f1"] == 0.0
    assert found["ild_sign"] == 0.0
    assert found["correlated_share"] == 1.0
    assert math.isnan(found["onset_precision"])
    assert math.isnan(found["seam_ratio"])


def test_steady_noise_has_hardly_an_onset() -> None:
    noise = np.random.default_rng(0).standard_normal((6 * RATE_HZ, 2)).astype(np.float32) * 0.05
    assert len(detect_onsets(noise)) <= 1  # its beginning


@pytest.mark.parametrize("gain", [0.3, 3.0])
def test_onsets_hardly_depend_on_loudness(gain: float) -> None:
    sound = sound_of(walk())
    np.testing.assert_allclose(detect_onsets(sound * np.float32(gain)), detect_onsets(sound), atol=0.006)


def test_matching_is_one_to_one() -> None:
    assert match([1.00, 1.02], [1.01]) in ([(0, 0)], [(1, 0)])
    assert len(match([1.0], [0.98, 1.02])) == 1
    assert match([], [1.0]) == match([1.0], []) == []


def test_matching_takes_as_many_pairs_as_there_are_before_near_ones() -> None:
    # The nearest pair alone, 1.04 with 1.04, would leave 1.00 without a partner.
    assert match([1.04, 1.08], [1.00, 1.04]) == [(0, 0), (1, 1)]


def test_matching_prefers_near_pairs_among_equally_many() -> None:
    assert match([1.04], [1.00, 1.045]) == [(0, 1)]


def test_the_tolerance_is_fifty_ms() -> None:
    assert match([1.049], [1.0]) == [(0, 0)]
    assert match([1.051], [1.0]) == []


def test_far_contacts_are_neither_asked_for_nor_held_against_an_onset() -> None:
    contacts = (contact(1.0), contact(2.0, distance_m=9.0))
    heard = count_onsets([1.01, 2.01, 3.0], contacts)
    assert (heard.hit, heard.missed, heard.extra) == (1, 0, 1)
    silent = count_onsets([], contacts)
    assert (silent.hit, silent.missed, silent.extra) == (0, 1, 0)


def test_an_onset_that_nobody_made_is_held_against_whose_contact_is_nearest() -> None:
    contacts = (contact(1.0), contact(2.0, character_id=1), contact(2.9, distance_m=9.0, character_id=2))
    onsets_s = [0.99, 1.4, 1.6, 2.9]  # the last is the far one's step
    both = count_by_character(onsets_s, contacts)
    assert {one: (count.hit, count.missed, count.extra) for one, count in both.items()} == {0: (1, 0, 1), 1: (0, 1, 1)}
    summed = count_onsets(onsets_s, contacts)
    assert (summed.hit, summed.missed, summed.extra) == (1, 1, 2)
    assert both[0].offsets_s == summed.offsets_s == pytest.approx((-0.01,))
    assert count_by_character([1.0], ())[-1].extra == 1


def test_scores_pool_clips_by_counts() -> None:
    one = count_onsets([1.0, 2.0], (contact(1.0), contact(2.0)))
    two = count_onsets([1.0, 1.5], (contact(3.0), contact(4.0)))
    found = onset_scores([one, two])
    assert found["onset_precision"] == found["onset_recall"] == found["onset_f1"] == 0.5


def test_two_characters_at_once_from_two_sides_are_left_out() -> None:
    left, right = contact(1.0, -30), contact(1.05, 30, character_id=1)
    assert lone_contacts((left, right)) == []
    same_place = contact(1.05, -28, character_id=1)
    assert lone_contacts((left, same_place)) == [left, same_place]
    later = contact(1.2, 30, character_id=1)
    assert lone_contacts((left, later)) == [left]  # the first still rings in the second's window
    last = contact(1.3, 30, character_id=1)
    assert lone_contacts((left, last)) == [left, last]


def test_level_difference_is_that_of_the_window_after_the_contact() -> None:
    stereo = np.zeros((2 * RATE_HZ, 2), dtype=np.float32)
    stereo[RATE_HZ : RATE_HZ + 3840] = [0.1, 0.2]
    (row,) = measure_steps(stereo, (contact(1.0, 20),))
    assert row[1] == pytest.approx(expected_level_difference_db(math.radians(20)))
    assert row[2] == pytest.approx(20 * math.log10(2), abs=1e-3)


def test_a_small_angle_asks_for_no_side() -> None:
    steps = measure_steps(sound_of(walk())[:, ::-1], (contact(0.4, 9),))
    assert math.isnan(panning_scores(steps)["ild_sign"])


def test_one_silent_channel_is_not_the_same_sound_twice() -> None:
    noise = np.random.default_rng(0).standard_normal((1000, 2)).astype(np.float32)
    assert not same_on_both_sides(noise * np.array([1, 0], dtype=np.float32))
    assert not same_on_both_sides(noise)
    assert same_on_both_sides(noise[:, :1] * np.array([1, -0.5], dtype=np.float32))


def leaning(sides: list[int]) -> Float32Array:
    """One second of noise per entry: -1 left, 1 right, 0 middle."""
    rng = np.random.default_rng(3)
    gains = {-1: (1.0, 0.3), 0: (1.0, 1.0), 1: (0.3, 1.0)}
    return np.concatenate([0.1 * rng.standard_normal((RATE_HZ, 1)) * gains[side] for side in sides]).astype(np.float32)


def test_windows_lean_to_the_louder_side() -> None:
    sound = leaning([-1, 0, 1])
    np.testing.assert_array_equal(truth_sides(sound), [-1, 0, 1])
    np.testing.assert_array_equal(heard_sides(sound * np.float32(1e-3)), [0, 0, 0])  # too soft to count
    np.testing.assert_array_equal(truth_sides(sound * np.float32(1e-2)), [-1, 0, 1])


def test_bias_skill_of_right_swapped_and_constant_sound() -> None:
    truth = np.random.default_rng(5).choice([-1, 1], (32, 6)).astype(np.int8)
    right = bias_skill(truth, truth)
    assert right.percent == pytest.approx(100)
    assert right.p < 1e-3
    assert right.chance == pytest.approx(0.5, abs=0.05)
    assert bias_skill(truth, (-truth).astype(np.int8)).percent < -80
    constant = bias_skill(truth, np.ones_like(truth))
    assert constant.percent == pytest.approx(0, abs=1e-9)
    assert constant.p == 1.0


def test_bias_skill_is_undefined_without_two_clips_or_two_sides() -> None:
    assert math.isnan(bias_skill(np.ones((1, 6), np.int8), np.ones((1, 6), np.int8)).percent)
    assert math.isnan(bias_skill(np.ones((4, 6), np.int8), np.ones((4, 6), np.int8)).percent)


def test_derangements_leave_no_clip_in_its_place() -> None:
    dealt = deal(5, 500, np.random.default_rng(0))
    assert dealt.shape == (500, 5)
    assert not (dealt == np.arange(5)).any()
    assert (np.sort(dealt, axis=1) == np.arange(5)).all()


def test_e_l1_of_a_sine_against_silence_is_its_rms() -> None:
    sine = 0.2 * np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)
    stereo = np.stack([sine, sine], axis=1)
    assert e_l1(stereo, np.zeros_like(stereo)) == pytest.approx(0.2 / math.sqrt(2), rel=0.02)
    assert len(rms_track(stereo)) == 1 + 44_100 // 128


def test_a_click_at_the_joints_raises_the_seam_ratio() -> None:
    rng = np.random.default_rng(1)
    smooth = np.cumsum(rng.standard_normal((RATE_HZ * 4, 2)), axis=0).astype(np.float32) * np.float32(1e-3)
    assert seam_ratio(seam_profile(smooth, 1920)) == pytest.approx(1.0, abs=0.4)
    broken = smooth.copy()
    for joint in range(1920, len(broken), 1920):
        broken[joint:] += 0.05 * (-1) ** (joint // 1920)
    assert seam_ratio(seam_profile(broken, 1920)) > 5
    assert seam_ratio(seam_profile(broken[700:], 1920)) < 2  # the same clicks, away from the joints


def test_rests_leave_room_for_steps_to_ring() -> None:
    contacts = (contact(1.0), contact(3.0), contact(3.5))
    spans = rests(contacts, 5.0)
    np.testing.assert_allclose(spans, [(1.8, 2.95), (4.3, 4.95)])


def test_drift_tells_level_pulses_and_overload() -> None:
    time_s = np.arange(120 * RATE_HZ) / RATE_HZ
    noise = np.random.default_rng(0).standard_normal(len(time_s)).astype(np.float32) * 0.05
    rising = noise * np.where(time_s < 60, 1.0, 2.0)
    found = drift(np.stack([rising, rising], axis=1).astype(np.float32))
    assert found.change_db == pytest.approx(6.02, abs=0.1)
    assert found.over_full_scale == 0.0
    pulsing = noise * (1 + 0.8 * np.sin(2 * np.pi * 8 * time_s))
    assert pulse_share(np.stack([pulsing, pulsing], axis=1)[: 10 * RATE_HZ].astype(np.float32)) > 0.8
    assert pulse_share(np.stack([noise, noise], axis=1)[: 10 * RATE_HZ]) < 0.4
