"""`stereosync-serve`: the live service from the command line."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from stereosync.bundle_spec import PRECISIONS
from stereosync.commands import run
from stereosync.errors import StereoSyncError, file_troubles
from stereosync.writing import check_output
from stereosync_bridge.keys import SERVER_NAME, readable_by_others
from stereosync_bridge.opencv import opencv
from stereosync_bridge.security import AddressError, ServerCurve, is_loopback
from stereosync_bridge.server import BridgeServer, ServerOptions
from stereosync_runners.devices import DEVICES
from stereosync_runtime.bundles import packaged_names
from stereosync_runtime.metrics import MetricsEndpoint
from stereosync_runtime.options import ServeOptions
from stereosync_runtime.reporting import Reporter, check_stats
from stereosync_runtime.service import Service
from stereosync_runtime.service_parts import make_shared
from stereosync_runtime.telemetry import Telemetry, resident_mib

Say = Callable[[str], None]
SECRET_KEY = f"{SERVER_NAME}.key_secret"


def say_on_stderr(text: str) -> None:
    """One line for the person at the console; stdout is kept for the ready line."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def open_service(
    options: ServeOptions, clock: Callable[[], float] = time.perf_counter, say: Say = say_on_stderr
) -> Iterator[Service]:
    """A service with warm runners and bound sockets; call its `run` in one thread.

    Raises:
        MissingLibraryError, BundleError, RunnerError, SecurityError, AddressError, OSError: with cause and cure.
    """
    opencv()
    _check_files(options, say)
    check_lanes(options, say)
    with ExitStack() as stack:
        shared, upgrade = make_shared(options, clock, say)
        reporter = Reporter(shared.telemetry, options.stats, say)
        if options.metrics_port is not None:
            endpoint = _metrics(shared.telemetry, options.metrics_port)
            stack.callback(endpoint.close)
            say(f"metrics at http://127.0.0.1:{endpoint.port}/metrics")
        # Engines that are still to come take memory that no client is to blame for.
        measured_mib = resident_mib if upgrade is None else None
        server = stack.enter_context(BridgeServer(_server_options(options), clock, measured_mib))
        service = Service(server, shared, options.seed, reporter.tick)
        if upgrade is not None:
            stack.callback(upgrade.stop)
            upgrade.start(service.worker.offer)
        yield service


def _check_files(options: ServeOptions, say: Say) -> None:
    """Checks of files that would otherwise come too late: after the warm-up, or never."""
    if options.stats is not None:
        check_stats(options.stats)
    if options.record is not None:
        check_output(options.record, "--record")
    if options.keys is not None and readable_by_others(options.keys / SECRET_KEY):
        say(f"{options.keys / SECRET_KEY} can be read by other users of this machine: chmod 600 it")


def check_lanes(options: ServeOptions, say: Say) -> None:
    """A client of another machine that reaches one lane alone is connected and hears nothing."""
    here = {"--bind": is_loopback(options.bind), "--frames-bind": is_loopback(options.frames_bind)}
    if len(set(here.values())) == 1:
        return
    near, far = sorted(here, key=here.__getitem__, reverse=True)
    say(
        f"{near} is reachable from this machine alone and {far} from others too, which would connect and hear nothing: "
        "give both the same host"
    )


def _server_options(options: ServeOptions) -> ServerOptions:
    curve = None if options.keys is None else ServerCurve(options.keys / SECRET_KEY, options.keys / "clients")
    return ServerOptions(
        control_address=_any_port(options.bind),
        frames_address=_any_port(options.frames_bind),
        insecure=options.insecure,
        curve=curve,
        max_sessions=options.max_sessions,
        tape_path=options.record,
        largest_tape_mb=options.record_max_mb,
    )


def _any_port(address: str) -> str:
    return f"{address[:-2]}:*" if address.endswith(":0") else address


def _metrics(telemetry: Telemetry, port: int) -> MetricsEndpoint:
    try:
        return MetricsEndpoint(telemetry, port)
    except OSError as error:
        raise AddressError(f"--metrics-port {port} cannot be used ({error}): choose another, or 0 for any") from error


def parser() -> argparse.ArgumentParser:
    """The command line."""
    defaults = ServeOptions()
    names = ", ".join(packaged_names()) or "none packaged"
    out = argparse.ArgumentParser("stereosync-serve", description="Make stereo sound for the frames of a game, live.")
    out.add_argument("--bundle", default=defaults.bundle, metavar="NAME|PATH", help=f"the model: {names}, or a folder")
    out.add_argument("--bind", default=defaults.bind, metavar="ADDR", help="control and audio; port 0: any free one")
    out.add_argument("--frames-bind", default=defaults.frames_bind, metavar="ADDR", help="frames")
    out.add_argument("--device", default=defaults.device, choices=DEVICES)
    out.add_argument("--precision", choices=PRECISIONS, help="of the graphs that have it; default: the bundle's choice")
    out.add_argument("--steps", type=int, default=defaults.steps, help="sampler steps when there is time")
    out.add_argument("--threads", type=int, default=defaults.threads, help="compute threads; one is best beside a game")
    chunk_help = "20, 40, 60, 80 or 100: shorter ones are heard sooner and cost a little more"
    out.add_argument("--chunk-ms", type=int, default=defaults.chunk_ms, help=chunk_help)
    out.add_argument(
        "--lead-ms", type=_lead_ms, metavar="N|auto", help="time from making to hearing; auto: as reported"
    )
    out.add_argument("--seed", type=int, help="of every stream; default: another for each session")
    out.add_argument("--metrics-port", type=int, metavar="N", help="Prometheus endpoint on this machine")
    out.add_argument("--record", type=Path, metavar="FILE.tape", help="record the first session that joins as a tape")
    most_mb = defaults.record_max_mb
    out.add_argument(
        "--record-max-mb",
        type=float,
        default=most_mb,
        metavar="MB",
        help=f"its largest size; default: {most_mb:.0f}",
    )
    out.add_argument("--stats", type=Path, metavar="FILE.json", help="write the live report there every second")
    out.add_argument("--insecure", action="store_true", help="let anyone on the network of --bind listen and send")
    out.add_argument("--keys", type=Path, metavar="DIR", help="the server's keys, made by stereosync-keys")
    out.add_argument("--seconds", type=float, metavar="S", help="stop after so long")
    out.add_argument("--max-sessions", type=int, default=defaults.max_sessions, metavar="N")
    return out


def _lead_ms(text: str) -> float | None:
    return None if text == "auto" else float(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; returns the exit code."""
    stop = threading.Event()
    for name in ("SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        options = ServeOptions(**vars(parser().parse_args(arguments)))
        with file_troubles(), open_service(options) as service:
            addresses = f"control={service.control_address} frames={service.frames_address}"
            print(f"ready {addresses} bundle={service.bundle}", flush=True)
            service.run(stop, options.seconds)
    except KeyboardInterrupt:
        return 0
    except StereoSyncError as error:
        say_on_stderr(f"stereosync-serve: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(run("stereosync-serve"))
