"""Walk data: targets at the right moments, mirrors that are mirrors, and no frame from the future."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from stereosync.cues import CueState, encode
from stereosync.scene import Box, Camera, SceneFrame
from stereosync_model.config import ModelConfig
from stereosync_scenes.walk import GROUNDS
from stereosync_training.forecast_stage import picture_of_characters
from stereosync_training.walk_data import MIRRORED_NUMBERS, WalkData, contact_targets, mirror_cues, newest_frames

CONFIG = ModelConfig()
START_S, STEP_S = CONFIG.generator.forecast_start_s, CONFIG.generator.forecast_step_s
TIMES_S = np.array([0.0, 0.1, 0.9], np.float32)
IDS = np.array([[7, -1], [2, 7], [7, 2]], np.int16)  # character 7 changes its slot


def contact(time_s: float, character_id: int = 7, ground: str = "grass") -> dict[str, Any]:
    return {"time_s": time_s, "character_id": character_id, "ground": ground}


def bin_of(ahead_s: float) -> int:
    return round((ahead_s - START_S) / STEP_S)


def test_a_contact_is_forecast_at_its_distance_from_each_frame() -> None:
    density, _ = contact_targets(TIMES_S, IDS, [contact(0.14)], CONFIG)
    expected = np.zeros((3, 2, CONFIG.generator.forecast_steps))
    expected[0, 0, bin_of(0.14)] = 1
    expected[1, 1, bin_of(0.04)] = 1
    np.testing.assert_allclose(density, expected, atol=2e-3)


def test_a_contact_between_two_bins_is_shared_and_an_old_one_still_seen() -> None:
    density, _ = contact_targets(TIMES_S, IDS, [contact(0.095), contact(0.06)], CONFIG)
    at_second_frame = density[1, 1].astype(float)
    assert at_second_frame[bin_of(-0.04)] == pytest.approx(1, abs=2e-3)
    shared = bin_of(-0.02)
    assert at_second_frame[shared : shared + 2].tolist() == pytest.approx([0.25, 0.75], abs=2e-3)


def test_feet_of_others_do_not_count() -> None:
    density, grounds = contact_targets(TIMES_S, IDS, [contact(0.14, character_id=2, ground="snow")], CONFIG)
    assert density[1, 0].max() == pytest.approx(1, abs=2e-3)
    assert not density[0].any()
    assert not density[1, 1].any()
    assert grounds[1].tolist() == [GROUNDS.index("snow"), -1]


def test_the_ground_is_that_of_the_nearest_contact_in_time() -> None:
    steps = [contact(0.02, ground="grass"), contact(0.3, ground="stone")]
    _, grounds = contact_targets(TIMES_S, IDS, steps, CONFIG)
    assert grounds[:, :].tolist() == [[GROUNDS.index("grass"), -1], [-1, GROUNDS.index("grass")],
                                      [GROUNDS.index("stone"), -1]]  # fmt: skip
    _, far = contact_targets(TIMES_S, IDS, [contact(5.0)], CONFIG)
    assert (far == -1).all()


def picture(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """At the size the cues have, so that nothing is resampled."""
    spec = CONFIG.cue_spec
    shape = (spec.picture_height_px, spec.picture_width_px)
    return rng.integers(0, 256, (*shape, 3), np.uint8), rng.uniform(2, 20, shape).astype(np.float32)


def cue_parts(mirrored: bool) -> dict[str, Any]:
    """The cues of the last of three frames of a walking box, or of the same frames seen in a mirror."""
    rng, state = np.random.default_rng(0), CueState()
    width = CONFIG.cue_spec.picture_width_px
    for index in range(3):
        colour, depth_m = picture(rng)
        x0, x1 = 20.0 + 3 * index, 45.5 + 3.5 * index
        if mirrored:
            colour, depth_m = colour[:, ::-1], depth_m[:, ::-1]
            x0, x1 = width - x1, width - x0
        box = Box(1, "person", x0, 20.25, x1, 60.0)
        frame = SceneFrame(index, 0.04 * index, Camera(0.9, 16 / 9), colour, depth_m, (box,))
        state, cues = encode(CONFIG.cue_spec, state, frame)
    return {"pictures": cues.picture[None], **{name: getattr(cues, name) for name in ("crops", "numbers", "tracks")}}


def test_a_mirrored_cue_is_the_cue_of_the_mirrored_frame() -> None:
    parts, expected = cue_parts(mirrored=False), cue_parts(mirrored=True)
    assert parts["numbers"][0, 0] < -0.1
    mirror_cues(parts)
    np.testing.assert_allclose(parts["numbers"], expected["numbers"], atol=1e-4)
    np.testing.assert_allclose(parts["tracks"], expected["tracks"], atol=1e-4)
    np.testing.assert_array_equal(parts["pictures"], expected["pictures"])
    assert np.abs(parts["crops"].astype(int) - expected["crops"]).mean() < 1  # rounding of the resampling


def test_a_cue_mirrored_twice_is_itself() -> None:
    parts, original = cue_parts(mirrored=False), cue_parts(mirrored=False)
    mirror_cues(parts)
    azimuth = parts["numbers"][0, MIRRORED_NUMBERS[0]]
    assert azimuth == -original["numbers"][0, MIRRORED_NUMBERS[0]]
    mirror_cues(parts)
    for name, array in original.items():
        np.testing.assert_array_equal(parts[name], array)


class Draws:
    """Stands in for a random generator: the longest lead and jitter, and chunks of a given length."""

    def __init__(self, chunk: int) -> None:
        self.chunk = chunk

    def integers(self, _low: int, _high: int) -> int:
        return self.chunk

    def uniform(self, _low: float, high: float, size: int | None = None) -> Any:
        return high if size is None else np.full(size, high)


LATENT_S, JITTER_S = 0.02, 0.02
FRAMES_S = 0.003 + np.arange(200) / 30  # never at a deadline, where rounding decides
MOMENTS_S = 1.0 + LATENT_S * np.arange(60)


@pytest.mark.parametrize("chunk", [1, 2, 3])
@pytest.mark.parametrize("lead_s", [0.0, 0.1, 0.2])
def test_every_chunk_has_the_newest_frame_that_its_lead_allows(chunk: int, lead_s: float) -> None:
    frames = newest_frames(FRAMES_S, MOMENTS_S, Draws(chunk), lead_s, LATENT_S)  # type: ignore[arg-type]
    for first in range(0, len(MOMENTS_S), chunk):
        deadline_s = MOMENTS_S[first] - lead_s - JITTER_S
        expected = max(index for index, time_s in enumerate(FRAMES_S) if time_s <= deadline_s)
        assert frames[first : first + chunk].tolist() == [expected] * chunk


def test_no_frame_comes_from_the_future_whatever_is_drawn() -> None:
    longest_s, ages = 0.2, []
    for seed in range(60):
        frames = newest_frames(FRAMES_S, MOMENTS_S, np.random.default_rng(seed), longest_s, LATENT_S)
        ages.append(MOMENTS_S - FRAMES_S[frames])
    oldest_s = longest_s + JITTER_S + 2 * LATENT_S + 1 / 30
    assert np.min(ages) >= 0
    assert np.max(ages) <= oldest_s + 1e-9
    assert np.ptp([age.min() for age in ages]) > 0.15  # leads differ from clip to clip


def test_before_the_first_frame_the_first_is_taken() -> None:
    frames = newest_frames(FRAMES_S, np.array([-0.5, 0.0]), Draws(1), 0.0, LATENT_S)  # type: ignore[arg-type]
    assert frames.tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(4))
def test_a_batch_points_at_the_frames_it_says(walk_folder: Path, seed: int) -> None:
    data = WalkData(walk_folder, CONFIG)
    steps = 20
    batch = data.batch(5, steps, torch.Generator().manual_seed(seed), 0.2)
    assert len(data) == 2
    assert batch.ages_s.shape == (5, steps)
    assert batch.ages_s.min() >= 0
    assert batch.latents.shape == (5, steps + 1, CONFIG.codec.components)
    people = len(batch.numbers)
    assert len(batch.crops) == len(batch.tracks) == len(batch.contacts) == len(batch.grounds) == people
    assert ((batch.character_of < people) == (batch.present > 0)).all()
    assert batch.picture_of.max() < len(batch.pictures)
    shown = picture_of_characters(batch)
    seen = torch.zeros(people, dtype=torch.bool)
    for row, pictures in zip(batch.character_of, batch.picture_of, strict=True):
        for characters, picture_index in zip(row, pictures, strict=True):
            known = characters[characters < people]
            seen[known] |= shown[known] == picture_index
    used = torch.zeros(people + 1, dtype=torch.bool)
    used[batch.character_of.flatten()] = True
    assert seen[used[:-1]].all()


def test_latents_are_those_of_the_excerpt_and_of_its_mirror(walk_folder: Path) -> None:
    data = WalkData(walk_folder, CONFIG)
    place = torch.arange(100.0)[:, None].expand(100, CONFIG.codec.components)
    data.latents = torch.stack([torch.stack([place + 1000 * clip, place + 1000 * clip + 500]) for clip in range(2)])
    batch = data.batch(16, 20, torch.Generator().manual_seed(0), 0.2)
    first = batch.latents[:, :, 0]
    assert (first.diff(dim=1) == 1).all()
    kinds = set((first[:, 0] // 500).int().tolist())
    assert kinds == {0, 1, 2, 3}  # both clips, both sides


def test_no_shards_name_the_cure(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="stereosync-walks"):
        WalkData(tmp_path, CONFIG)
