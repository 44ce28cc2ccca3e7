"""TensorRT engines that are not there yet: a process builds them while ONNX Runtime serves, then streams move over.

Threads: `start` is called once by the thread that opens the service; the thread that it starts only waits for that
process, opens the runners and hands them to `offer`, which must be safe to call from any thread.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from stereosync_runners.forms import RunnerRequest
from stereosync_runners.runner import Runner, RunnerError

Say = Callable[[str], None]
Offer = Callable[[Mapping[str, Runner]], None]


class BackgroundBuild:
    """Builds with `command` and then opens with `load`; whatever fails is said, and the service goes on as it is."""

    def __init__(self, command: list[str], load: Callable[[], Mapping[str, Runner]], say: Say) -> None:
        self._command, self._load, self._say = command, load, say
        self._process: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None

    def start(self, offer: Offer) -> None:
        """Begin to build."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._thread = threading.Thread(target=self._wait, args=(self._process, offer), name="stereosync-build")
        self._thread.start()

    def stop(self) -> None:
        """Give up what is not finished."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        if self._thread is not None:
            self._thread.join()

    def _wait(self, process: subprocess.Popen[str], offer: Offer) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self._say(line.rstrip())
        if process.wait() != 0:
            self._say("TensorRT engines were not built, as said above: ONNX Runtime goes on serving")
            return
        try:
            runners = self._load()
        except RunnerError as error:
            self._say(f"TensorRT engines do not serve ({error}): ONNX Runtime goes on")
            return
        offer(runners)
        self._say("TensorRT serves from the next chunk on")


def build_command(bundle: Path, request: RunnerRequest) -> list[str]:
    """The command that builds a bundle's TensorRT engines for the card that is here."""
    command = [sys.executable, "-m", "stereosync_runtime.build_engines", str(bundle), "--device", request.device]
    command += ["--sessions", str(request.sessions)]
    return command if request.precision is None else [*command, "--precision", request.precision]
