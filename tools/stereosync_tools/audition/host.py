"""The service of a demo: a process of its own, as in a game, found by the line it prints when it is ready."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from stereosync_tools.audition.errors import AuditionError

MODULE = "stereosync_tools.audition.child_service"
READY_TIMEOUT_S = 90.0
END_TIMEOUT_S = 10.0
LOOPBACK_ANY_PORT = "tcp://127.0.0.1:0"
LINES_KEPT = 20


class ServiceProcess:
    """`stereosync-serve` on free loopback ports. A context manager; leaving it ends the process, and so does our end.

    Raises:
        AuditionError: it did not get ready; the message repeats what it said.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._stats_path = Path(self._folder.name) / "stats.json"
        self._last_lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._ready: queue.SimpleQueue[dict[str, str] | None] = queue.SimpleQueue()
        command = [sys.executable, "-m", MODULE, "--bind", LOOPBACK_ANY_PORT, "--frames-bind", LOOPBACK_ANY_PORT]
        command += ["--stats", str(self._stats_path), *arguments]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,  # open for as long as this program lives
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8:backslashreplace"},
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read_output, name="service output", daemon=True)
        self._reader.start()
        self._places = self._await_ready()

    @property
    def control_address(self) -> str:
        return self._places["control"]

    @property
    def frames_address(self) -> str:
        return self._places["frames"]

    def _read_output(self) -> None:
        """Read to the end, so that the process never waits for its output to be taken."""
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._last_lines.append(line.strip())
                if line.startswith("ready "):
                    self._ready.put(dict(word.split("=", 1) for word in line.split()[1:] if "=" in word))
        self._ready.put(None)

    def _await_ready(self) -> dict[str, str]:
        try:
            places = self._ready.get(timeout=READY_TIMEOUT_S)
        except queue.Empty:
            self.close()
            raise AuditionError(f"The service was not ready within {READY_TIMEOUT_S:g} s; {self.last_words}") from None
        except KeyboardInterrupt:
            self.close()
            raise
        if places is None:
            self.close()
            raise AuditionError(f"The service did not start; {self.last_words}")
        return places

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def last_words(self) -> str:
        """The last line it printed, as the end of a sentence."""
        said = next((line for line in reversed(self._last_lines) if line), "")
        return f"it said: {said}" if said else "it said nothing; run stereosync-serve by hand to see why."

    def report(self) -> dict[str, Any]:
        """The live report (`--stats`) as the process wrote it last; empty before that."""
        try:
            report: dict[str, Any] = json.loads(self._stats_path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return report

    def close(self) -> dict[str, Any]:
        """End the process; its last report."""
        assert self._process.stdin is not None
        self._process.stdin.close()  # it ends by itself, with its report, on Windows too
        try:
            self._process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(END_TIMEOUT_S)
        report = self.report()
        self._folder.cleanup()
        return report

    def __enter__(self) -> ServiceProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
