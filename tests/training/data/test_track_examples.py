"""Examples of tracks: rendered walks at another tempo and mirrored, and a file that keeps them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stereosync.errors import UserError
from stereosync_training.data.track_examples import TrackExamples, tracks_beside, walk_examples
from stereosync_training.data.walk_data import WalkData


def test_every_character_of_every_frame_is_an_example(walks: WalkData) -> None:
    examples = walk_examples(walks, 5, np.random.default_rng(0))
    assert len(walks.clips) * 5 <= len(examples.numbers) <= 2 * len(walks.clips) * 5
    assert len(examples.tracks) == len(examples.contacts) == len(examples.numbers)
    assert examples.contacts.max() > 0.5
    stored = {float(value) for clip in walks.clips for value in clip.arrays["numbers"][..., 0].flat}
    plain = np.mean([float(value) in stored for value in examples.numbers[:, 0]])
    assert 0.2 < plain < 0.8


def test_a_file_keeps_examples_in_half_precision(tmp_path: Path, walks: WalkData) -> None:
    examples = walk_examples(walks, 5, np.random.default_rng(0)).drawn(9, np.random.default_rng(1))
    path = tracks_beside(tmp_path / "walk.safetensors")
    assert path.name == "walk-tracks.npz"
    examples.save(path)
    read = TrackExamples.read(path)
    assert len(read.numbers) == 9
    assert read.tracks.dtype == np.float32
    np.testing.assert_allclose(read.tracks, examples.tracks, rtol=1e-3, atol=1e-3)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UserError, match="copy the file again"):
        TrackExamples.read(path)
