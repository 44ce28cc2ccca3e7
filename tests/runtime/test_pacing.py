"""Pacing: chunks are due by the client's position, and ages are those of the moment at which sound is heard."""

import pytest

from stereosync_bridge.messages import Playback
from stereosync_runtime.pacing import Pace, Playhead, settled_s

RATE = 48_000
TARGET_S = 0.06


def playing(position: int = 4800, now_s: float = 10.0) -> Playhead:
    return Playhead(RATE).told(position, now_s)


def test_before_the_first_report_a_chunk_is_due_until_the_target_is_full() -> None:
    start = Playhead(RATE)
    assert start.due_s(0, TARGET_S, 5.0) == 5.0
    assert start.due_s(1920, TARGET_S, 5.0) == 5.0
    assert start.due_s(3840, TARGET_S, 5.0) is None


def test_a_playing_client_is_carried_on_by_the_clock() -> None:
    playhead = playing()
    assert playhead.sample_at(10.02) == pytest.approx(4800 + 960)
    assert playhead.due_s(4800 + 3840, TARGET_S, 10.0) == pytest.approx(10.02)
    assert playhead.due_s(4800 + 3840, TARGET_S, 10.03) == 10.03
    assert playhead.ahead_s(4800 + 3840, 10.08) == 0
    assert playhead.ahead_s(4800 + 3840, 10.04) == pytest.approx(0.04)


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


def pace(lead_s: float | None = None, device_ms: float = 0.0) -> Pace:
    """A client that has played 4800 samples of 5760 at 10 s."""
    out = Pace(RATE, 0.04, 0.05, lead_s)
    out.next_sample = 4800 + 960
    out.hear(Playback(4800, device_ms=device_ms), True, 10.0)
    return out


def test_sound_is_heard_after_what_is_buffered_or_after_a_fixed_lead() -> None:
    assert pace().begin(10.0).heard_at_s == pytest.approx(10.02)
    assert pace(lead_s=0.15).begin(10.0).heard_at_s == pytest.approx(10.15)


def test_a_device_lies_behind_the_buffer_and_not_behind_a_fixed_lead() -> None:
    assert pace(device_ms=40).begin(10.0).heard_at_s == pytest.approx(10.06)
    assert pace(lead_s=0.15, device_ms=40).begin(10.0).heard_at_s == pytest.approx(10.15)


def test_a_chunk_has_to_be_made_before_the_client_runs_out_of_sound() -> None:
    window = pace().begin(10.0)
    assert window.late_at_s == pytest.approx(10.02)
    assert window.left_s == pytest.approx(0.015)
    waiting = Pace(RATE, 0.04, 0.05, None).begin(10.0)
    assert waiting.left_s == waiting.late_at_s == float("inf")


def test_a_devices_delay_is_smoothed_unless_it_jumps() -> None:
    assert settled_s(0.04, 0.05) == pytest.approx(0.041)
    assert settled_s(0.04, 0.12) == 0.12
    assert settled_s(0.12, 0.0) == 0.0


def test_who_does_not_report_primes_and_plays_and_primes_again_when_it_ran_dry() -> None:
    start = Playhead(RATE)
    assert start.supposed(960, 5.0, 5.0).stalled
    begun = start.supposed(1920, 5.0, 5.0)
    assert begun.sample_at(5.02) == pytest.approx(960)
    going_on = begun.supposed(4800, 5.03, 5.03)
    assert going_on.sample_at(5.03) == pytest.approx(1440)
    dry = going_on.supposed(4800, 5.2, 5.2)
    assert dry.stalled
    assert dry.supposed(4800 + 960, 5.25, 5.2).stalled
    again = dry.supposed(4800 + 1920, 5.3, 5.2)
    assert again.sample_at(5.31) == pytest.approx(4800 + 480)
    assert again.sample_at(60.0) < 4800 + 1.6 * RATE  # nothing was heard of it since


def test_underruns_rise_by_one_a_chunk_at_most_whatever_is_told() -> None:
    one = pace()
    assert one.hear(Playback(4800, underruns=2**53), True, 10.0) == 0
    for _ in range(3):
        one.finish(1920, 10.0, 0.01)
    assert one.hear(Playback(4800, underruns=2**53 + 1), True, 10.0) == 1
    assert one.hear(Playback(4800, underruns=2**53 + 9), True, 10.0) == 0
    for _ in range(3):
        one.finish(1920, 10.0, 0.01)
    assert one.hear(Playback(4800, underruns=2**53 + 20), True, 10.0) == 3
