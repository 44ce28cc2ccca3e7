"""`python -m stereosync_runtime.build_engines BUNDLE --device rtx`: builds and keeps the TensorRT engines of a bundle.

A process of its own, so that building takes nothing from a service that makes sound meanwhile and cannot stop it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

from stereosync.bundle_spec import PRECISIONS
from stereosync.errors import StereoSyncError
from stereosync_runners.forms import RunnerRequest
from stereosync_runners.tensorrt.backend import BACKENDS, NATIVE, check_request, parse_capabilities, precision_for
from stereosync_runners.tensorrt.build import BuildOptions
from stereosync_runners.tensorrt.cache import user_cache
from stereosync_runners.tensorrt.cuda import Card, CudaRuntime
from stereosync_runners.tensorrt.messages import Progress
from stereosync_runners.tensorrt.prepare import Say, prepared_engine
from stereosync_runners.tensorrt.runners import engine_jobs
from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.options import ServeOptions

PRESENT_CARD = "native"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser("stereosync_runtime.build_engines", description="Build a bundle's TensorRT engines.")
    out.add_argument("bundle", metavar="NAME|PATH")
    out.add_argument("--device", choices=tuple(BACKENDS), required=True)
    out.add_argument("--sm", default=PRESENT_CARD, metavar="N[,N]", help="compute capabilities, as 86,120 (native)")
    out.add_argument("--precision", choices=PRECISIONS)
    out.add_argument("--sessions", type=int, default=ServeOptions().max_sessions, help="--max-sessions of the service")
    out.add_argument("--workspace-mib", type=int, default=BuildOptions().workspace_mib)
    return out


def build_all(arguments: argparse.Namespace, say: Say) -> None:
    """Build what is not kept yet: one engine for each graph and compute capability.

    Raises:
        BundleError, RunnerError: with cause and cure.
    """
    bundle, backend, cache = open_bundle(arguments.bundle), BACKENDS[arguments.device], user_cache()
    asked = parse_capabilities(arguments.sm)
    check_request(backend, asked)
    card: Card | None = CudaRuntime(backend.extra).card() if asked == NATIVE else None
    for capability in asked or (None,):
        wanted = NATIVE if capability is None else (capability,)
        served = card.capability if card is not None else wanted[0]
        precision = precision_for(backend, served, arguments.precision)
        request = RunnerRequest(arguments.device, precision=precision, sessions=arguments.sessions)
        jobs = engine_jobs(bundle, request, wanted)
        for name, job in jobs.items():
            job = replace(job, options=replace(job.options, workspace_mib=arguments.workspace_mib))
            started_s = time.perf_counter()
            engine = prepared_engine(cache, backend, job, card, say, time.perf_counter, _shower(name))
            where = "this card" if capability is None else f"SM{capability}"
            took_s = time.perf_counter() - started_s
            size_mb = len(engine) / 1e6
            say(f"graph {name} {job.precision} for {where}: {size_mb:.1f} MB, {took_s:.1f} s, in {cache.folder}")


def _shower(name: str) -> Progress:
    """Shows a build's phases on one line of the console."""

    def show(phase: str, share: float) -> None:
        if sys.stderr.isatty():
            print(f"\r{name}: {phase[:50]:50} {100 * share:3.0f} %", end="\r", file=sys.stderr, flush=True)

    return show


def main(argv: Sequence[str] | None = None) -> int:
    """Build; 0 when every engine is kept."""
    try:
        build_all(parser().parse_args(argv), lambda text: print(text, flush=True))
    except StereoSyncError as error:
        print(f"stereosync: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
