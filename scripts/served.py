"""A service as a process of its own, and a healthy client as another: for attacks, fuzzing and soaking.

In one process they would share one lock of Python's, and whatever keeps the attacker busy would seem to harm the rest.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from healthy_client import Record

HERE = Path(__file__).resolve().parent
ANY_PORT = "tcp://127.0.0.1:0"
STOP_S = 10.0
SERVE, SERVE_UNBOUNDED = ("-m", "stereosync_runtime.serve"), (str(HERE / "unbounded_service.py"),)


class ServedProcess:
    """`stereosync-serve`, ready; its log is a file."""

    def __init__(self, log: Path, *options: str, program: Sequence[str] = SERVE) -> None:
        self.log = log
        command = [sys.executable, *program, "--bind", ANY_PORT, "--frames-bind", ANY_PORT]
        with log.open("wb") as file:
            self.process = _popen([*command, "--device", "cpu", *options], stdout=subprocess.PIPE, stderr=file)
        line = _line(self.process)
        if not line.startswith("ready "):
            raise RuntimeError(f"the service does not start: {self.log_text()}")
        words = dict(word.split("=", 1) for word in line.split()[1:])
        self.control_address, self.frames_address = words["control"], words["frames"]
        self._seen = psutil.Process(self.process.pid)

    @property
    def control_port(self) -> int:
        return int(self.control_address.rpartition(":")[2])

    @property
    def frames_port(self) -> int:
        return int(self.frames_address.rpartition(":")[2])

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def resident_mib(self) -> float:
        return float(self._seen.memory_info().rss) / 2**20

    @property
    def threads(self) -> int:
        return int(self._seen.num_threads())

    @property
    def descriptors(self) -> int:
        """Open files and sockets; on Windows handles."""
        return int(self._seen.num_handles() if sys.platform == "win32" else self._seen.num_fds())

    def log_text(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def close(self) -> None:
        _stop(self.process)


class HealthyClient:
    """`healthy_client.py` beside a service."""

    def __init__(self, address: str, *keys: str) -> None:
        command = [sys.executable, str(HERE / "healthy_client.py"), address, *keys]
        self.process = _popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def take_record(self) -> Record:
        """The record since the last call; another begins."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return Record(**json.loads(_line(self.process)))

    def wait_until_heard(self, limit_s: float = 20.0) -> None:
        """Wait until sound comes without silence; a new record begins."""
        until_s = time.monotonic() + limit_s
        while True:
            time.sleep(0.4)
            record = self.take_record()
            if record.chunks >= 5 and record.silence_s == 0:
                return
            if time.monotonic() > until_s:
                raise RuntimeError(f"the healthy client does not hear enough: {record}")

    def close(self) -> None:
        _stop(self.process)


@contextmanager
def served(*options: str, program: Sequence[str] = SERVE) -> Iterator[ServedProcess]:
    """A service, stopped at the end."""
    with tempfile.TemporaryDirectory() as folder:
        service = ServedProcess(Path(folder, "service.log"), *options, program=program)
        try:
            yield service
        finally:
            service.close()


@contextmanager
def healthy(address: str, *keys: str) -> Iterator[HealthyClient]:
    """A healthy client that hears its sound."""
    client = HealthyClient(address, *keys)
    try:
        client.wait_until_heard()
        yield client
    finally:
        client.close()


def until(condition: Callable[[], object], limit_s: float = 10.0) -> bool:
    """Wait for a condition; says whether it came to hold."""
    until_s = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > until_s:
            return False
        time.sleep(0.05)
    return True


def _popen(command: list[str], **streams: object) -> subprocess.Popen[str]:
    environment = {"OMP_NUM_THREADS": "1"} | os.environ | {"PYTHONUTF8": "1"}
    return subprocess.Popen(command, text=True, encoding="utf-8", env=environment, **streams)  # type: ignore[call-overload, no-any-return]


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
