"""Output of libraries, kept off the screen and read: ONNX Runtime tells nowhere else why a provider does not serve."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import IO

STREAMS = (1, 2)  # stdout and stderr as C has them


@dataclass
class CapturedOutput:
    """The printed text, complete once the block is left."""

    text: str = ""


@contextmanager
def captured_output() -> Iterator[CapturedOutput]:
    """Collect what Python and libraries in C print meanwhile. For the whole process: one thread at a time."""
    heard, printed = CapturedOutput(), io.StringIO()
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as sink:
        try:
            with redirect_stdout(printed), redirect_stderr(printed), _turned_to(sink):
                yield heard
        finally:
            sink.seek(0)
            heard.text = printed.getvalue() + as_text(sink.read())


@contextmanager
def _turned_to(sink: IO[bytes]) -> Iterator[None]:
    kept = [os.dup(stream) for stream in STREAMS]
    try:
        for stream in STREAMS:
            os.dup2(sink.fileno(), stream)
        yield
    finally:
        for stream, copy in zip(STREAMS, kept, strict=True):
            os.dup2(copy, stream)
            os.close(copy)


def as_text(raw: bytes) -> str:
    """Bytes of a console, of which Windows mixes two encodings: without zeros UTF-16 reads like the other."""
    return raw.replace(b"\0", b"").decode("utf-8", errors="replace")


def first_line(text: str, longest: int = 200) -> str:
    """The first line that says something."""
    return next((line.strip()[:longest] for line in text.splitlines() if line.strip()), "it gave no reason")
