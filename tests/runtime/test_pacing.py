"""Pacing: chunks are due by the client's position, and ages are those of the moment at which sound is heard."""

import pytest

from stereosync_runtime.pacing import (
    Playhead,
    available_s,
    buffered_samples,
    due_s,
    heard_s,
    latent_ages,
    settled_s,
    supposed,
)

RATE = 48_000
TARGET = 2880  # 60 ms


def playing(position: int = 4800, now_s: float = 10.0) -> Playhead:
    return Playhead(RATE).told(position, now_s)


def test_before_the_first_report_a_chunk_is_due_until_the_target_is_full() -> None:
    start = Playhead(RATE)
    assert due_s(start, 0, TARGET, 5.0) == 5.0
    assert due_s(start, 1920, TARGET, 5.0) == 5.0
    assert due_s(start, 3840, TARGET, 5.0) is None
    assert available_s(start, 0, 5.0) == float("inf")


def test_a_playing_client_is_carried_on_by_the_clock() -> None:
    playhead = playing()
    assert playhead.sample_at(10.02) == pytest.approx(4800 + 960)
    assert due_s(playhead, 4800 + 3840, TARGET, 10.0) == pytest.approx(10.02)
    assert due_s(playhead, 4800 + 3840, TARGET, 10.03) == 10.03
    assert buffered_samples(playhead, 4800 + 3840, 10.08) == 0
    assert available_s(playhead, 4800 + 3840, 10.04) == pytest.approx(0.035)


def test_reports_in_blocks_do_not_make_the_position_jump() -> None:
    playhead = Playhead(RATE)
    for tick in range(200):  # a device that takes 1024 samples at once, asked at 30 fps
        now_s = tick / 30
        playhead = playhead.told(int(now_s * RATE) // 1024 * 1024 + 1, now_s)
    errors = [playhead.sample_at(200 / 30 + ahead_s) - (200 / 30 + ahead_s) * RATE for ahead_s in (0.0, 0.01, 0.03)]
    assert all(-1024 < error < 0 for error in errors)
    assert max(errors) - min(errors) < 1


def test_a_pause_and_a_silent_client_stop_the_carrying() -> None:
    playhead = playing().told(4800, 10.05)
    assert not playhead.stalled
    playhead = playhead.told(4800, 10.2)
    assert playhead.stalled
    assert playhead.sample_at(11.0) == 4800
    assert playhead.told(5760, 10.5).sample_at(10.5) == 5760
    assert playing().sample_at(100.0) == pytest.approx(4800 + 1.5 * RATE)


def test_a_drifting_device_is_followed() -> None:
    playhead = Playhead(RATE)
    for tick in range(30 * 60):
        playhead = playhead.told(1 + int(tick / 30 * RATE * 1.0002), tick / 30)
    assert abs(playhead.sample_at(60.0) - 60.0 * RATE * 1.0002) < 10


def test_sound_is_heard_after_what_is_buffered_or_after_a_fixed_lead() -> None:
    assert heard_s(playing(), 4800 + 960, 10.0) == pytest.approx(10.02)
    assert heard_s(playing(), 4800 + 960, 10.0, lead_s=0.15) == pytest.approx(10.15)


def test_ages_are_those_of_each_latent_and_bounded() -> None:
    ages_s, bounded = latent_ages(10.1, 10.0, 3, 0.02, 0.2)
    assert ages_s == pytest.approx((0.1, 0.12, 0.14))
    assert bounded == 0
    assert latent_ages(10.19, 10.0, 2, 0.02, 0.2) == (pytest.approx((0.19, 0.2)), 1)
    assert latent_ages(9.99, 10.0, 2, 0.02, 0.2) == (pytest.approx((0.0, 0.01)), 1)


def test_a_device_lies_behind_the_buffer_and_not_behind_a_fixed_lead() -> None:
    assert heard_s(playing(), 4800 + 960, 10.0, device_s=0.04) == pytest.approx(10.06)
    assert heard_s(playing(), 4800 + 960, 10.0, lead_s=0.15, device_s=0.04) == pytest.approx(10.15)


def test_a_devices_delay_is_smoothed_unless_it_jumps() -> None:
    assert settled_s(0.04, 0.05) == pytest.approx(0.041)
    assert settled_s(0.04, 0.12) == 0.12
    assert settled_s(0.12, 0.0) == 0.0


def test_who_does_not_report_primes_and_plays_and_primes_again_when_it_ran_dry() -> None:
    start = Playhead(RATE)
    assert supposed(start, 960, 5.0, 5.0).stalled
    begun = supposed(start, 1920, 5.0, 5.0)
    assert begun.sample_at(5.02) == pytest.approx(960)
    going_on = supposed(begun, 4800, 5.03, 5.03)
    assert going_on.sample_at(5.03) == pytest.approx(1440)
    dry = supposed(going_on, 4800, 5.2, 5.2)
    assert dry.stalled
    assert supposed(dry, 4800 + 960, 5.25, 5.2).stalled
    again = supposed(dry, 4800 + 1920, 5.3, 5.2)
    assert again.sample_at(5.31) == pytest.approx(4800 + 480)
    assert again.sample_at(60.0) < 4800 + 1.6 * RATE  # nothing was heard of it since
