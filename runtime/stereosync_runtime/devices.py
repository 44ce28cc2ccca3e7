"""Which device runs the graphs: the installed ONNX Runtime, its providers, and what is said when one does not serve."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from stereosync.bundle import Bundle
from stereosync_runtime.engine import EngineError, OnnxEngine

Provider = tuple[str, dict[str, str]]

CPU: Provider = ("CPUExecutionProvider", {})
CUDA: Provider = ("CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"})
ENGINE_CACHE = Path.home() / ".cache" / "stereosync" / "tensorrt"  # building an engine takes minutes
TENSORRT: Provider = (
    "TensorrtExecutionProvider",
    {"trt_engine_cache_enable": "1", "trt_engine_cache_path": str(ENGINE_CACHE)},
)

# What serves first, then what takes the operators that it cannot.
PROVIDERS: dict[str, tuple[Provider, ...]] = {"cpu": (CPU,), "cuda": (CUDA, CPU), "tensorrt": (TENSORRT, CUDA, CPU)}
AUTO = ("cuda", "cpu")  # TensorRT builds engines for minutes at its first start, so it must be asked for by name
DEVICES = ("auto", *PROVIDERS)
PACKAGES = ("onnxruntime", "onnxruntime-gpu")
INSTALL = 'pip install "stereosync[cpu]" (or "stereosync[gpu]" for CUDA)'


def installed_packages() -> tuple[str, ...]:
    """Which of the ONNX Runtime distributions are installed."""
    return tuple(name for name in PACKAGES if _is_installed(name))


def _is_installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def check_packages(installed: tuple[str, ...], importable: bool) -> None:
    """Refuse to go on without ONNX Runtime, and warn of two of them.

    Raises:
        EngineError: none is installed.
    """
    if not importable:
        raise EngineError(f"ONNX Runtime is not installed: {INSTALL}")
    if len(installed) > 1:
        warnings.warn(
            "onnxruntime and onnxruntime-gpu are both installed and share one folder, so either may be broken: run "
            f"pip uninstall -y {' '.join(PACKAGES)} and then pip install the one you want",
            RuntimeWarning,
            stacklevel=2,
        )


def load_engines(
    bundle: Bundle, device: str = "auto", threads: int = 1, say: Callable[[str], None] = print
) -> dict[str, OnnxEngine]:
    """An engine for every graph of `bundle`, all on one device. `say` is told what each graph got.

    Raises:
        EngineError: the device does not serve, a graph disagrees with the manifest, or ONNX Runtime is missing.
    """
    if device not in DEVICES:
        raise EngineError(f"device must be one of {', '.join(DEVICES)}, got {device!r}")
    check_packages(installed_packages(), importlib.util.find_spec("onnxruntime") is not None)
    if device != "auto":
        return _load(bundle, device, threads, say)
    say(f"device auto: tried in the order {', '.join(AUTO)}")
    for candidate in AUTO[:-1]:
        try:
            return _load(bundle, candidate, threads, say)
        except EngineError as error:
            say(f"device auto: {candidate} does not serve ({error})")
    return _load(bundle, AUTO[-1], threads, say)


def device_of(engine: OnnxEngine) -> str:
    """The device that an engine really runs on."""
    return next(name for name, providers in PROVIDERS.items() if providers[0][0] == engine.provider)


def _load(bundle: Bundle, device: str, threads: int, say: Callable[[str], None]) -> dict[str, OnnxEngine]:
    _check_available(device)
    engines: dict[str, OnnxEngine] = {}
    for name, spec in bundle.graphs.items():
        engine = OnnxEngine(bundle.folder / spec.file, spec, PROVIDERS[device], threads)
        say(f"graph {name}: {engine.provider} {spec.precision}, {threads} thread{'s' if threads > 1 else ''}")
        engines[name] = engine
    return engines


def _check_available(device: str) -> None:
    import onnxruntime

    provider = PROVIDERS[device][0][0]
    if provider not in onnxruntime.get_available_providers():
        raise EngineError(f"the installed ONNX Runtime has no {provider}: install it with pip install stereosync[gpu]")
    if device != "cpu" and hasattr(onnxruntime, "preload_dlls"):
        onnxruntime.preload_dlls()  # CUDA and cuDNN that came as Python packages are not on the loader's path
