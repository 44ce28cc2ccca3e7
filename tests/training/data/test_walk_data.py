"""Walk data: targets at the right moments, and clips that give the frames that are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stereosync.acoustics import hardness
from stereosync.vocabulary import GROUNDS
from stereosync_model.config import ModelConfig
from stereosync_training.data.walk_data import (
    CUES,
    KINDS_OF_PLACE,
    NEAR_CONTACT_S,
    TYPICAL_LEAD_S,
    Sparse,
    Surroundings,
    WalkData,
    frame_targets,
    shards_in,
)

CONFIG = ModelConfig()
DRAWN = 56  # frames of the clips of `walk_folder`
START_S, STEP_S = CONFIG.generator.forecast_start_s, CONFIG.generator.forecast_step_s
TIMES_S = np.array([0.0, 0.1, 0.9], np.float32)
IDS = np.array([[7, -1], [2, 7], [7, 2]], np.int16)  # character 7 changes its slot


def contact(time_s: float, character_id: int = 7, ground: str = "grass", force: float = 1.0) -> dict[str, Any]:
    return {"time_s": time_s, "character_id": character_id, "ground": ground, "force": force}


def bin_of(ahead_s: float) -> int:
    return round((ahead_s - START_S) / STEP_S)


def test_a_contact_is_forecast_at_its_distance_from_each_frame() -> None:
    density = frame_targets(TIMES_S, IDS, [contact(0.14)], CONFIG).contacts
    expected = np.zeros((3, 2, CONFIG.generator.forecast_steps))
    expected[0, 0, bin_of(0.14)] = 1
    expected[1, 1, bin_of(0.04)] = 1
    np.testing.assert_allclose(density, expected, atol=2e-3)


def test_a_contact_between_two_bins_is_shared_and_an_old_one_still_seen() -> None:
    density = frame_targets(TIMES_S, IDS, [contact(0.095), contact(0.06)], CONFIG).contacts
    at_second_frame = density[1, 1].astype(float)
    assert at_second_frame[bin_of(-0.04)] == pytest.approx(1, abs=2e-3)
    shared = bin_of(-0.02)
    assert at_second_frame[shared : shared + 2].tolist() == pytest.approx([0.25, 0.75], abs=2e-3)


def test_feet_of_others_do_not_count() -> None:
    made = frame_targets(TIMES_S, IDS, [contact(0.14, character_id=2, ground="snow")], CONFIG)
    density, grounds = made.contacts, made.grounds
    assert density[1, 0].max() == pytest.approx(1, abs=2e-3)
    assert not density[0].any()
    assert not density[1, 1].any()
    assert grounds[1].tolist() == [GROUNDS.index("snow"), -1]


def test_the_ground_is_that_of_the_contact_nearest_to_when_the_frame_is_heard() -> None:
    """0.08 s after it: at 0.18 s, a step at 0.3 s is nearer than one at 0.02 s."""
    steps = [contact(0.02, ground="grass"), contact(0.3, ground="stone")]
    grounds = frame_targets(TIMES_S, IDS, steps, CONFIG).grounds
    grass, stone = GROUNDS.index("grass"), GROUNDS.index("stone")
    assert grounds.tolist() == [[grass, -1], [-1, stone], [stone, -1]]
    assert (frame_targets(TIMES_S, IDS, [contact(5.0)], CONFIG).grounds == -1).all()


def test_a_contact_is_near_up_to_the_bound() -> None:
    near_s = TYPICAL_LEAD_S + NEAR_CONTACT_S
    for time_s, known in ((near_s - 0.01, True), (near_s + 0.01, False)):
        grounds = frame_targets(TIMES_S[:1], IDS[:1], [contact(time_s)], CONFIG).grounds
        assert (grounds[0, 0] >= 0) == known


def test_forces_are_octaves_of_the_contact_nearest_to_when_the_frame_is_heard() -> None:
    steps = [contact(0.02, force=2.0), contact(0.3, force=0.5), contact(0.1, character_id=2, force=0.0)]
    forces = frame_targets(TIMES_S, IDS, steps, CONFIG).forces
    assert forces[:, 0].tolist() == pytest.approx([1.0, np.log2(0.1), -1.0])
    assert forces[:, 1].tolist() == pytest.approx([0.0, -1.0, np.log2(0.1)])


def test_slots_after_the_last_frame_ask_for_nothing() -> None:
    times_s, ids = np.array([0.1, np.inf], np.float32), np.array([[7], [-1]], np.int16)
    made = frame_targets(times_s, ids, [contact(0.14)], CONFIG)
    assert made.contacts[0].any()
    assert not made.contacts[1].any()
    assert made.grounds[1].tolist() == [-1]


def test_surroundings_follow_the_truth() -> None:
    room = {"size_m": 4.0, "rt60_s": 0.4}
    made = Surroundings.of({"place": "rain", "amount": 0.7, "room": room})
    assert KINDS_OF_PLACE[made.kind] == "rain"
    assert made.amount == 0.7
    assert made.room.tolist() == pytest.approx([np.log(5), hardness(4.0, 0.4)])
    outdoors = Surroundings.of({"place": "", "amount": 0.0, "room": {"size_m": 0.0, "rt60_s": 0.0}})
    assert (outdoors.kind, outdoors.amount, outdoors.room.tolist()) == (0, 0.0, [0.0, 0.0])


def test_a_clip_ends_with_its_last_frame(walk_folder: Path) -> None:
    data = WalkData.read([walk_folder, walk_folder], CONFIG)
    assert len(data) == 4
    clip = data.clips[1]
    assert (clip.frames, clip.pictures) == (DRAWN, 10)
    assert np.isfinite(clip.times_s).all()
    assert len(clip.ids) == len(clip.targets.contacts) == DRAWN
    assert clip.truth["seed"] == 1
    assert KINDS_OF_PLACE[clip.surroundings.kind] == "rain"
    sound = clip.waveform()
    assert sound.shape == (96_000, 2)
    assert 0.05 < float(sound.abs().max()) <= 3000 / 32767


def test_cues_are_those_of_the_frames_that_are_asked_for_and_may_be_changed(walk_folder: Path) -> None:
    clip = WalkData.read([walk_folder], CONFIG).clips[0]
    frames, picture = np.array([40, 3]), np.array([6])  # the second character is there at the later one only
    parts = clip.cues(frames, picture)
    assert set(parts) == set(CUES)
    for name in CUES:
        stored = np.load(walk_folder / "shard-0000" / f"{name}.npy")[0][picture if name == "pictures" else frames]
        if name in ("crops", "tracks"):
            shown = parts["present"] > 0
            assert shown.tolist() == [[True, True, False], [True, False, False]]
            assert not parts[name][~shown].any()
            stored[~shown] = 0
        np.testing.assert_array_equal(parts[name], stored, err_msg=name)
    parts["tracks"][:] = 0
    assert clip.cues(frames, picture)["tracks"].any()


def test_a_sparse_array_keeps_the_rows_of_those_who_are_there() -> None:
    array, shown = np.arange(1, 25).reshape(4, 3, 2), np.zeros((4, 3), bool)
    shown[1, 2] = shown[3, 0] = True
    sparse = Sparse.of(array, shown)
    assert sparse.rows.tolist() == [[11, 12], [19, 20]]
    np.testing.assert_array_equal(sparse[np.arange(4)], array * shown[..., None])


def test_no_shards_name_the_cure(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="stereosync-walks"):
        shards_in([tmp_path])
