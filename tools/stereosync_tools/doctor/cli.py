"""`stereosync-doctor`: the command line. What it looks at is imported when it is looked at, since it may be broken."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stereosync.errors import StereoSyncError, UserError
from stereosync.writing import check_output, json_with, write_text
from stereosync_tools.doctor import report
from stereosync_tools.doctor.finding import Finding, examined, serves

if TYPE_CHECKING:
    from stereosync_tools.doctor.gpus import Gpu

Say = Callable[[str], None]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser("stereosync-doctor", description="Say what this machine lacks, and what mends it.")
    out.add_argument("--bundle", metavar="NAME|PATH", help="the model; default: what stereosync-serve takes")
    out.add_argument("--json", type=Path, metavar="FILE", help="write the findings there, too")
    out.add_argument(
        "--tensorrt", action="store_true", help="build every graph with TensorRT, run and compare it: minutes"
    )
    watch = out.add_argument_group("a running service")
    watch.add_argument("--watch", metavar="ADDR", help="say what is odd in what arrives there, as tcp://127.0.0.1:5750")
    watch.add_argument("--session", default="", metavar="ID", help="of this session alone: the beginning of its id")
    watch.add_argument("--seconds", type=float, metavar="S", help="stop after so long; default: at Ctrl+C")
    watch.add_argument("--key", type=Path, metavar="FILE", help="this watcher's .key_secret, with server.key beside it")
    watch.add_argument("--insecure", action="store_true", help="watch beyond this machine without keys")
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at everything. Returns 0 when a service would start here, 1 when something needed is broken, 2 when the file
    cannot be written. With --watch: 0 when nothing was odd, 1 when something was, 2 when it cannot be watched."""
    given = parser().parse_args(arguments)
    if given.watch is not None:
        return _watch(given)
    if given.json is not None and not _told(
        lambda: check_output(given.json, "--json", json_with("serves", "findings"))
    ):
        return 2
    for stream in (sys.stdout, sys.stderr):  # a console that lacks a letter of a sound card's name must not end this
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    findings = examine(given.bundle, given.tensorrt, lambda text: print(text, file=sys.stderr, flush=True))
    report.show(findings)
    if given.tensorrt:
        print(*report.to_report(findings), sep="\n")
    if given.json is not None and not _told(lambda: write_text(given.json, report.as_json(findings))):
        return 2
    return 0 if serves(findings) else 1


def _told(write: Callable[[], None]) -> bool:
    """True if it went well; else one sentence says why not."""
    try:
        write()
    except UserError as error:
        print(f"stereosync-doctor: {error}", file=sys.stderr)
        return False
    return True


def _watch(given: argparse.Namespace) -> int:
    from rich.console import Console

    from stereosync_tools.doctor.watch import WatchOptions, watch
    from stereosync_tools.doctor.watch_screen import LineScreen, TerminalScreen

    options = WatchOptions(given.watch, given.session, given.seconds, given.key, given.insecure)
    console = Console()
    try:
        if not console.is_terminal:
            return 0 if watch(options, LineScreen(), time.perf_counter) else 1
        with TerminalScreen(console) as screen:
            return 0 if watch(options, screen, time.perf_counter) else 1
    except StereoSyncError as error:
        print(f"stereosync-doctor: {error}", file=sys.stderr)
        return 2


def examine(bundle: str | None, tensorrt: bool, say: Say) -> list[Finding]:
    """All findings, in the order in which they are shown."""
    found = [*_machine()]
    cards, has_gpu = _gpus()
    found += [*cards, *examined("sound card", _sound, needed=False), *examined("ports", _ports, needed=True)]
    return [*found, *examined("bundle", lambda: _bundle(bundle, has_gpu, tensorrt, say), needed=True)]


def _machine() -> list[Finding]:
    from stereosync_tools.doctor import machine, packages

    return [
        *machine.look_at_python(),
        *examined("packages", packages.look_at_packages, needed=True),
        *examined("libzmq", packages.look_at_libzmq, needed=True),
        *examined("onnxruntime", packages.look_at_runtime, needed=True),
        *examined("processor", machine.look_at_processor, needed=False),
    ]


def _gpus() -> tuple[Sequence[Finding], bool]:
    gpus: list[Gpu] = []

    def look() -> list[Finding]:
        from stereosync_tools.doctor.gpus import look_at_gpus

        findings, found = look_at_gpus()
        gpus.extend(found)
        return findings

    return examined("gpu", look, needed=False), bool(gpus)


def _sound() -> list[Finding]:
    from stereosync_tools.doctor.sound import look_at_sound

    return look_at_sound()


def _ports() -> list[Finding]:
    from stereosync_tools.doctor.ports import look_at_ports

    return look_at_ports()


def _bundle(name: str | None, has_gpu: bool, tensorrt: bool, say: Say) -> list[Finding]:
    """The bundle, and what can only be tried with one."""
    from stereosync_tools.doctor.bundle import look_at_bundle
    from stereosync_tools.doctor.providers import look_at_providers
    from stereosync_tools.doctor.selftest import look_at_playing

    findings, bundle = look_at_bundle(name)
    if bundle is None:
        return findings
    findings += examined("devices", lambda: look_at_providers(bundle, has_gpu), needed=True)
    findings += examined("self-test", lambda: look_at_playing(bundle), needed=True)
    if tensorrt:
        from stereosync_tools.doctor.tensorrt_build import look_at_tensorrt

        findings += examined("tensorrt", lambda: look_at_tensorrt(bundle, has_gpu, say), needed=True)
    return findings


if __name__ == "__main__":
    sys.exit(main())
