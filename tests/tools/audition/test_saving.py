"""Saved files are read back: durations, times and levels."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from stereosync.errors import StereoSyncError
from stereosync_tools.audition.saving import open_sink

RATE_HZ = 48_000


def tone(seconds: float) -> np.ndarray:
    wave_left = 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
    return np.stack([wave_left, 0.25 * wave_left], axis=1).astype(np.float32)


def write_mp4(path: Path, sound_start_s: float = 0.0, height_px: int = 90) -> None:
    sink = open_sink(path, RATE_HZ, sound_start_s)
    sound = tone(2.0)
    for index in range(50):
        block = sound[index * 1920 : (index + 1) * 1920]
        sink.write_sound(block[:700])
        sink.write_frame(index / 25, np.full((height_px, 160, 3), index * 4, np.uint8))
        sink.write_sound(block[700:])
    sink.close()


def test_mp4_holds_both_streams_at_their_times(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    write_mp4(tmp_path / "a.mp4", height_px=91)
    with av.open(str(tmp_path / "a.mp4")) as container:
        pictures = [(float(frame.pts * frame.time_base), frame.height) for frame in container.decode(video=0)]
    assert [time_s for time_s, _ in pictures] == pytest.approx([index / 25 for index in range(50)], abs=1e-4)
    assert pictures[0][1] == 92
    with av.open(str(tmp_path / "a.mp4")) as container:
        samples = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    assert samples.shape[1] / RATE_HZ == pytest.approx(2.0, abs=0.03)
    left, right = np.sqrt(np.mean(samples[:, 4800:-4800] ** 2, axis=1))
    assert left == pytest.approx(0.5 / np.sqrt(2), rel=0.05)
    assert right / left == pytest.approx(0.25, rel=0.05)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 64), (64, 1)])
def test_the_smallest_pictures_of_the_wire_make_a_film(tmp_path: Path, height: int, width: int) -> None:
    av = pytest.importorskip("av")
    sink = open_sink(tmp_path / "small.mp4", RATE_HZ)
    for index in range(10):
        sink.write_frame(index / 25, np.full((height, width, 3), 200, np.uint8))
    sink.close()
    with av.open(str(tmp_path / "small.mp4")) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(pictures) == 10
    assert abs(int(pictures[0].mean()) - 200) < 10


def test_mp4_sound_begins_when_it_was_heard(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    write_mp4(tmp_path / "b.mp4", sound_start_s=0.5)
    with av.open(str(tmp_path / "b.mp4")) as container:
        samples = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    loud = np.flatnonzero(np.abs(samples[0]) > 0.1)[0]
    assert loud / RATE_HZ == pytest.approx(0.5, abs=0.02)


def test_wav_holds_the_samples(tmp_path: Path) -> None:
    sink, sound = open_sink(tmp_path / "a.wav", RATE_HZ), tone(0.5)
    sink.write_sound(sound)
    sink.write_sound(np.full((10, 2), 3.0, np.float32))
    sink.close()
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (RATE_HZ, 2, len(sound) + 10)
        read = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2) / 32767
    np.testing.assert_allclose(read[: len(sound)], sound, atol=2e-5)
    assert read[-1] == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("name", ["a.ogg", "missing/a.wav", "missing/a.mp4"])
def test_what_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StereoSyncError):
        open_sink(tmp_path / name, RATE_HZ)


@pytest.mark.parametrize("shape", [(1, 1), (1, 64), (64, 1), (90, 160)])
def test_pictures_of_any_shape_make_a_film(tmp_path: Path, shape: tuple[int, int]) -> None:
    av = pytest.importorskip("av")
    sink = open_sink(tmp_path / "a.mp4", RATE_HZ)
    for index, (height, width) in enumerate((shape, shape, shape[::-1])):
        sink.write_frame(index / 25, np.full((height, width, 3), 200, np.uint8))
        sink.write_sound(tone(0.04))
    sink.close()
    with av.open(str(tmp_path / "a.mp4")) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(pictures) == 3
    assert {picture.shape[:2] for picture in pictures} == {(shape[0] + shape[0] % 2, shape[1] + shape[1] % 2)}
    if shape == (90, 160):  # turned: as high as the film, with bars on both sides
        assert pictures[2][45, 80].mean() > 150
        assert pictures[2][45, :40].mean() < 40


@pytest.mark.parametrize("name", ["a.wav", "a.mp4"])
def test_nothing_stays_of_a_file_that_is_abandoned(tmp_path: Path, name: str) -> None:
    sink = open_sink(tmp_path / name, RATE_HZ)
    sink.write_sound(tone(0.1))
    sink.write_frame(0.0, np.zeros((90, 160, 3), np.uint8))
    sink.abandon()
    assert list(tmp_path.iterdir()) == []
