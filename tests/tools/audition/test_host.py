"""The child that serves a demo: its words, and its end when the demo ends in any way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from stereosync_tools.audition import host
from stereosync_tools.audition.host import ServiceProcess
from stereosync_tools.audition.interrupts import ended_as_by_ctrl_c

CHILD = textwrap.dedent(
    """
    import os, sys, time
    from stereosync_tools.audition.parent_watch import end_with_stdin

    end_with_stdin()
    print("ready control=tcp://127.0.0.1:1 frames=tcp://127.0.0.1:2 bundle=模型\\udc80", flush=True)
    with open(os.environ["CHILD_PID"], "w") as file:
        file.write(str(os.getpid()))
    time.sleep(60)
    """
)
PARENT = textwrap.dedent(
    """
    import signal, sys, time
    from stereosync_tools.audition import host
    from stereosync_tools.audition.interrupts import ended_as_by_ctrl_c

    for name in ("SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)  # nohup, above the tests, ignores one

    host.MODULE = "child"
    with ended_as_by_ctrl_c(), host.ServiceProcess([]):
        print("running", flush=True)
        time.sleep(60)
    """
)


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the child writes its process id; its module is on the path."""
    (tmp_path / "child.py").write_text(CHILD, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setenv("CHILD_PID", str(tmp_path / "pid"))
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    return tmp_path / "pid"


def lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except OSError:
        return False
    stat = Path(f"/proc/{process_id}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def test_names_that_no_console_has_are_read_and_the_child_ends(child: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "MODULE", "child")
    with ServiceProcess([]) as service:
        assert service.control_address == "tcp://127.0.0.1:1"
        assert "bundle=模型\\udc80" in service.last_words
        assert service.alive
    assert child.exists()
    assert not service.alive


@pytest.mark.skipif(sys.platform == "win32", reason="there a process is ended in one way alone")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_the_child_does_not_outlive_a_demo_that_is_ended(child: Path, name: str) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "running\n"
        deadline_s = time.monotonic() + 20
        while not (child.exists() and child.read_text()):
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        parent.send_signal(getattr(signal, name))
        parent.wait(30)
    deadline_s = time.monotonic() + 5
    while lives(int(child.read_text())):
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGHUP is not there")
def test_a_signal_that_is_ignored_stays_so_and_handlers_come_back() -> None:
    earlier = signal.signal(signal.SIGHUP, signal.SIG_IGN), signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with ended_as_by_ctrl_c():
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, earlier[0])
        signal.signal(signal.SIGTERM, earlier[1])
