"""Videos that no one here made: tracks, distance from the ground, and figures of sound beside walkers."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from figures import Chance, against_chance, measure, right_side, spells, steps_lock
from from_boxes import steps_from_boxes
from gait import locking, onset_rhythm_hz, step_phases, step_rate_hz
from ground import Ground, depth_plane, fit_ground, whole_people
from stereosync.scene import Camera, Float32Array
from stereosync.stereo import expected_level_difference_db, pan_gains
from stereosync_training.measures.onsets import SAMPLE_RATE_HZ, FloatArray
from tracks import BoxTrack, TrackOptions, follow, overlaps, suppressed
from walking import Walkers, locate

WIDTH_PX, HEIGHT_PX = 768, 576
PICTURES_PER_S = 10.0
CAMERA = Camera(math.radians(40), WIDTH_PX / HEIGHT_PX)
FOCAL_PX = HEIGHT_PX / 2 / CAMERA.tan_half_vertical
GROUND = Ground(5.5, math.radians(18), FOCAL_PX, HEIGHT_PX / 2)


def person(x_px: float, foot_px: float = 300.0, score: float = 0.6) -> list[float]:
    """A detection 30 by 80 pixels in size that stands at (x, foot)."""
    return [x_px - 15, foot_px - 80, x_px + 15, foot_px, score]


def rows(*found: list[float]) -> FloatArray:
    return np.array(found, dtype=np.float64).reshape(-1, 5)


def middles(track: BoxTrack) -> FloatArray:
    return np.asarray((track.corners_px[:, 0] + track.corners_px[:, 2]) / 2)


def test_a_gap_is_bridged_under_the_same_id() -> None:
    pictures = [rows() if 12 <= k < 20 else rows(person(100 + 5 * k)) for k in range(40)]
    (track,) = follow(pictures)
    assert (track.id, track.first, track.last) == (1, 0, 39)
    np.testing.assert_allclose(middles(track), 100 + 5 * np.arange(40))
    assert not track.seen[12:20].any()
    assert track.seen[:12].all()
    assert track.seen[20:].all()


def test_too_long_a_gap_ends_a_track() -> None:
    pictures = [rows() if 12 <= k < 30 else rows(person(100 + 8 * k)) for k in range(50)]
    assert [(track.id, track.first, track.last) for track in follow(pictures)] == [(1, 0, 11), (2, 30, 49)]


def test_two_who_cross_keep_their_ids() -> None:
    hidden = range(18, 23)  # while they overlap, one hides the other
    pictures = [rows(person(100 + 5 * k), *([] if k in hidden else [person(300 - 5 * k, 304)])) for k in range(41)]
    right, left = follow(pictures)
    np.testing.assert_allclose(middles(right), 100 + 5 * np.arange(41), atol=1.0)
    np.testing.assert_allclose(middles(left), 300 - 5 * np.arange(41), atol=1.0)


def test_weak_detections_go_on_with_a_track_and_begin_none() -> None:
    scores = [0.6 if k < 10 else 0.3 for k in range(30)]
    (track,) = follow([rows(person(100 + 5 * k, score=score)) for k, score in enumerate(scores)])
    assert track.seen.all()
    assert follow([rows(person(100 + 5 * k, score=0.3)) for k in range(30)]) == []


def test_a_stone_is_no_walker_nor_is_a_glimpse() -> None:
    stone = [rows(person(400 + 0.5 * (k % 2))) for k in range(60)]
    glimpse = [rows(person(100 + 20 * k) if k < 5 else person(900)) for k in range(6)]
    assert follow(stone) == []
    assert follow(glimpse) == []


def test_doubles_are_suppressed_best_first() -> None:
    kept = suppressed(rows(person(100, score=0.4), person(104, score=0.7), person(300, score=0.1)), TrackOptions())
    np.testing.assert_allclose(kept, rows(person(104, score=0.7)))


def test_overlap_of_half_shifted_boxes() -> None:
    one, two = rows(person(100)), rows(person(115), person(400))
    np.testing.assert_allclose(overlaps(one, two), [[1 / 3, 0.0]])


def test_boxes_are_linear_between_pictures_and_end_with_the_track() -> None:
    track = BoxTrack(1, 10, np.array([[0.0, 0, 10, 20], [4.0, 0, 14, 20]]), np.ones(2, bool))
    for place, x0 in ((10, 0.0), (10.25, 1.0), (11, 4.0)):
        found = track.at(place)
        assert found is not None
        np.testing.assert_allclose(found, [x0, 0, x0 + 10, 20])
    assert track.at(9.9) is None
    assert track.at(11.1) is None


def crowd(ground: Ground, count: int = 300, noise_px: float = 0.0) -> FloatArray:
    """Boxes (n, 4) of people of 1.7 m all over the picture."""
    rng = np.random.default_rng(2)
    feet = rng.uniform(150, 560, count)
    tall = ground.person_px(feet) + noise_px * rng.standard_normal(count)
    x = rng.uniform(50, 700, count)
    return np.stack([x, feet - tall, x + 0.35 * tall, feet], axis=1)


def test_the_ground_is_found_again() -> None:
    found = fit_ground(crowd(GROUND), CAMERA, HEIGHT_PX)
    assert found.height_m == pytest.approx(GROUND.height_m, rel=1e-3)
    assert found.tilt_rad == pytest.approx(GROUND.tilt_rad, abs=1e-3)
    assert found.horizon_px == pytest.approx(GROUND.horizon_px, abs=1.0)


def test_cut_boxes_and_noise_hardly_move_the_ground() -> None:
    boxes = crowd(GROUND, noise_px=1.5)
    boxes[::10, 1] += 30  # a tenth of the heads is hidden
    found = fit_ground(boxes, CAMERA, HEIGHT_PX)
    np.testing.assert_allclose(found.depth_m([200, 300, 500]), GROUND.depth_m([200, 300, 500]), rtol=0.06)


def test_too_few_boxes_are_refused_with_a_cure() -> None:
    with pytest.raises(ValueError, match="--depth flat"):
        fit_ground(crowd(GROUND, 5), CAMERA, HEIGHT_PX)


def test_depth_agrees_with_the_geometry_of_a_tilted_camera() -> None:
    along_m = 12.0  # on the ground, from below the camera
    z = along_m * math.cos(GROUND.tilt_rad) + GROUND.height_m * math.sin(GROUND.tilt_rad)
    down = GROUND.height_m * math.cos(GROUND.tilt_rad) - along_m * math.sin(GROUND.tilt_rad)
    assert float(GROUND.depth_m(HEIGHT_PX / 2 + FOCAL_PX * down / z)) == pytest.approx(z)
    assert float(GROUND.depth_m(GROUND.horizon_px - 5)) == math.inf


def test_the_depth_plane_has_people_upright_at_their_feet() -> None:
    far, near = [100.0, 180, 130, 260], [110.0, 220, 150, 400]
    plane = depth_plane(GROUND, np.array([near, far]), (WIDTH_PX, HEIGHT_PX), (192, 144))
    assert plane.shape == (144, 192)
    assert plane[47, 26] == pytest.approx(float(GROUND.depth_m(260)))
    assert plane[62, 30] == pytest.approx(float(GROUND.depth_m(400)))  # the nearer one hides the other
    assert plane[100, 5] == pytest.approx(float(GROUND.depth_m(402)), rel=1e-3)
    assert np.isinf(plane[0]).all() == (GROUND.horizon_px > 2)


def test_boxes_at_an_edge_are_not_whole() -> None:
    boxes = np.array([[100.0, 100, 130, 180], [0, 100, 20, 180], [100, 500, 130, 576]])
    np.testing.assert_array_equal(whole_people(boxes, WIDTH_PX, HEIGHT_PX), [True, False, False])


def ripples(rate_hz: float, seconds: float = 12.0, x_px_per_s: float = 30.0, foot_px: float = 400.0) -> BoxTrack:
    """One who walks to the right and whose box is widest `rate_hz` times a second, the first time at 0."""
    times_s = np.arange(round(seconds * PICTURES_PER_S)) / PICTURES_PER_S
    half = 80 * (0.2 + 0.05 * np.cos(2 * np.pi * rate_hz * times_s))
    x = 150 + x_px_per_s * times_s
    feet = np.full(len(times_s), foot_px)
    return BoxTrack(1, 0, np.stack([x - half, feet - 80, x + half, feet], axis=1), np.ones(len(x), bool))


@pytest.mark.parametrize("rate_hz", [1.5, 1.9, 2.4])
def test_the_step_rate_is_that_of_the_ripple(rate_hz: float) -> None:
    assert step_rate_hz(ripples(rate_hz), PICTURES_PER_S) == pytest.approx(rate_hz, abs=0.06)


def test_a_short_track_has_no_step_rate() -> None:
    assert math.isnan(step_rate_hz(ripples(1.9, seconds=2.0), PICTURES_PER_S))


def test_phases_are_zero_where_the_box_is_widest() -> None:
    widest_s = np.arange(4, 16) / 2.0
    phases = step_phases([ripples(2.0)], widest_s, PICTURES_PER_S)
    np.testing.assert_allclose(np.angle(np.exp(1j * phases[:, 0])), 0, atol=0.15)
    assert np.isnan(step_phases([ripples(2.0)], np.array([13.0]), PICTURES_PER_S)).all()


def test_locking_of_one_phase_of_all_and_of_none() -> None:
    assert locking(np.full(9, 1.3)) == pytest.approx(1.0)
    assert locking(np.linspace(0, 2 * np.pi, 9)[:-1]) == pytest.approx(0.0, abs=1e-9)
    assert math.isnan(locking(np.array([math.nan])))


def test_the_rhythm_of_even_onsets_is_their_rate() -> None:
    onsets = np.arange(0.3, 20, 1 / 1.8)
    assert onset_rhythm_hz(onsets, 20.0) == pytest.approx(1.8, abs=0.05)
    assert math.isnan(onset_rhythm_hz(onsets[:5], 20.0))


def passing(seconds: float = 40.0) -> tuple[Walkers, BoxTrack]:
    """One who goes to and fro before the camera, faster and faster, so that no two times are alike."""
    times_s = np.arange(round(seconds * PICTURES_PER_S)) / PICTURES_PER_S
    wave = np.sin(2 * np.pi * (times_s / 20) ** 2 + 0.5)
    half = 80 * (0.2 + 0.05 * np.cos(2 * np.pi * 2.0 * times_s))
    x, feet = 384 + 330 * wave, np.full(len(times_s), 400.0)
    track = BoxTrack(1, 0, np.stack([x - half, feet - 80, x + half, feet], axis=1), np.ones(len(x), bool))
    return locate([track], GROUND, CAMERA, WIDTH_PX, times_s, PICTURES_PER_S), track


def steps(walkers: Walkers, mirrored: bool = False) -> Float32Array:
    """Noise bursts twice a second where the walker is, over faint noise in the middle."""
    rng = np.random.default_rng(4)
    seconds = len(walkers.times_s) / PICTURES_PER_S
    sound = 1e-4 * rng.standard_normal((round(seconds * SAMPLE_RATE_HZ), 2))
    fade = np.exp(-np.arange(4800) / 900)
    for time_s in np.arange(0.5, seconds - 0.2, 0.5):
        azimuth = float(np.interp(time_s, walkers.times_s, walkers.azimuth_rad[:, 0]))
        start = round(time_s * SAMPLE_RATE_HZ)
        gains = pan_gains(-azimuth if mirrored else azimuth)
        sound[start : start + 4800] += 0.2 * (rng.standard_normal(4800) * fade)[:, None] * gains
    return sound.astype(np.float32)


def value(figure: float | Chance) -> float:
    return figure.value if isinstance(figure, Chance) else figure


def test_where_a_walker_is_follows_from_feet() -> None:
    walkers, _ = passing()
    widest = float(np.nanmax(walkers.azimuth_rad))
    assert widest == pytest.approx(math.atan(330 / 384 * CAMERA.tan_half_horizontal), abs=1e-3)
    middle = int(np.abs(walkers.azimuth_rad[:, 0]).argmin())
    z = float(GROUND.depth_m(400.0))
    assert walkers.distance_m[middle, 0] == pytest.approx(z * math.hypot(1, (400 - HEIGHT_PX / 2) / FOCAL_PX), rel=0.01)
    assert walkers.walking.mean() > 0.8
    one = walkers.expected_db()[:5]
    wanted = [expected_level_difference_db(azimuth) for azimuth in walkers.azimuth_rad[:5, 0]]
    np.testing.assert_allclose(one[np.isfinite(one)], np.array(wanted)[np.isfinite(one)], atol=1e-3)


def test_who_stands_is_not_the_nearest_that_walks() -> None:
    near, far = [4.0, 4.0], [9.0, 9.0]
    walkers = Walkers(
        np.array([0.0, 1.0]),
        np.array([[0.3, -0.2]] * 2),
        np.array([near, far]).T,
        np.array([[0.1, 1.2], [0.1, 0.1]]),
    )
    azimuth, distance_m = walkers.nearest()
    np.testing.assert_allclose([azimuth[0], distance_m[0]], [-0.2, 9.0])
    assert np.isnan([azimuth[1], distance_m[1], walkers.expected_db()[1]]).all()
    assert walkers.nearest_column().tolist() == [1, -1]


def test_sound_that_follows_the_walker_beats_chance_in_place_and_step() -> None:
    walkers, track = passing()
    found = measure(steps(walkers), walkers, step_phases([track], walkers.times_s, PICTURES_PER_S))
    pan, lock = found["pan_scene"], found["step_lock"]
    assert isinstance(pan, Chance)
    assert isinstance(lock, Chance)
    assert pan.value > 0.9
    assert pan.high < 0.7
    assert lock.value > 0.8
    assert value(found["side_share"]) == 1.0
    assert value(found["onsets_per_s"]) == pytest.approx(2.0, abs=0.15)
    assert value(found["onset_rhythm_hz"]) == pytest.approx(2.0, abs=0.1)


def test_bursts_from_boxes_come_once_a_step_from_the_walker() -> None:
    walkers, track = passing()
    phases = step_phases([track], walkers.times_s, PICTURES_PER_S)
    sound = steps_from_boxes(walkers, phases, 40.0)
    assert sound.shape == (40 * SAMPLE_RATE_HZ, 2)
    found = measure(sound, walkers, phases)
    assert value(found["pan_scene"]) > 0.9
    assert value(found["step_lock"]) > 0.6  # times of the walkers are 0.1 s apart, a fifth of a step
    walking_s = walkers.walking.sum() / PICTURES_PER_S
    assert value(found["onsets_per_s"]) == pytest.approx(2.0 * walking_s / 40, rel=0.1)


def test_mirrored_sound_has_the_other_sign() -> None:
    walkers, track = passing()
    found = measure(steps(walkers, mirrored=True), walkers, step_phases([track], walkers.times_s, PICTURES_PER_S))
    assert value(found["pan_scene"]) < -0.9
    assert value(found["side_share"]) == 0.0


def test_steps_without_a_rhythm_do_not_lock() -> None:
    walkers, track = passing()
    phases = step_phases([track], walkers.times_s, PICTURES_PER_S)
    onsets = np.sort(np.random.default_rng(1).uniform(0, 40, 80))
    chance = steps_lock(onsets, walkers, phases, 40.0)
    assert chance.value < 0.3


def test_chance_is_what_other_times_give() -> None:
    chance = against_chance(lambda shift_s: 1.0 if shift_s == 0 else 0.1, 60.0)
    assert chance.value == 1.0
    np.testing.assert_allclose([chance.mean, chance.low, chance.high], 0.1)
    assert math.isnan(against_chance(lambda _: 1.0, 5.0).mean)


def test_the_middle_asks_for_no_side() -> None:
    share, count = right_side(np.array([3.0, -3.0, -1.0]), np.array([0.3, 0.3, 0.05]))
    assert (share, count) == (0.5, 2)
    assert math.isnan(right_side(np.array([1.0]), np.array([math.nan]))[0])


def test_spells_count_onsets_beside_people() -> None:
    walkers, _ = passing(8.0)
    counted = spells(np.array([0.1, 1.0, 5.0]), walkers, 8.0)
    np.testing.assert_allclose(counted[:, 0], [0.5, 0.25])
    walking = walkers.walking[:, 0]
    np.testing.assert_allclose(counted[:, 1], [walking[:40].mean(), walking[40:].mean()])
    assert counted[1, 1] > 0.5


def test_ids_are_counted_in_order_of_entry() -> None:
    pictures = [rows(person(100 + 5 * k), *([person(600 - 5 * k)] if k > 5 else [])) for k in range(30)]
    tracks = follow(pictures)
    assert [track.id for track in tracks] == [1, 2]
    assert all(one.first <= two.first for one, two in pairwise(tracks))


def test_the_folder_is_the_command() -> None:
    folder = Path(__file__).parents[2] / "examples" / "pedestrians"
    done = subprocess.run([sys.executable, folder, "--help"], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: pedestrians")
