"""What is told when the file of a run cannot be written."""

from __future__ import annotations

import numpy as np
import pytest

from stereosync.scene import Float32Array, UInt8Array
from stereosync_tools.audition.errors import AuditionError
from stereosync_tools.audition.performance import Keeper
from stereosync_tools.audition.recorder import Recorder, Writer

RATE_HZ = 48_000


class FullDisk:
    """A sink whose writing or closing fails."""

    def __init__(self, fails: str) -> None:
        self._fails = fails

    def write_frame(self, time_s: float, picture: UInt8Array) -> None:
        """Pictures still had room."""

    def write_sound(self, samples: Float32Array) -> None:  # noqa: ARG002
        if self._fails == "writing":
            raise OSError(28, "No space left on device")

    def close(self) -> None:
        raise OSError(28, "No space left on device")

    def abandon(self) -> None:
        """Nothing was written."""


@pytest.mark.parametrize("fails", ["writing", "closing"])
def test_a_full_disk_is_one_sentence_live(fails: str) -> None:
    recorder = Recorder(Writer(Keeper(RATE_HZ), FullDisk(fails)))
    recorder.sound(np.zeros((10, 2), np.float32))
    with pytest.raises(AuditionError, match=r"not whole .*No space left"):
        recorder.close()


def test_a_full_disk_is_one_sentence_offline() -> None:
    writer = Writer(Keeper(RATE_HZ), FullDisk("writing"))
    with pytest.raises(AuditionError, match=r"not whole .*No space left"):
        writer.sound(np.zeros((10, 2), np.float32))
