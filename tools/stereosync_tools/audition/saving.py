"""Files with what was seen and heard: WAV (16-bit PCM) and MP4 (H.264 or MPEG-4 picture, AAC sound)."""

from __future__ import annotations

import wave
from contextlib import ExitStack, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from stereosync.scene import Float32Array, UInt8Array
from stereosync.writing import named, whole_file
from stereosync_tools.audition.errors import AuditionError

SUFFIXES = (".wav", ".mp4")
VIDEO_TICK = Fraction(1, 90_000)  # the usual MPEG time base
VIDEO_CODECS = {"libx264": {"preset": "veryfast", "crf": "20"}, "mpeg4": {}}
NOMINAL_FPS = 30
SOUND_BITS_PER_S = 192_000


class Sink(Protocol):
    """Takes pictures (H, W, 3) with their time and samples (n, 2) in the order in which they were heard. `close` puts
    the file into its place, `abandon` leaves nothing of it."""

    def write_frame(self, time_s: float, picture: UInt8Array) -> None: ...

    def write_sound(self, samples: Float32Array) -> None: ...

    def close(self) -> None: ...

    def abandon(self) -> None: ...


class _SavedFile:
    """A file beside its place until it is whole."""

    def __init__(self, path: Path) -> None:
        self._place = ExitStack()
        self.part = self._place.enter_context(whole_file(path)).absolute()

    def _finish(self) -> None:
        """Write the rest."""

    def _drop(self) -> None:
        """Close without writing the rest."""

    def close(self) -> None:
        """Raises UserError when the disk is full, and what the encoder raises."""
        try:
            with self._place:
                self._finish()
        finally:
            with suppress(Exception):  # told already, and a file that is closed may be closed again
                self._drop()

    def abandon(self) -> None:
        with suppress(AuditionError), self._place:
            with suppress(Exception):  # a file that is thrown away need not be whole
                self._drop()
            raise AuditionError("the file is thrown away")


class WavSink(_SavedFile):
    """Stereo 16-bit PCM; pictures are not kept."""

    def __init__(self, path: Path, sample_rate_hz: int) -> None:
        super().__init__(path)
        self._file = wave.open(str(self.part), "wb")  # noqa: SIM115  open as long as the sink is
        self._file.setparams((2, 2, sample_rate_hz, 0, "NONE", "not compressed"))

    def write_frame(self, time_s: float, picture: UInt8Array) -> None:
        """A sound file has no room for pictures."""

    def write_sound(self, samples: Float32Array) -> None:
        pcm = np.clip(np.rint(samples * 32767.0), -32768, 32767).astype("<i2")
        self._file.writeframes(pcm.tobytes())

    def _finish(self) -> None:
        self._file.close()

    _drop = _finish


class Mp4Sink(_SavedFile):
    """Pictures at their capture times and the sound as played, which begins at `sound_start_s`, on one time axis.

    The first picture gives the film its size; others are fitted into it.
    """

    def __init__(self, path: Path, sample_rate_hz: int, sound_start_s: float = 0.0) -> None:
        import av

        super().__init__(path)
        self._av = av
        self._rate_hz = sample_rate_hz
        self._container: Any = av.open(str(self.part), "w")
        self._video: Any = None
        self._last_tick = -1
        self._audio: Any = self._container.add_stream("aac", rate=sample_rate_hz, layout="stereo")
        self._audio.bit_rate = SOUND_BITS_PER_S
        self._fifo: Any = av.AudioFifo()
        self._next_sample = 0
        self._waiting: list[Float32Array] = [np.zeros((round(sound_start_s * sample_rate_hz), 2), np.float32)]

    def write_frame(self, time_s: float, picture: UInt8Array) -> None:
        tick = round(time_s / VIDEO_TICK)
        if tick <= self._last_tick:
            return
        if self._video is None:
            self._begin_video(picture)
        frame = self._fitted(self._av.VideoFrame.from_ndarray(_even(picture), format="rgb24"))
        frame.pts, frame.time_base = tick, VIDEO_TICK
        self._container.mux(self._video.encode(frame))
        self._last_tick = tick

    def _fitted(self, frame: Any) -> Any:
        """The frame in the film's size, with bars where its shape is another."""
        width, height = self._video.width, self._video.height
        if (frame.width, frame.height) == (width, height):
            return frame
        scale = min(width / frame.width, height / frame.height)
        inner = frame.reformat(max(round(frame.width * scale), 1), max(round(frame.height * scale), 1), "rgb24")
        film = np.zeros((height, width, 3), np.uint8)
        top, left = (height - inner.height) // 2, (width - inner.width) // 2
        film[top : top + inner.height, left : left + inner.width] = inner.to_ndarray()
        return self._av.VideoFrame.from_ndarray(film, format="rgb24")

    def _begin_video(self, picture: UInt8Array) -> None:
        """The container's header fixes its streams, so sound that came before the first picture has waited."""
        self._video = _video_stream(self._av, self._container, _even(picture))
        self.write_sound(np.concatenate(self._waiting))
        self._waiting.clear()

    def write_sound(self, samples: Float32Array) -> None:
        if self._video is None:
            self._waiting.append(samples)
        elif len(samples):
            self._encode_sound(samples)

    def _encode_sound(self, samples: Float32Array) -> None:
        planes = np.ascontiguousarray(np.clip(samples, -1.0, 1.0).T, dtype=np.float32)  # (2, n)
        frame = self._av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate, frame.time_base = self._rate_hz, Fraction(1, self._rate_hz)
        frame.pts = self._next_sample
        self._next_sample += len(samples)
        self._fifo.write(frame)
        for whole in self._fifo.read_many(self._audio.codec_context.frame_size or 1024):
            self._container.mux(self._audio.encode(whole))

    def _drop(self) -> None:
        self._container.close()

    def _finish(self) -> None:
        if self._video is not None:
            self._container.mux(self._video.encode(None))
            rest = self._fifo.read(0, partial=True)
            self._container.mux(self._audio.encode(rest) if rest is not None else [])
            self._container.mux(self._audio.encode(None))
        self._container.close()


def _even(picture: UInt8Array) -> UInt8Array:
    """4:2:0 pictures have even sides: an odd last row or column comes twice."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _video_stream(av: Any, container: Any, picture: UInt8Array) -> Any:
    codec = next((name for name in VIDEO_CODECS if name in av.codecs_available), None)
    if codec is None:
        raise AuditionError(
            "This PyAV has no H.264 or MPEG-4 encoder; save to a .wav file or reinstall the av package."
        )
    stream = container.add_stream(codec, rate=NOMINAL_FPS, options=VIDEO_CODECS[codec])
    stream.height, stream.width = picture.shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.time_base = stream.codec_context.time_base = VIDEO_TICK
    return stream


def open_sink(path: Path, sample_rate_hz: int, sound_start_s: float = 0.0) -> Sink:
    """The sink for `path` by its suffix.

    Raises:
        AuditionError: the suffix is unknown.
        UserError: the file cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise AuditionError(f"{path.name} is neither .wav nor .mp4; give --save a name with one of these endings.")
    with named(path, "--save"):
        if path.suffix.lower() == ".wav":
            return WavSink(path, sample_rate_hz)
        return Mp4Sink(path, sample_rate_hz, sound_start_s)
