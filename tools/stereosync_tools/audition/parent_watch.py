"""A service that belongs to another program ends with it, however that ended: the program holds its standard input.

Threads: one that waits for the end of standard input, and then sends this process SIGTERM.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

READ_BYTES = 4096


def end_with_stdin() -> None:
    """From here on SIGTERM comes when standard input closes; without one, never."""
    if sys.stdin is not None:
        watch = threading.Thread(target=_watch, args=(sys.stdin.fileno(),), name="parent watch", daemon=True)
        watch.start()


def _watch(stdin: int) -> None:
    # os.read, not sys.stdin: a thread that waits within a file object's lock breaks the interpreter's end.
    try:
        while os.read(stdin, READ_BYTES):
            pass
    except OSError:
        pass  # a pipe that broke has ended too
    if hasattr(signal, "pthread_kill"):
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGTERM)  # wakes it, too
    else:
        signal.raise_signal(signal.SIGTERM)
