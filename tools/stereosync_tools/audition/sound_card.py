"""The player's process: blocking writes to the sound card, and nothing else, so that nothing delays them."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

NO_LIBRARY = (
    "the PortAudio library is missing (on Debian and Ubuntu `apt-get install libportaudio2`, elsewhere "
    "reinstall the sounddevice package)"
)


WRONG_FORMAT = {-9997, -9998}  # PortAudio's paInvalidSampleRate, paInvalidChannelCount


def open_stream(sample_rate_hz: int) -> Any:
    """A started sounddevice stream for blocking writes.

    Raises:
        OSError: there is no PortAudio library or no usable sound card; the message is part of a sentence.
    """
    try:
        import sounddevice
    except OSError as error:
        raise OSError(NO_LIBRARY) from error
    try:
        stream = sounddevice.OutputStream(samplerate=sample_rate_hz, channels=2, dtype="float32", latency="low")
        stream.start()
    except sounddevice.PortAudioError as error:
        raise OSError(_why(error, sample_rate_hz)) from error
    return stream


def _why(error: Exception, sample_rate_hz: int) -> str:
    """Part of a sentence; PortAudio's code is its error's second argument."""
    detail = str(error).splitlines()[0]
    if WRONG_FORMAT.intersection(error.args[1:2]):
        cure = f"set it to {sample_rate_hz} Hz and stereo in the system's sound settings"
        return f"the sound card does not take {sample_rate_hz} Hz in stereo ({detail}); {cure}"
    return f"no sound card can be used ({detail}); connect one and choose it in the system"


def play_from(connection: Connection, sample_rate_hz: int) -> None:
    """Write the blocks (n, 2) float32 that arrive, answer each with the count of samples written; end with the pipe.

    The first answer is the card's latency in seconds, or a part of a sentence that says why nothing can be played.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client, which then closes the pipe
    _silence_stderr()
    try:
        stream = open_stream(sample_rate_hz)
    except OSError as error:
        connection.send(str(error))
        return
    connection.send(float(stream.latency))
    write_blocks(connection, stream)


def write_blocks(connection: Connection, stream: Any) -> None:
    """The writing itself, until the other end of the pipe is closed."""
    written = 0
    try:
        while True:
            samples = np.frombuffer(connection.recv_bytes(), dtype=np.float32).reshape(-1, 2)
            stream.write(samples)
            written += len(samples)
            connection.send(written)
    except (EOFError, OSError):
        stream.close()


def _silence_stderr() -> None:
    """The drivers below PortAudio print pages about cards that are not there."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 2)
    os.close(sink)
