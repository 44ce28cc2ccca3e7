"""The sound through Panda3D's own audio: a stream of OpenAL that is kept a few hundredths of a second ahead.

Threads: one thread makes every call on a `PandaPlayer`, but not the one that draws: a picture may take longer than the
sound that waits in the stream, and a stream that runs dry clicks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from stereosync.errors import StereoSyncError
from stereosync.scene import Float32Array

AHEAD_MS = 30.0  # the device takes 10 to 21 ms at once, and Panda3D tells its position within 10 ms
DEVICE_MS = 20.0  # of the device and its driver behind the stream: about one block of it, for want of a better figure
BLOCK_SAMPLES = 240
SOUND_OFF = (
    "Panda3D opens no sound device: set audio-library-name p3openal_audio in Config.prc and choose an output "
    "device in the system"
)

Take = Callable[[int], Float32Array]  # the next n samples to be heard, (n, 2)


class NoSoundError(StereoSyncError, RuntimeError):
    """Panda3D plays nothing here; the sentence says what to do."""


def open_manager() -> Any:
    """A manager of Panda3D's audio that plays.

    Raises:
        NoSoundError: there is no sound library or no sound device.
    """
    from panda3d import core

    manager = core.AudioManager.createAudioManager()
    if not manager.isValid():
        raise NoSoundError(SOUND_OFF)
    return manager


class PandaPlayer:
    """Plays what `take` gives, through a manager of its own: the game's sounds and volumes are not touched.

    `delay_s` is the time between taking a sample and handing it to the device. `stalls` counts the times at which the
    stream ran dry because `pump` came too late.

    Raises:
        NoSoundError: there is no sound library or no sound device.
    """

    name = "Panda3D's audio"

    def __init__(self, take: Take, sample_rate_hz: int, ahead_ms: float = AHEAD_MS, volume: float = 1.0) -> None:
        from panda3d import core

        self._core, self._take, self._volume = core, take, volume
        self.delay_s = ahead_ms / 1000
        self.stalls = 0
        self._manager = open_manager()
        self._open(sample_rate_hz)

    def _open(self, sample_rate_hz: int) -> None:
        """A stream anew; its position is exact at its beginning."""
        self.sample_rate_hz = sample_rate_hz
        self._source = self._core.UserDataAudio(sample_rate_hz, 2, True)
        self._sound = self._manager.getSound(self._source, False)
        self._sound.setVolume(self._volume)
        self._written_samples = 0

    @property
    def waiting_samples(self) -> int:
        """Samples that the device has not taken yet, as Panda3D estimates them; not above 0 after a stall."""
        heard_s = float(self._sound.getTime())
        return self._written_samples - round(heard_s * self.sample_rate_hz)

    def pump(self, now_s: float = 0.0) -> None:  # noqa: ARG002  the sound device keeps the time
        """Fill the stream up; to be called every few milliseconds."""
        self._manager.update()
        if self._written_samples and self.waiting_samples <= 0:
            self.stalls += 1
            self.restart(self.sample_rate_hz)
        begins = not self._written_samples
        while self.waiting_samples < self.delay_s * self.sample_rate_hz:
            self._write(self._take(BLOCK_SAMPLES))
        if begins:
            self._sound.play()
        self._manager.update()

    def _write(self, samples: Float32Array) -> None:
        self._source.append((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        self._written_samples += len(samples)

    def restart(self, sample_rate_hz: int) -> None:
        """Begin the stream anew, at another rate if need be; what waits in it is not heard."""
        self._sound.stop()
        self._open(sample_rate_hz)

    def close(self) -> None:
        """Fall silent. Panda3D gives the device back with the last manager of the game."""
        self._sound.stop()
        del self._sound, self._source, self._manager
