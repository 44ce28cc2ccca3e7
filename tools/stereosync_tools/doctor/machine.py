"""Python, the system and the processor."""

from __future__ import annotations

import platform
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata

from stereosync_runners.captured_output import captured_output
from stereosync_tools.doctor.finding import Finding

OLDEST_PYTHON = (3, 11)
BUSY_PERCENT = 80.0
LISTEN_S = 0.3  # how long the load is measured
X86 = ("x86_64", "AMD64", "amd64")
FEATURES = {"AVX2": 11, "AVX-512": 13, "AVX-512 VNNI": 23, "NEON": 100}  # OpenCV's numbers, from its `cvdef.h`


@dataclass(frozen=True)
class Processor:
    """Cores, threads, what it can (`features`, empty if that cannot be told), and how busy it is now."""

    cores: int | None
    threads: int | None
    machine: str
    features: Mapping[str, bool]
    load_percent: float


def check_python(version: tuple[int, ...], bits: int, executable: str) -> Finding:
    """The interpreter."""
    text = f"{'.'.join(map(str, version[:3]))}, {bits} bits, {executable}"
    if version[:2] < OLDEST_PYTHON or bits < 64:
        return Finding("python", "fail", text, "install Python 3.11 or newer for 64 bits, and stereosync into it")
    return Finding("python", "ok", text)


def check_version(version: str | None) -> Finding:
    """The installed distribution."""
    if version is None:
        cure = "pip install -e . in the source folder, or pip install stereosync"
        return Finding("stereosync", "warn", "runs from a folder that is not installed", cure)
    return Finding("stereosync", "ok", version)


def check_processor(found: Processor) -> list[Finding]:
    """Cores, instructions, load."""
    return [_check_instructions(found), _check_load(found.load_percent)]


def _check_instructions(found: Processor) -> Finding:
    known = [name for name, present in found.features.items() if present]
    can = ", ".join(known) or "instructions cannot be told"
    text = f"{found.cores or 'unknown'} cores, {found.threads or 'unknown'} threads, {found.machine}; {can}"
    if found.machine in X86 and found.features and not found.features.get("AVX2"):
        cure = "look at the row speed: if it does not keep up, use another machine or a GPU (--device cuda)"
        return Finding("processor", "warn", f"{text}; it has no AVX2, which fast kernels need", cure)
    return Finding("processor", "ok", text)


def _check_load(percent: float) -> Finding:
    text = f"{percent:.0f} % busy now"
    if percent > BUSY_PERCENT:
        return Finding("load", "warn", text, "close other programs and run stereosync-doctor again")
    return Finding("load", "ok", text)


def look_at_python() -> list[Finding]:
    """Check this interpreter, system and distribution."""
    return [
        check_python(tuple(sys.version_info[:3]), struct.calcsize("P") * 8, sys.executable),
        Finding("platform", "ok", platform.platform()),
        check_version(_version()),
    ]


def look_at_processor() -> list[Finding]:
    """Check this machine's processor."""
    import psutil

    found = Processor(
        psutil.cpu_count(logical=False),
        psutil.cpu_count(),
        platform.machine(),
        _features(),
        psutil.cpu_percent(LISTEN_S),
    )
    return check_processor(found)


def _version() -> str | None:
    try:
        return metadata.version("stereosync")
    except metadata.PackageNotFoundError:
        return None


def _features() -> Mapping[str, bool]:
    try:
        with captured_output():
            from cv2 import checkHardwareSupport
    except ImportError:  # the row opencv says so
        return {}
    return features(checkHardwareSupport)


def features(has: Callable[[int], bool]) -> Mapping[str, bool]:
    """Features of the processor, as OpenCV finds them."""
    return {name: bool(has(number)) for name, number in FEATURES.items()}
