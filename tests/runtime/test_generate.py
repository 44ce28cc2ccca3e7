"""Frames to sound in a few lines: the demo is heard, equal calls are equal, and a user's error is a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from stereosync.errors import StereoSyncError, UserError
from stereosync_runtime.offline import generate, tape_frames


def test_the_demo_is_heard_and_a_seed_decides() -> None:
    one, again, other = (generate(tape_frames(), seed=seed, seconds=1.5) for seed in (7, 7, 8))
    assert one.shape == (72_000, 2)
    assert one.dtype == np.float32
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
    assert one.std() > 1e-3
    assert np.abs(one).max() <= 1


def test_without_seconds_it_lasts_as_long_as_its_frames() -> None:
    first = next(tape_frames())
    frames = [first.stamped(index / 30) for index in range(12)]
    assert len(generate(frames)) == round(12 / 30 * 48_000)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 3, "seconds": 1.0}, "has no schedule for 3 steps: choose one of 1, 2, 4"),
        ({"seconds": 0.0}, "seconds must be above 0"),
        ({"seconds": float("nan")}, "seconds must be above 0"),
        ({}, "there are no frames"),
        ({"bundle": "nowhere", "seconds": 1.0}, "there is no bundle 'nowhere'"),
        ({"device": "toaster", "seconds": 1.0}, "device must be one of"),
    ],
)
def test_what_cannot_be_is_said(options: dict[str, object], words: str) -> None:
    with pytest.raises(StereoSyncError, match=words):
        generate([], **options)  # type: ignore[arg-type]


def test_a_tape_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no\.tape: No such file"):
        next(tape_frames(tmp_path / "no.tape"))


def test_the_readme_s_lines_make_five_seconds_of_sound() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    lines = [line for line in code.splitlines() if "sounddevice" not in line]  # there may be no sound card
    names: dict[str, np.ndarray] = {}
    exec("\n".join(lines), names)
    assert names["sound"].shape == (240_000, 2)
    assert names["sound"].std() > 1e-3
