"""Which device runs the graphs, and which of its forms each graph gets. Nothing falls back in silence.

A device that is asked for by name serves or is an error. "auto" goes down a list and says why it did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stereosync.bundle import Bundle, GraphSpec
from stereosync.bundle_spec import DEVICES as BY_NAME
from stereosync_runtime.engine import Engine, EngineError, Form
from stereosync_runtime.onnx_engine import OnnxEngine, Provider
from stereosync_runtime.providers import CPU, CUDA, TENSORRT, check_available, check_packages, installed_packages
from stereosync_runtime.providers import is_importable as has_onnxruntime

# What serves first, then what takes the operators that it cannot.
PROVIDERS: dict[str, tuple[Provider, ...]] = {
    "cpu": (CPU,),
    "cuda": (CUDA, CPU),
    "ort-tensorrt": (TENSORRT, CUDA, CPU),
}
NATIVE = ("tensorrt", "rtx")  # engines of TensorRT itself, without ONNX Runtime
AUTO = ("cuda", "cpu")  # TensorRT builds engines for minutes at its first start, so it must be asked for by name
DEVICES = ("auto", *BY_NAME)
TOGETHER = {"cpu": 4}  # streams worth making at once: on the CPU more only wait for each other
MOST_TOGETHER = 64  # on devices

Say = Callable[[str], None]


def form_for(spec: GraphSpec, device: str, precision: str | None) -> Form:
    """The form of a graph that a device runs, by default or in a precision; the plain one where there is no such."""
    forms = [variant for variant in spec.variants if device in variant.devices]
    if precision is None:
        return forms[0] if forms else spec
    return next((form for form in forms if form.precision == precision), spec)


def check_precision(bundle: Bundle, device: str, precision: str | None) -> None:
    """Refuse a precision that no graph of the bundle has for the device.

    Raises:
        EngineError: the message says what there is.
    """
    if precision is None:
        return
    forms = {form_for(spec, device, known).precision for spec in bundle.graphs.values() for known in _precisions(spec)}
    if precision not in forms:
        raise EngineError(
            f"bundle {bundle.name} has no graph in {precision} for {device}, only {', '.join(sorted(forms))}: "
            f"export it again with --precision {precision}"
        )


def _precisions(spec: GraphSpec) -> set[str]:
    return {spec.precision, *(variant.precision for variant in spec.variants)}


def load_engines(
    bundle: Bundle,
    device: str = "auto",
    threads: int = 1,
    say: Say = print,
    precision: str | None = None,
    sessions: int = 1,
) -> Mapping[str, Engine]:
    """An engine for every graph of `bundle`, all on one device. `say` is told what each graph got.

    Args:
        precision: of the graphs that have it; None: what the bundle prefers for the device.
        sessions: how many streams a device must keep the states of.

    Raises:
        EngineError: the device does not serve, a graph disagrees with the manifest, or ONNX Runtime is missing.
    """
    if device not in DEVICES:
        raise EngineError(f"device must be one of {', '.join(DEVICES)}, got {device!r}")
    check_packages(installed_packages(), has_onnxruntime())
    if device != "auto":
        return _load(bundle, device, threads, say, precision, sessions)
    say(f"device auto: tried in the order {', '.join(AUTO)}")
    for candidate in AUTO[:-1]:
        try:
            return _load(bundle, candidate, threads, say, precision, sessions)
        except EngineError as error:
            say(f"device auto: {candidate} does not serve ({error})")
    return _load(bundle, AUTO[-1], threads, say, precision, sessions)


def device_of(engine: Engine) -> str:
    """The device that an engine really runs on."""
    return str(getattr(engine, "device", "cpu"))


def streams_together(device: str, sessions: int) -> int:
    """How many streams are made at once on a device that serves so many sessions."""
    return min(TOGETHER.get(device, MOST_TOGETHER), sessions)


def _load(
    bundle: Bundle, device: str, threads: int, say: Say, precision: str | None, sessions: int
) -> dict[str, Engine]:
    check_precision(bundle, device, precision)
    if device in NATIVE:
        from stereosync_runtime.tensorrt.engines import tensorrt_engines

        return tensorrt_engines(bundle, device, say, precision, sessions)
    check_available(PROVIDERS[device][0][0])
    engines: dict[str, Engine] = {}
    for name, spec in bundle.graphs.items():
        form = form_for(spec, device, precision)
        engines[name] = _engine(bundle, spec, form, device, threads, sessions)
        say(f"graph {name}: {PROVIDERS[device][0][0]} {form.precision}, opset {form.opset}{_how(device, threads)}")
    return engines


def _how(device: str, threads: int) -> str:
    return f", {threads} thread{'s' if threads > 1 else ''}" if device == "cpu" else ""


def _engine(bundle: Bundle, spec: GraphSpec, form: Form, device: str, threads: int, sessions: int) -> Engine:
    if device == "cpu" or not spec.batched:
        return OnnxEngine(bundle.folder, spec, PROVIDERS[device], threads, form)
    from stereosync_runtime.device_engine import DeviceEngine

    return DeviceEngine(
        bundle.folder, spec, form, PROVIDERS[device], sessions, streams_together(device, sessions), device == "cuda"
    )
