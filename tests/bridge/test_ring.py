"""The playback ring: positions, priming, underruns, late and lost chunks, new epochs."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from stereosync.scene import Chunk, Float32Array
from stereosync_bridge.ring import PlaybackRing

RATE_HZ = 48_000
BLOCK = 480
FADE = 240


def ramp_chunk(start: int, n: int = 960, epoch: int = 0) -> Chunk:
    """Samples that say where they belong."""
    ramp = (np.arange(start, start + n, dtype=np.float32) / 1e5)[:, None]
    return Chunk(epoch, start, np.repeat(ramp, 2, axis=1))


def sine_chunk(start: int, n: int = 960, epoch: int = 0, frequency_hz: float = 200.0) -> Chunk:
    tone = 0.5 * np.sin(2 * np.pi * frequency_hz * np.arange(start, start + n) / RATE_HZ)
    return Chunk(epoch, start, np.repeat(tone[:, None], 2, axis=1).astype(np.float32))


def largest_step(samples: Float32Array) -> float:
    return float(np.abs(np.diff(samples[:, 0])).max())


SINE_STEP = 0.5 * 2 * np.pi * 200 / RATE_HZ


@pytest.fixture
def ring() -> PlaybackRing:
    return PlaybackRing(prime_ms=30, fade_ms=5, crossfade_ms=5, max_buffer_ms=500)


def test_silent_until_primed(ring: PlaybackRing) -> None:
    ring.write(ramp_chunk(0, 1439))
    assert not ring.read(BLOCK).any()
    assert ring.played_samples == 0
    ring.write(ramp_chunk(1439, 1))
    assert ring.read(BLOCK).any()
    assert ring.played_samples == BLOCK


def test_plays_what_was_written_after_the_fade_in(ring: PlaybackRing) -> None:
    for start in range(0, 4800, 960):
        ring.write(ramp_chunk(start))
    played = np.concatenate([ring.read(100) for _ in range(48)])
    expected = ramp_chunk(0, 4800).samples
    np.testing.assert_array_equal(played[FADE:], expected[FADE:])
    fade = (np.arange(FADE) + 0.5) / FADE
    np.testing.assert_allclose(played[:FADE, 0], expected[:FADE, 0] * fade, rtol=1e-5)
    assert ring.underruns == 0


@pytest.mark.parametrize("block", [64, 480, 2000])
def test_underrun_fades_out_primes_and_fades_in(ring: PlaybackRing, block: int) -> None:
    ring.write(sine_chunk(0, 2000))
    played = [ring.read(block) for _ in range(6000 // block)]
    assert ring.underruns == 1
    assert ring.priming
    assert ring.played_samples == 2000
    ring.write(sine_chunk(2000, 960))
    played.append(ring.read(block))
    assert ring.priming
    ring.write(sine_chunk(2960, 960))
    played += [ring.read(block) for _ in range(6000 // block)]
    whole = np.concatenate(played)
    assert np.abs(whole[2000 + FADE : 4000]).max() == 0
    assert np.abs(whole[2000 : 2000 + FADE]).max() > 0.01
    assert largest_step(whole) < 1.5 * SINE_STEP
    assert ring.underruns == 2


def test_late_part_is_dropped(ring: PlaybackRing) -> None:
    ring.write(ramp_chunk(0, 1920))
    for _ in range(4):
        ring.read(BLOCK)
    ring.write(ramp_chunk(960, 2880))
    assert ring.late_samples == 960
    np.testing.assert_array_equal(ring.read(BLOCK), ramp_chunk(1920, BLOCK).samples)
    ring.write(ramp_chunk(0, 100))
    assert ring.late_samples == 1060


def test_remade_stream_is_cross_faded(ring: PlaybackRing, chunk: Callable[..., Chunk]) -> None:
    ring.write(chunk(0, 2000, level=0.5))
    ring.write(chunk(1000, 2000, level=-0.5))
    played = ring.read(3000)
    np.testing.assert_array_equal(played[FADE:1000], 0.5)
    np.testing.assert_array_equal(played[1000 + FADE :], -0.5)
    assert largest_step(played[FADE:]) < 1.1 / FADE


def test_lost_chunk_is_a_faded_gap_and_time_goes_on(ring: PlaybackRing) -> None:
    ring.write(sine_chunk(0, 1920))
    ring.write(sine_chunk(2880, 1920))
    played = ring.read(4800)
    assert ring.gap_samples == 960
    assert not played[1920:2880].any()
    np.testing.assert_array_equal(played[2880 + FADE :], sine_chunk(2880, 1920).samples[FADE:])
    assert largest_step(played) < 1.5 * SINE_STEP


def test_gap_before_an_empty_ring_is_skipped(ring: PlaybackRing) -> None:
    ring.write(ramp_chunk(48_000, 1920))
    assert ring.played_samples == 48_000
    assert ring.buffered_ms == 40


def test_new_epoch_takes_over_with_a_cross_fade(ring: PlaybackRing, chunk: Callable[..., Chunk]) -> None:
    ring.write(chunk(0, 4000, level=0.5))
    before = ring.read(1000)
    ring.write(chunk(0, 3000, epoch=1, level=-0.5))
    after = ring.read(1000)
    assert (ring.epoch, ring.played_samples) == (1, 1000)
    np.testing.assert_array_equal(after[FADE:], -0.5)
    assert largest_step(np.concatenate([before[FADE:], after])) < 1.1 / FADE
    ring.write(chunk(4000, 960, epoch=0))
    assert ring.late_samples == 960


def test_new_epoch_after_the_last_sample_was_played(ring: PlaybackRing, chunk: Callable[..., Chunk]) -> None:
    ring.write(chunk(0, 2000, level=0.5))
    before = ring.read(2000)
    ring.write(chunk(0, 3000, epoch=1, level=-0.5))
    assert largest_step(np.concatenate([before[FADE:], ring.read(1000)])) < 1.1 / FADE


def test_delay_shrinks_to_its_limit(ring: PlaybackRing) -> None:
    for start in range(0, 96_000, 960):
        ring.write(sine_chunk(start))
    assert ring.buffered_ms == 500
    assert ring.skipped_samples == 96_000 - 24_000
    assert ring.played_samples == 72_000
    np.testing.assert_array_equal(ring.read(24_000)[FADE:], sine_chunk(72_000, 24_000).samples[FADE:])


def test_clear_goes_on_with_the_stream(ring: PlaybackRing) -> None:
    ring.write(sine_chunk(0, 4800))
    before = ring.read(1000)
    ring.clear()
    assert largest_step(np.concatenate([before, ring.read(1000)])) < 1.5 * SINE_STEP
    ring.write(sine_chunk(4800, 1920))
    assert ring.played_samples == 4800
    assert ring.late_samples == 0


def test_restart_takes_a_new_session_from_its_beginning(ring: PlaybackRing) -> None:
    ring.write(ramp_chunk(0, 4800))
    ring.read(2000)
    ring.restart(epoch=0)
    ring.write(ramp_chunk(0, 1920))
    assert ring.late_samples == 0
    assert ring.buffered_ms == 40


def test_playback_report(ring: PlaybackRing) -> None:
    ring.write(ramp_chunk(0, 2400, epoch=3))
    ring.read(960)
    report = ring.playback()
    assert (report.played_samples, report.buffered_ms, report.underruns, report.epoch) == (960, 30.0, 0, 3)


def test_writer_and_reader_threads_lose_nothing(ring: PlaybackRing) -> None:
    total = 48_000
    room = threading.Semaphore(10)

    def write() -> None:
        for start in range(0, total, 960):
            room.acquire(timeout=5)
            ring.write(ramp_chunk(start))

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive() or not ring.priming or ring.buffered_ms >= 30:
        before = ring.played_samples // 960
        ring.read(128)
        for _ in range(ring.played_samples // 960 - before):
            room.release()
    writer.join()
    assert ring.played_samples >= total - 1440
    assert ring.late_samples == ring.gap_samples == ring.skipped_samples == 0


def test_a_leap_of_the_stream_does_not_fill_memory_with_silence(ring: PlaybackRing) -> None:
    ring.write(sine_chunk(0, 1920))
    before = ring.read(1000)
    ring.write(sine_chunk(2**40, 1920))
    assert ring.played_samples == 2**40
    assert ring.buffered_ms == 40
    assert ring.skipped_samples == 2**40 - 1000
    assert largest_step(np.concatenate([before[FADE:], ring.read(480)])) < 1.0


def test_a_restart_lets_the_fade_that_is_under_way_go_on(ring: PlaybackRing) -> None:
    ring.write(sine_chunk(0, 2000))
    played = [ring.read(BLOCK) for _ in range(4)] + [ring.read(100)]
    ring.restart()
    played.append(ring.read(BLOCK))
    ring.clear()
    played.append(ring.read(BLOCK))
    assert largest_step(np.concatenate(played)[FADE:]) < 1.5 * SINE_STEP


def test_underruns_are_reported_by_session(ring: PlaybackRing) -> None:
    ring.write(ramp_chunk(0, 1920))
    ring.read(2000)
    assert ring.playback().underruns == 1
    ring.restart()
    assert (ring.playback().underruns, ring.underruns) == (0, 1)


def test_a_restart_may_change_the_rate(ring: PlaybackRing) -> None:
    ring.restart(epoch=2, sample_rate_hz=24_000)
    ring.write(ramp_chunk(0, 719, epoch=2))
    assert not ring.read(64).any()
    ring.write(ramp_chunk(719, 1, epoch=2))
    assert ring.read(64).any()
    assert (ring.sample_rate_hz, ring.buffered_ms) == (24_000, 1000 * (720 - 64) / 24_000)


@pytest.mark.parametrize("epoch", [0, 1])
def test_samples_beyond_full_scale_are_held_at_it(ring: PlaybackRing, epoch: int) -> None:
    loud = np.array([[3.4e38, -3.4e38]] * 2400, np.float32)
    ring.write(Chunk(epoch, 0, loud))
    assert np.abs(ring.read(2400)).max() == 1
    assert loud[0, 0] == np.float32(3.4e38)  # the caller's own
