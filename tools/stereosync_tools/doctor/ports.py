"""The ports that a service listens on."""

from __future__ import annotations

import errno
import socket
import sys
from typing import Any

from stereosync_tools.doctor.finding import Finding

HOST = "127.0.0.1"
PORTS = {5750: "--bind", 5751: "--frames-bind"}  # the defaults of the service, and what changes them


def check_port(port: int, error: OSError | None, holder: str) -> Finding:
    """`error`: what a try to listen gave; `holder`: the program that has the port, "" if that cannot be told."""
    topic = f"port {port}"
    if error is None:
        return Finding(topic, "ok", f"free on {HOST}")
    other = f"serve with {PORTS.get(port, '--bind')} tcp://{HOST}:0"
    if error.errno == errno.EADDRINUSE:
        who = f"by {holder}" if holder else "(another stereosync-serve?)"
        return Finding(topic, "fail", f"taken {who}", f"stop that program, or {other}")
    return Finding(topic, "fail", f"the system does not give it ({error.strerror or error})", other)


def look_at_ports() -> list[Finding]:
    """Check both ports of the service."""
    return [_look(port) for port in PORTS]


def _look(port: int) -> Finding:
    error = try_port(port)
    return check_port(port, error, "" if error is None else holder_of(port))


def try_port(port: int) -> OSError | None:
    """The reason why nothing can listen on a port, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        if sys.platform == "win32":  # where the other option would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # as ZeroMQ does: what a service that just ended left behind is no hindrance
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            return error
    return None


def holder_of(port: int) -> str:
    """The name of the program that listens on a port, where the system tells it to everyone."""
    import psutil

    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
            if listens and connection.pid:
                return f"{_program(psutil.Process(connection.pid))} (process {connection.pid})"
    except (psutil.Error, OSError):
        return ""
    return ""


def _program(process: Any) -> str:
    """The program's name: of an interpreter, the script or module."""
    parts = [part.replace("\\", "/").rpartition("/")[2] for part in process.cmdline()[:3]]
    return str(next((part for part in parts if "stereosync" in part), process.name()))
