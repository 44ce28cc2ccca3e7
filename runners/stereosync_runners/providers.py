"""ONNX Runtime's execution providers: their options, and why one does not serve, with what mends it."""

from __future__ import annotations

import warnings
from importlib import metadata, util

from stereosync.folders import kept_folder
from stereosync_runners.runner import EngineError
from stereosync_runners.onnx_runner import Provider

PACKAGES = ("onnxruntime", "onnxruntime-gpu")
INSTALL = 'pip install "stereosync[cpu]" (or "stereosync[gpu]" for CUDA)'

CPU: Provider = ("CPUExecutionProvider", {})
CUDA: Provider = ("CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"})
ENGINES = kept_folder("STEREOSYNC_ENGINES", "engines") / "onnxruntime"  # building an engine takes minutes
TENSORRT: Provider = (
    "TensorrtExecutionProvider",
    {"trt_engine_cache_enable": "1", "trt_engine_cache_path": str(ENGINES), "trt_timing_cache_enable": "1"},
)

# What stands in the way, by what ONNX Runtime or the loader says, and the cure
TROUBLES = (
    (r"driver version is insufficient", "the NVIDIA driver is older than this CUDA", "update the NVIDIA driver"),
    (r"no CUDA-capable device|CUDA_ERROR_NO_DEVICE", "there is no NVIDIA GPU that CUDA sees", "use --device cpu"),
    (r"libcuda\.so|nvcuda\.dll", "there is no NVIDIA driver", "install the NVIDIA driver, or use --device cpu"),
    (r"cudnn", "cuDNN 9 is missing or of another version", 'pip install "stereosync[gpu]"'),
    (r"libnvinfer|nvinfer", "TensorRT 10 is missing", 'pip install "stereosync[gpu,tensorrt]"'),
    (
        r"cublas|cudart|cufft|curand",
        "CUDA 13 is missing or of another version",
        'pip install "stereosync[gpu]"',
    ),
)


def installed_packages() -> tuple[str, ...]:
    """Which of the ONNX Runtime distributions are installed."""
    return tuple(name for name in PACKAGES if _is_installed(name))


def _is_installed(distribution: str) -> bool:
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def is_importable() -> bool:
    """Whether there is an ONNX Runtime at all."""
    return util.find_spec("onnxruntime") is not None


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


def check_available(provider: str) -> None:
    """Refuse a provider that the installed ONNX Runtime was built without, and make CUDA's libraries known to it.

    Raises:
        EngineError: it has no such provider.
    """
    import onnxruntime

    if provider not in onnxruntime.get_available_providers():
        raise EngineError(
            f"the installed ONNX Runtime has no {provider}: pip uninstall -y onnxruntime, "
            'then pip install "stereosync[gpu]"'
        )
    if provider != CPU[0] and hasattr(onnxruntime, "preload_dlls"):
        onnxruntime.preload_dlls()  # CUDA and cuDNN that came as Python packages are not on the loader's path
