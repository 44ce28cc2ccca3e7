"""ONNX Runtime's execution providers: their options, and why one does not serve, with what mends it."""

from __future__ import annotations

import warnings
from importlib import metadata, util

from stereosync.folders import kept_folder
from stereosync_runners.onnx_runner import Provider
from stereosync_runners.runner import RunnerError

PACKAGES = ("onnxruntime", "onnxruntime-gpu")
INSTALL = 'pip install "stereosync[cpu]" (or "stereosync[gpu]" for CUDA)'

CPU: Provider = ("CPUExecutionProvider", {})
CUDA: Provider = ("CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"})
ENGINES = kept_folder("STEREOSYNC_ENGINES", "engines") / "onnxruntime"  # building an engine takes minutes
TENSORRT: Provider = (
    "TensorrtExecutionProvider",
    {"trt_engine_cache_enable": "1", "trt_engine_cache_path": str(ENGINES), "trt_timing_cache_enable": "1"},
)


def installed_packages() -> tuple[str, ...]:
    """The installed distributions of ONNX Runtime."""
    return tuple(name for name in PACKAGES if _is_installed(name))


def _is_installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def is_importable() -> bool:
    """True if there is an ONNX Runtime at all."""
    return util.find_spec("onnxruntime") is not None


def check_packages(installed: tuple[str, ...], importable: bool) -> None:
    """Refuse to go on without ONNX Runtime, and warn of two of them.

    Raises:
        RunnerError: none is installed.
    """
    if not importable:
        raise RunnerError(f"ONNX Runtime is not installed: {INSTALL}")
    if len(installed) > 1:
        warnings.warn(
            "onnxruntime and onnxruntime-gpu are both installed and share one folder, so either may be broken: run "
            f"pip uninstall -y {' '.join(PACKAGES)} and then pip install the one you want",
            RuntimeWarning,
            stacklevel=2,
        )


def check_available(provider: str) -> None:
    """Refuse a provider that the installed ONNX Runtime was built without, and make CUDA's libraries known to it.

    Raises:
        RunnerError: it has no such provider.
    """
    import onnxruntime

    if provider not in onnxruntime.get_available_providers():
        raise RunnerError(
            f"the installed ONNX Runtime has no {provider}: pip uninstall -y onnxruntime, "
            'then pip install "stereosync[gpu]"'
        )
    if provider != CPU[0] and hasattr(onnxruntime, "preload_dlls"):
        onnxruntime.preload_dlls()  # CUDA and cuDNN that came as Python packages are not on the loader's path
