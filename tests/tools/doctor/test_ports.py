"""Ports: free, taken, or not to be had."""

import errno
import os
import socket
from types import SimpleNamespace

import pytest
from judging import Judge

from stereosync_runtime.options import ServeOptions
from stereosync_tools.doctor.ports import PORTS, _program, check_port, holder_of, look_at_ports, try_port


def test_the_ports_are_those_that_a_service_takes_by_default() -> None:
    defaults = ServeOptions()
    assert [f"tcp://127.0.0.1:{port}" for port in PORTS] == [defaults.bind, defaults.frames_bind]
    assert [one.topic for one in look_at_ports()] == ["port 5750", "port 5751"]


def test_each_state_of_a_port_has_its_verdict(judge: Judge) -> None:
    taken = OSError(errno.EADDRINUSE, "in use")
    judge(check_port(5750, None, ""), "ok", "free on 127.0.0.1")
    judge(check_port(5750, taken, ""), "fail", "another stereosync-serve?", "serve with --bind tcp://127.0.0.1:0")
    judge(check_port(5751, taken, "game.exe (process 7)"), "fail", "by game.exe (process 7)", "--frames-bind")
    judge(check_port(5751, OSError(errno.EACCES, "not allowed"), ""), "fail", "(not allowed)", "--frames-bind")


def test_a_port_that_is_listened_on_is_found_with_its_program() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        port = listener.getsockname()[1]
        error = try_port(port)
        holder = holder_of(port)
    assert error is not None
    assert error.errno == errno.EADDRINUSE
    assert holder == "" or f"process {os.getpid()}" in holder  # some systems tell it to nobody
    assert try_port(port) is None
    assert holder_of(port) == ""


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (["/venv/bin/python", "/venv/bin/stereosync-serve", "--device", "cpu"], "stereosync-serve"),
        (["C:\\venv\\python.exe", "-m", "stereosync_runtime.serve"], "stereosync_runtime.serve"),
        (["/opt/stereosync/game"], "game"),
        ([], "game"),
    ],
)
def test_a_program_is_named_by_its_script(command: list[str], named: str) -> None:
    assert _program(SimpleNamespace(cmdline=lambda: command, name=lambda: "game")) == named
