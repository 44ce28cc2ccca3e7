"""A program that is asked to end closes what it began, whoever asks."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = ("SIGTERM", "SIGHUP", "SIGBREAK")  # a supervisor, a closed terminal, a closed console of Windows


@contextmanager
def ended_as_by_ctrl_c() -> Iterator[None]:
    """Within it the signals that ask for an end raise KeyboardInterrupt; those that are ignored (nohup) stay so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ASKING if hasattr(signal, name)]
    asking = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    for number in asking:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in asking:
            signal.signal(number, signal.SIG_DFL)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
