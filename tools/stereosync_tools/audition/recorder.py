"""Writing down what was seen and heard. The recorder does it in a thread, so that encoding never delays playing."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from stereosync.errors import StereoSyncError
from stereosync.scene import Float32Array, SceneFrame
from stereosync_tools.audition.errors import AuditionError
from stereosync_tools.audition.performance import Keeper
from stereosync_tools.audition.saving import Sink

MOST_WAITING = 4000  # blocks and frames; beyond it the encoder is too slow and pictures are left out

Entry = tuple[float, SceneFrame] | Float32Array


class Writer:
    """Passes everything on to the keeper and, if there is one, to the sink. One thread calls everything.

    Raises:
        AuditionError: from each call, when the file cannot be written.
    """

    def __init__(self, keeper: Keeper, sink: Sink | None) -> None:
        self.keeper, self._sink = keeper, sink

    def frame(self, time_s: float, frame: SceneFrame) -> None:
        """A frame shown at `time_s` of the run."""
        self.keeper.add_frame(time_s, frame)
        if self._sink is not None:
            with told_if_not_whole():
                self._sink.write_frame(time_s, frame.picture)

    def sound(self, samples: Float32Array) -> None:
        """The next samples heard, (n, 2)."""
        self.keeper.add_sound(samples)
        if self._sink is not None:
            with told_if_not_whole():
                self._sink.write_sound(samples)

    def close(self) -> None:
        """Finish the file."""
        if self._sink is not None:
            self._sink.close()

    def abandon(self) -> None:
        """Leave nothing of the file."""
        if self._sink is not None:
            self._sink.abandon()


@contextmanager
def told_if_not_whole() -> Iterator[None]:
    """Turn what an encoder raises into AuditionError."""
    try:
        yield
    except StereoSyncError:
        raise
    except Exception as error:
        raise AuditionError(
            f"The --save file is not whole and was removed ({error}); free the disk or choose another place."
        ) from error


class Recorder:
    """A writer's thread. Any thread may call `frame` and `sound`; `close` comes once, after them."""

    def __init__(self, writer: Writer) -> None:
        self.frames_left_out = 0
        self._writer = writer
        self._problem: Exception | None = None
        self._entries: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="recorder", daemon=True)
        self._thread.start()

    def frame(self, time_s: float, frame: SceneFrame) -> None:
        """A frame shown at `time_s` of the run."""
        if self._entries.qsize() > MOST_WAITING:
            self.frames_left_out += 1
        else:
            self._entries.put((time_s, frame))

    def sound(self, samples: Float32Array) -> None:
        """The next samples heard, (n, 2)."""
        self._entries.put(samples)

    def close(self) -> None:
        """Write what is waiting and finish the file.

        Raises:
            AuditionError: the file could not be written.
        """
        self._entries.put(None)
        self._thread.join()
        with told_if_not_whole():
            if self._problem is not None:
                self._writer.abandon()
                raise self._problem
            self._writer.close()

    def _write_all(self) -> None:
        while (entry := self._entries.get()) is not None:
            try:
                if self._problem is None:
                    self._write(entry)
            except Exception as error:  # told by close(): a full disk must not end the sound
                self._problem = error

    def _write(self, entry: Entry) -> None:
        if isinstance(entry, tuple):
            self._writer.frame(*entry)
        else:
            self._writer.sound(entry)
