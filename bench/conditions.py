"""The conditions of a figure: the machine, the versions, and how busy it was before."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

VERSIONS_OF = ("numpy", "onnxruntime", "onnxruntime-gpu", "tensorrt-cu13", "tensorrt-rtx", "torch", "diffusers")
LOOK_S = 0.5  # over which the load before a run is measured


def machine(**more: Any) -> dict[str, Any]:
    """The machine as it is now, the versions that are installed, and `more` beside them."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load_percent_before": psutil.cpu_percent(interval=LOOK_S),
        "system": platform.platform(),
        "python": platform.python_version(),
        **versions(),
        **more,
    }


def processor() -> str:
    """The processor's name, where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def versions() -> dict[str, str]:
    """Versions of the packages that decide a figure."""
    return {name: version for name in VERSIONS_OF if (version := _version(name)) is not None}


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def told(conditions: Mapping[str, Any]) -> str:
    """Conditions as one line a person can read."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in conditions.items())
