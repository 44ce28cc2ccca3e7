"""TensorRT on the user's card: build every graph, run it, compare it with ONNX Runtime on the processor.

Whoever makes TensorRT cannot be asked on a machine without a card. Then this says what was done and what was not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stereosync.bundle import Bundle
from stereosync.bundle_spec import PARITY_LIMITS
from stereosync_runners.forms import form_for
from stereosync_runners.runner import Runner, RunnerError
from stereosync_tools.doctor.finding import REPORT, Finding
from stereosync_tools.doctor.replay import Run, Strayed, replay

Say = Callable[[str], None]
EXTRAS = {"tensorrt": "tensorrt", "rtx": "rtx"}  # by device: what installs its library
ON_A_CARD = "run stereosync-doctor --tensorrt on a machine with an NVIDIA GPU and its driver"


@dataclass(frozen=True)
class BuiltGraph:
    """A runner that was built: seconds that it took, and bytes."""

    name: str
    seconds: float
    size_bytes: int


@dataclass(frozen=True)
class TensorRTAccess:
    """The two ways to runners. `runners`: (bundle, device, say) to runners that run, built where they must be; `ahead`:
    the same to runners that are only built, for cards that are not here, or None where a library cannot.

    Both raise RunnerError.
    """

    runners: Callable[[Bundle, str, Say], Mapping[str, Runner]]
    ahead: Callable[[Bundle, str, Say], Sequence[BuiltGraph]] | None = None


def check_tensorrt(
    bundle: Bundle,
    device: str,
    access: TensorRTAccess,
    runs: Mapping[str, Sequence[Run]],
    has_gpu: bool,
    clock: Callable[[], float],
    say: Say,
) -> list[Finding]:
    """Rows of one library. `runs` by graph, as recorded on the processor."""
    try:
        runners = access.runners(bundle, device, say)
    except RunnerError as error:
        if has_gpu:
            return [Finding(f"{device} build", "fail", str(error), f"mend that; if you cannot, {REPORT}")]
        return [_check_ahead(bundle, device, access, say), _not_run(device, error)]
    return [_check_graph(bundle, device, name, runners[name], runs[name], clock) for name in bundle.graphs]


def _check_ahead(bundle: Bundle, device: str, access: TensorRTAccess, say: Say) -> Finding:
    topic = f"{device} build"
    if access.ahead is None:
        return Finding(topic, "fail", "built: no, this library builds only where its card is", ON_A_CARD)
    try:
        built = access.ahead(bundle, device, say)
    except RunnerError as error:
        return Finding(topic, "fail", f"built: no ({error})", f"mend that; if you cannot, {REPORT}")
    graphs = ", ".join(f"{graph.name} {graph.seconds:.1f} s {graph.size_bytes / 2**20:.1f} MiB" for graph in built)
    return Finding(topic, "ok", f"built: yes, for cards that are not here: {graphs}")


def _not_run(device: str, error: RunnerError) -> Finding:
    return Finding(f"{device} run", "fail", f"run: no, there is no NVIDIA GPU here ({error})", ON_A_CARD)


def _check_graph(
    bundle: Bundle, device: str, name: str, runner: Runner, runs: Sequence[Run], clock: Callable[[], float]
) -> Finding:
    topic = f"{device} {name}"
    precision = str(getattr(runner, "precision", form_for(bundle.graphs[name], device, None).precision))
    try:
        strayed = replay(runner, runs, bool(bundle.graphs[name].states), clock)
    except RunnerError as error:
        return Finding(topic, "fail", f"built, and does not run: {error}", f"use --device cuda or cpu, and {REPORT}")
    text = _in_words(strayed, precision, len(runs))
    if not strayed.relative <= PARITY_LIMITS[precision].graph:
        return Finding(topic, "fail", f"{text}: it strays too far", f"use --device cuda or cpu, and {REPORT}")
    return Finding(topic, "ok", text)


def _in_words(strayed: Strayed, precision: str, runs: int) -> str:
    return (
        f"{precision}, {runs} runs: largest difference {strayed.largest:.1e}, relative {strayed.relative:.1e} of "
        f"{PARITY_LIMITS[precision].graph:.0e} allowed, p50 {strayed.p50_ms:.2f} ms"
    )


def check_installed(installed: Sequence[str]) -> list[Finding]:
    """A row when neither library is there."""
    if installed:
        return []
    extras = " or ".join(f'pip install "stereosync[{extra}]"' for extra in EXTRAS.values())
    return [Finding("tensorrt build", "fail", "built: no, neither tensorrt nor tensorrt_rtx is installed", extras)]
