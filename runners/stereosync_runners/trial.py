"""A trial of an execution provider: what ONNX Runtime calls available is not believed, it must run a graph; and why one
does not, by what is printed and raised, with what mends it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stereosync.bundle import Bundle, GraphSpec
from stereosync_runners.captured_output import captured_output, first_line
from stereosync_runners.onnx_runner import Provider, open_session
from stereosync_runners.providers import CPU
from stereosync_runners.runner import zeros

INSTALL_GPU = 'pip uninstall -y onnxruntime, then pip install "stereosync[gpu]"'
UPDATE = 'pip install --upgrade "stereosync[gpu]", or use --device cpu'
WHOLE = {"session.disable_cpu_ep_fallback": "1"}
REINSTALL_DRIVER = "install the NVIDIA driver (https://www.nvidia.com/drivers), or use --device cpu"

# The library that the loader misses: Linux, Windows, and CUDA's own loader
MISSING = (
    r"([\w.+-]+\.so[.\d]*): cannot open shared object",
    r'"([^"]+\.dll)" which is missing',
    r"(?:Could not load library|Unable to load library) ['\"]?([\w.+-]+)",
)
OTHER_TROUBLES = (
    (r"version `(?!GLIBC)|undefined symbol|VERSION_MISMATCH", "CUDA's libraries are of another version", INSTALL_GPU),
    (r"no kernel image", "this ONNX Runtime has no code for this GPU", UPDATE),
    (r"out of memory", "the GPU's memory is full", "close programs that use the GPU"),
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


Open = Callable[..., Any]


@dataclass(frozen=True)
class Trial:
    """The outcome of a session that asked for a provider: the one that `serves`, "" for none; whether the `whole` graph
    runs on it; and what was printed and raised."""

    serves: str
    whole: bool
    said: str


def diagnosis(said: str, has_gpu: bool) -> tuple[str, str]:
    """Cause and cure of a provider that does not serve, by what ONNX Runtime or the loader says.

    Its messages always name cuDNN and CUDA in general advice, so the library that is really missing goes first.
    """
    library = missing_library(said)
    if library is None and not has_gpu and "driver version is insufficient" in said:
        return "there is no NVIDIA driver", REINSTALL_DRIVER  # CUDA calls that an old one
    errors = library or "\n".join(line for line in said.splitlines() if "Please install" not in line)
    for pattern, cause, cure in (*OTHER_TROUBLES, *TROUBLES):
        if re.search(pattern, errors, re.IGNORECASE):
            return f"{cause} ({library})" if library else cause, cure
    return f"{library} is missing" if library else first_line(errors), INSTALL_GPU


def missing_library(said: str) -> str | None:
    """The shared library that the loader did not find."""
    found = (re.search(pattern, said) for pattern in MISSING)
    return next((match.group(1) for match in found if match), None)


def smallest_graph(bundle: Bundle) -> GraphSpec:
    """The graph with the smallest file."""
    return min(bundle.graphs.values(), key=lambda spec: (bundle.folder / spec.file).stat().st_size)


def try_provider(folder: Path, spec: GraphSpec, provider: Provider, opened: Open = open_session) -> Trial:
    """Open a graph on a provider, with the processor behind it, and run it once."""
    providers = [provider] if provider == CPU else [provider, CPU]
    serves, raised = "", ""
    with captured_output() as heard:
        try:
            serves = _run(opened(folder / spec.file, providers, batch=1), spec)
        except Exception as error:
            raised = f"{error}\n{error.__cause__ or ''}"
    whole = serves == provider[0] and _runs_whole(folder / spec.file, provider, opened)
    return Trial(serves, whole, f"{heard.text}\n{raised}")


def _run(session: Any, spec: GraphSpec) -> str:
    """Run once on zeros; the first provider of the session."""
    session.run(None, {tensor.name: zeros(tensor) for tensor in spec.inputs})
    return str(session.get_providers()[0])


def _runs_whole(path: Path, provider: Provider, opened: Open) -> bool:
    if provider == CPU:
        return True
    with captured_output():
        try:
            opened(path, [provider], batch=1, config=WHOLE)
        except Exception:  # how ONNX Runtime says no
            return False
    return True
