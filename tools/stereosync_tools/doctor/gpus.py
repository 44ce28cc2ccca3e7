"""NVIDIA GPUs, as the driver's own tool tells of them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

from stereosync_runners.captured_output import first_line
from stereosync_runners.tensorrt.backend import BACKENDS
from stereosync_tools.doctor.finding import Finding

TOOL = "nvidia-smi"
ASKED = ("name", "memory.total", "driver_version", "compute_cap")
PATIENCE_S = 20  # a card that fell asleep takes a while
DRIVER = "install the NVIDIA driver (https://www.nvidia.com/drivers), or use --device cpu"


@dataclass(frozen=True)
class Said:
    """The tool's answer: its exit code and its text."""

    code: int
    text: str


@dataclass(frozen=True)
class Gpu:
    """A GPU. `capability`: compute capability as 86 for 8.6; memory None: shared with the processor."""

    name: str
    memory_mib: int | None
    driver: str
    capability: int


def parse(text: str) -> tuple[Gpu, ...]:
    """Lines of `nvidia-smi --query-gpu --format=csv,noheader,nounits`.

    Raises:
        ValueError: a line is not of that form.
    """
    return tuple(_gpu(line) for line in text.splitlines() if line.strip())


def _gpu(line: str) -> Gpu:
    name, memory, driver, capability = (part.strip() for part in line.rsplit(",", 3))
    major, minor = capability.split(".")
    return Gpu(name, int(memory) if memory.isdecimal() else None, driver, int(major) * 10 + int(minor))


def check_gpus(said: Said | None, rtx: tuple[int, ...]) -> tuple[list[Finding], tuple[Gpu, ...]]:
    """Rows and cards. `said` None: there is no such tool; `rtx`: the capabilities that TensorRT for RTX serves."""
    if said is None:
        text = f"no NVIDIA driver ({TOOL} is not on PATH); the processor serves"
        return [Finding("gpu", "absent", text, f"if there is an NVIDIA GPU: {DRIVER}")], ()
    if said.code != 0:
        text = f"{TOOL} fails ({first_line(said.text)})"
        return [Finding("gpu", "warn", text, f"update or {DRIVER}")], ()
    try:
        gpus = parse(said.text)
    except ValueError:
        text = f"{TOOL} says what cannot be read ({first_line(said.text)})"
        return [Finding("gpu", "warn", text, f"update or {DRIVER}")], ()
    if not gpus:
        return [Finding("gpu", "absent", f"{TOOL} sees no GPU", "if there is one, look whether it is switched on")], ()
    return [Finding(_topic(index), "ok", _text(gpu, rtx)) for index, gpu in enumerate(gpus)], gpus


def _topic(index: int) -> str:
    return "gpu" if index == 0 else f"gpu {index}"


def _text(gpu: Gpu, rtx: tuple[int, ...]) -> str:
    memory = "shared memory" if gpu.memory_mib is None else f"{gpu.memory_mib / 1024:.0f} GiB"
    served = "serves it" if gpu.capability in rtx else "does not serve it"
    capability = f"{gpu.capability // 10}.{gpu.capability % 10}"
    return (
        f"{gpu.name}, {memory}, driver {gpu.driver}, compute capability {capability}; TensorRT for RTX {served} "
        f"(--device rtx)"
    )


def look_at_gpus() -> tuple[list[Finding], tuple[Gpu, ...]]:
    """Rows and cards of this machine."""
    return check_gpus(ask(), BACKENDS["rtx"].capabilities)


def ask() -> Said | None:
    """Run the tool; None where it is not installed."""
    path = shutil.which(TOOL)
    if path is None:
        return None
    command = [path, f"--query-gpu={','.join(ASKED)}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Said(-1, str(error))
    return Said(done.returncode, done.stdout or done.stderr)
