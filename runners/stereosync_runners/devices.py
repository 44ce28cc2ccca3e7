"""The device that runs the graphs, and the form that each graph gets. Nothing falls back in silence.

A device that is asked for by name serves or is an error. "auto" goes down a list and says why it did.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace

from stereosync.bundle import Bundle, GraphSpec
from stereosync.bundle_spec import DEVICES as BY_NAME
from stereosync_runners.device_runner import DeviceRunner
from stereosync_runners.forms import RunnerRequest, check_precision, form_for, streams_together
from stereosync_runners.onnx_runner import OnnxRunner, Provider
from stereosync_runners.providers import CPU, CUDA, TENSORRT, check_available, check_packages, installed_packages
from stereosync_runners.providers import is_importable as has_onnxruntime
from stereosync_runners.runner import Form, Runner, RunnerError
from stereosync_runners.tensorrt.runners import tensorrt_runners
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

ANY_DEVICE = RunnerRequest()

Say = Callable[[str], None]


def load_runners(bundle: Bundle, request: RunnerRequest = ANY_DEVICE, say: Say = print) -> Mapping[str, Runner]:
    """A runner for every graph of `bundle`, all on one device. `say` is told what each graph got.

    Raises:
        RunnerError: the device does not serve, a graph disagrees with the manifest, or ONNX Runtime is missing.
    """
    if request.device not in DEVICES:
        raise RunnerError(f"device must be one of {', '.join(DEVICES)}, got {request.device!r}")
    check_packages(installed_packages(), has_onnxruntime())
    if request.device != "auto":
        return _load(bundle, request, say)
    say(f"device auto: tried in the order {', '.join(AUTO)}")
    for candidate in AUTO[:-1]:
        try:
            return _load(bundle, replace(request, device=candidate), say)
        except RunnerError as error:
            say(f"device auto: {candidate} does not serve ({error})")
    return _load(bundle, replace(request, device=AUTO[-1]), say)


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


def _load(bundle: Bundle, request: RunnerRequest, say: Say) -> Mapping[str, Runner]:
    check_precision(bundle, request.device, request.precision)
    if request.device in NATIVE:
        return tensorrt_runners(bundle, request, say)
    provider = PROVIDERS[request.device][0][0]
    check_available(provider)
    if request.device != "cpu":
        check_serves(bundle, provider)
    runners: dict[str, Runner] = {}
    for name, spec in bundle.graphs.items():
        form = form_for(spec, request.device, request.precision)
        runners[name], how = _runner(bundle, spec, form, request)
        say(f"graph {name}: {provider} {form.precision}, opset {form.opset}, {how}")
    return runners


def _runner(bundle: Bundle, spec: GraphSpec, form: Form, request: RunnerRequest) -> tuple[Runner, str]:
    """A runner, and how it runs."""
    providers = PROVIDERS[request.device]
    if request.device == "cpu" or not spec.batched:
        how = f"{request.threads} thread{'s' if request.threads > 1 else ''}"
        return OnnxRunner(bundle.folder, spec, providers, request.threads, form), how
    together = streams_together(request.device, request.sessions)
    if request.device == "cuda" and request.cuda_graphs:
        try:
            return DeviceRunner(bundle.folder, spec, form, providers, request.sessions, together, True), "CUDA graphs"
        except RunnerError as error:
            how = f"without CUDA graphs, which is slower ({error})"
    else:
        how = "without CUDA graphs"
    return DeviceRunner(bundle.folder, spec, form, providers, request.sessions, together), how
