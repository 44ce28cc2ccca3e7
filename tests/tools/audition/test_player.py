"""Players: the null player's pace, the sound card's process without a sound card, and what is left when it is lost."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from stereosync.scene import Float32Array
from stereosync_tools.audition.player import AHEAD_SAMPLES, DevicePlayer, NullPlayer, PlayerProcess, Pump
from stereosync_tools.audition.sound_card import open_stream, write_blocks

RATE_HZ = 48_000


class Ring:
    """Counts what is taken out of it."""

    def __init__(self) -> None:
        self.taken = 0

    def take(self, count: int) -> Float32Array:
        self.taken += count
        return np.full((count, 2), self.taken, np.float32)


class Process:
    """A sound card that writes what it is told to have written."""

    delay_s, sample_rate_hz = 0.03, RATE_HZ

    def __init__(self) -> None:
        self.sent = self.written = 0
        self.closed = threading.Event()
        self.lost = False

    def send(self, samples: Float32Array) -> None:
        self.sent += len(samples)

    def written_samples(self, before: int) -> int:  # noqa: ARG002
        if self.lost:
            raise EOFError
        return self.written

    def terminate(self) -> None:
        self.closed.set()

    def close(self) -> None:
        self.closed.set()


def test_the_null_player_takes_a_second_in_a_second() -> None:
    ring = Ring()
    player = NullPlayer(ring.take, RATE_HZ)
    for step in range(101):
        player.pump(50.0 + step * 0.01)
    assert ring.taken == pytest.approx(RATE_HZ, abs=240)


def test_the_card_sets_the_pace() -> None:
    ring, process = Ring(), Process()
    player = DevicePlayer(ring.take, process)  # type: ignore[arg-type]
    player.pump(0.0)
    player.pump(9.0)
    assert process.sent == AHEAD_SAMPLES
    process.written = 480
    player.pump(9.1)
    assert process.sent == AHEAD_SAMPLES + 480
    assert player.delay_s == 0.03


def pump_on(player: DevicePlayer, from_s: float) -> None:
    for step in range(100):
        player.pump(from_s + step * 0.01)


def test_a_card_that_takes_nothing_for_a_second_is_given_up() -> None:
    ring, process = Ring(), Process()
    player = DevicePlayer(ring.take, process)  # type: ignore[arg-type]
    for step in range(150):
        slept_s = 3600 if step > 120 else 0
        process.written = min(step, 90) * 10
        player.pump(step * 0.01 + slept_s)
    assert not process.closed.is_set()
    with pytest.raises(OSError, match="took nothing for 1 s"):
        pump_on(player, 3602.0)
    assert process.closed.is_set()


@pytest.mark.parametrize(
    ("code", "words"),
    [(-9997, "48000 Hz and stereo"), (-9998, "48000 Hz and stereo"), (-9996, "connect one"), (None, "connect one")],
)
def test_a_card_of_another_format_has_its_own_cure(
    monkeypatch: pytest.MonkeyPatch, code: int | None, words: str
) -> None:
    class PortAudioError(Exception):
        """As the package sounddevice raises it."""

    def refuse(**_: object) -> None:
        raise PortAudioError("Error opening OutputStream: no", *([] if code is None else [code]))

    module = SimpleNamespace(OutputStream=refuse, PortAudioError=PortAudioError)
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    with pytest.raises(OSError, match=words):
        open_stream(RATE_HZ)


def test_a_lost_card_is_replaced_by_the_clock() -> None:
    ring, process = Ring(), Process()
    process.lost = True
    player = DevicePlayer(ring.take, process)  # type: ignore[arg-type]
    now = SimpleNamespace(s=0.0)

    def clock() -> float:
        now.s += 0.01
        return now.s

    with Pump(player, ring.take, RATE_HZ, clock) as pump:
        assert process.closed.wait(5.0)
        while ring.taken < 1000:
            pass
    assert "lost" in pump.notice


def test_blocks_are_written_and_counted() -> None:
    written: list[Float32Array] = []
    stream = SimpleNamespace(write=written.append, close=lambda: None)
    ours, theirs = multiprocessing.Pipe()
    blocks = [np.full((240, 2), level, np.float32) for level in (0.1, 0.2)]
    for block in blocks:
        ours.send_bytes(block.tobytes())
    thread = threading.Thread(target=write_blocks, args=(theirs, stream))
    thread.start()
    assert [ours.recv(), ours.recv()] == [240, 480]
    ours.close()
    thread.join(5.0)
    assert not thread.is_alive()
    np.testing.assert_array_equal(np.concatenate(written), np.concatenate(blocks))


def test_a_process_without_a_usable_card_says_why() -> None:
    """No card takes one sample a second, so this fails on every machine, with or without PortAudio."""
    process = PlayerProcess(sample_rate_hz=1)
    process.close()
    assert "PortAudio" in process.problem or "sound card" in process.problem
    assert "\n" not in process.problem
