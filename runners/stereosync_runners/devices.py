"""The device that runs the graphs, and the form that each graph gets. Nothing falls back in silence.

A device that is asked for by name serves or is an error. "auto" goes down a list and says why it did.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from stereosync.bundle import Bundle, GraphSpec
from stereosync.bundle_spec import DEVICES as BY_NAME
from stereosync_runners.onnx_runner import OnnxRunner, Provider
from stereosync_runners.providers import CPU, CUDA, TENSORRT, check_available, check_packages, installed_packages
from stereosync_runners.providers import is_importable as has_onnxruntime
from stereosync_runners.runner import Form, Runner, RunnerError
from stereosync_runners.trial import diagnosis, smallest_graph, try_provider

# What serves first, then what takes the operators that it cannot.
PROVIDERS: dict[str, tuple[Provider, ...]] = {
    "cpu": (CPU,),
    "cuda": (CUDA, CPU),
    "ort-tensorrt": (TENSORRT, CUDA, CPU),
}
NATIVE = ("tensorrt", "rtx")  # runners of TensorRT itself, without ONNX Runtime
AUTO = ("cuda", "cpu")  # TensorRT builds engines for minutes at its first start, so it must be asked for by name
DEVICES = ("auto", *BY_NAME)
TOGETHER = {"cpu": 4}  # streams worth making at once: on the CPU more only wait for each other
MOST_TOGETHER = 64  # on devices

Say = Callable[[str], None]


def form_for(spec: GraphSpec, device: str, precision: str | None) -> Form:
    """The form of a graph that a device runs, by default or in a precision; the plain one where there is no such."""
    forms = [form for form in spec.variants if device in form.devices]
    if precision is None:
        return forms[0] if forms else spec
    return next((form for form in forms if form.precision == precision), spec)


def check_precision(bundle: Bundle, device: str, precision: str | None) -> None:
    """Refuse a precision that no graph of the bundle has for the device.

    Raises:
        RunnerError: the message says what there is.
    """
    if precision is None:
        return
    forms = {form_for(spec, device, known).precision for spec in bundle.graphs.values() for known in _precisions(spec)}
    if precision not in forms:
        every_form = [form for spec in bundle.graphs.values() for form in spec.variants]
        others = sorted({name for form in every_form if form.precision == precision for name in form.devices})
        cure = f"it is there for {', '.join(others)}" if others else f"export it again with --precision {precision}"
        raise RunnerError(
            f"bundle {bundle.name} has no graph in {precision} for {device}, only {', '.join(sorted(forms))}: {cure}"
        )


def _precisions(spec: GraphSpec) -> set[str]:
    return {spec.precision, *(form.precision for form in spec.variants)}


@dataclass(frozen=True)
class Wanted:
    """A request for runners. `precision` of the graphs that have it; None: what the bundle prefers for the device.
    `sessions`: how many streams a device must keep the states of. `cuda_graphs`: replay each run as one launch."""

    device: str
    threads: int = 1
    precision: str | None = None
    sessions: int = 1
    cuda_graphs: bool = True


def load_runners(
    bundle: Bundle,
    device: str = "auto",
    threads: int = 1,
    say: Say = print,
    precision: str | None = None,
    sessions: int = 1,
    cuda_graphs: bool = True,
) -> Mapping[str, Runner]:
    """A runner for every graph of `bundle`, all on one device, as `Wanted` says. `say` is told what each graph got.

    Raises:
        RunnerError: the device does not serve, a graph disagrees with the manifest, or ONNX Runtime is missing.
    """
    if device not in DEVICES:
        raise RunnerError(f"device must be one of {', '.join(DEVICES)}, got {device!r}")
    check_packages(installed_packages(), has_onnxruntime())
    wanted = Wanted(device, threads, precision, sessions, cuda_graphs)
    if device != "auto":
        return _load(bundle, wanted, say)
    say(f"device auto: tried in the order {', '.join(AUTO)}")
    for candidate in AUTO[:-1]:
        try:
            return _load(bundle, replace(wanted, device=candidate), say)
        except RunnerError as error:
            say(f"device auto: {candidate} does not serve ({error})")
    return _load(bundle, replace(wanted, device=AUTO[-1]), say)


def check_serves(bundle: Bundle, provider: str) -> None:
    """Refuse a provider that does not really run a graph: ONNX Runtime would fall back and only print why.

    Raises:
        RunnerError: with the cause that the doctor finds, and the cure.
    """
    trial = try_provider(bundle.folder, smallest_graph(bundle), (provider, {}))
    if trial.serves != provider:
        cause, cure = diagnosis(trial.said, has_gpu=shutil.which("nvidia-smi") is not None)
        raise RunnerError(f"{provider} does not serve: {cause}: {cure}")


def device_of(runner: Runner) -> str:
    """The device that a runner really runs on."""
    return str(getattr(runner, "device", "cpu"))


def streams_together(device: str, sessions: int) -> int:
    """The number of streams made at once on a device that serves so many sessions."""
    return min(TOGETHER.get(device, MOST_TOGETHER), sessions)


def _load(bundle: Bundle, wanted: Wanted, say: Say) -> Mapping[str, Runner]:
    check_precision(bundle, wanted.device, wanted.precision)
    if wanted.device in NATIVE:
        from stereosync_runners.tensorrt.runners import tensorrt_runners

        return tensorrt_runners(bundle, wanted.device, say, wanted.precision, wanted.sessions)
    provider = PROVIDERS[wanted.device][0][0]
    check_available(provider)
    if wanted.device != "cpu":
        check_serves(bundle, provider)
    runners: dict[str, Runner] = {}
    for name, spec in bundle.graphs.items():
        form = form_for(spec, wanted.device, wanted.precision)
        runners[name], how = _runner(bundle, spec, form, wanted)
        say(f"graph {name}: {provider} {form.precision}, opset {form.opset}, {how}")
    return runners


def _runner(bundle: Bundle, spec: GraphSpec, form: Form, wanted: Wanted) -> tuple[Runner, str]:
    """A runner, and how it runs."""
    providers = PROVIDERS[wanted.device]
    if wanted.device == "cpu" or not spec.batched:
        how = f"{wanted.threads} thread{'s' if wanted.threads > 1 else ''}"
        return OnnxRunner(bundle.folder, spec, providers, wanted.threads, form), how
    from stereosync_runners.device_runner import DeviceRunner

    together = streams_together(wanted.device, wanted.sessions)
    if wanted.device == "cuda" and wanted.cuda_graphs:
        try:
            return DeviceRunner(bundle.folder, spec, form, providers, wanted.sessions, together, True), "CUDA graphs"
        except RunnerError as error:
            how = f"without CUDA graphs, which is slower ({error})"
    else:
        how = "without CUDA graphs"
    return DeviceRunner(bundle.folder, spec, form, providers, wanted.sessions, together), how
