"""Packages: installed, in which version, and whether they load."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata

from stereosync_runners.captured_output import captured_output, first_line
from stereosync_tools.doctor.finding import Finding, Verdict

RUNTIMES = ("onnxruntime", "onnxruntime-gpu")
INSTALL_RUNTIME = 'pip install "stereosync[cpu]", or pip install "stereosync[gpu]" for an NVIDIA GPU'
OPENCV_LIBRARIES = "apt-get install libgl1 libglib2.0-0 (Debian, Ubuntu) or dnf install mesa-libGL glib2 (Fedora)"


@dataclass(frozen=True)
class Package:
    """A package: its distributions, any of which will do; the module that proves that it loads, "" to leave that be;
    what it is for, and what installs it."""

    topic: str
    distributions: tuple[str, ...]
    module: str
    use: str
    install: str
    needed: bool = False


@dataclass(frozen=True)
class Found:
    """A version, None where nothing is installed, and what stood in the way of loading it, "" for nothing."""

    version: str | None
    trouble: str = ""


def _base(topic: str, module: str, use: str, needed: bool = True) -> Package:
    return Package(topic, (topic,), module, use, f"pip install --force-reinstall {topic}", needed)


PACKAGES = (
    _base("numpy", "numpy", "everything"),
    _base("pyzmq", "zmq", "the bridge"),
    _base("msgpack", "msgpack", "the bridge"),
    Package(
        "opencv",
        ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
        "cv2",
        "cues",
        "pip install --force-reinstall opencv-python",
        needed=True,
    ),
    _base("psutil", "psutil", "figures of the service"),
    _base("sounddevice", "", "playing sound", needed=False),
    _base("av", "av", "films in stereosync-audition", needed=False),
    Package(
        "tensorrt",
        ("tensorrt", "tensorrt-cu13", "tensorrt-cu12"),
        "tensorrt",
        "--device tensorrt",
        'pip install "stereosync[tensorrt]"',
    ),
    Package("tensorrt_rtx", ("tensorrt-rtx",), "tensorrt_rtx", "--device rtx", 'pip install "stereosync[rtx]"'),
    Package(
        "cuda bindings",
        ("cuda-bindings", "cuda-python"),
        "cuda.bindings.runtime",
        "--device tensorrt and rtx",
        'pip install "stereosync[tensorrt]" or "stereosync[rtx]"',
    ),
    Package("torch", ("torch",), "", "training and export, never for serving", 'pip install "stereosync[train]"'),
    Package("onnx", ("onnx",), "", "export, never for serving", 'pip install "stereosync[export]"'),
)


def check_package(package: Package, found: Found) -> Finding:
    """Installed and loads."""
    if found.version is None:
        verdict: Verdict = "fail" if package.needed else "absent"
        return Finding(package.topic, verdict, f"not installed; it is for {package.use}", _install(package))
    if found.trouble:
        text = f"{found.version} does not load ({found.trouble})"
        return Finding(package.topic, "fail" if package.needed else "warn", text, _mend(package, found.trouble))
    return Finding(package.topic, "ok", f"{found.version}, for {package.use}")


def _install(package: Package) -> str:
    return package.install if package.needed else f"if you want that: {package.install}"


def _mend(package: Package, trouble: str) -> str:
    if package.module == "cv2" and any(name in trouble for name in ("libGL", "libgthread", "libglib")):
        return OPENCV_LIBRARIES
    return package.install


def check_runtime(found: Mapping[str, str], trouble: str) -> Finding:
    """ONNX Runtime: `found` has the versions of its distributions, which share one folder, so that one is right."""
    topic, versions = "onnxruntime", ", ".join(f"{name} {version}" for name, version in found.items())
    if trouble:
        text = f"{versions or 'not installed'}: it does not load ({trouble})" if found else "not installed"
        cure = f"pip uninstall -y {' '.join(found)}, then {INSTALL_RUNTIME}" if found else INSTALL_RUNTIME
        return Finding(topic, "fail", text, cure)
    if len(found) > 1:
        text = f"{versions} share one folder, so either may be broken"
        return Finding(topic, "warn", text, f"pip uninstall -y {' '.join(found)}, then {INSTALL_RUNTIME}")
    return Finding(topic, "ok", versions or "of a distribution with another name")


def check_libzmq(version: str, curve: bool) -> Finding:
    """The library below pyzmq, which may be built without the cipher that keys need."""
    if curve:
        return Finding("libzmq", "ok", f"{version} with CURVE")
    cure = "pip install --force-reinstall --only-binary :all: pyzmq"
    return Finding("libzmq", "warn", f"{version} without CURVE, so --keys cannot be used", cure)


def look_at_packages() -> list[Finding]:
    """All but ONNX Runtime."""
    return [check_package(package, look_for(package)) for package in PACKAGES]


def look_at_runtime() -> list[Finding]:
    """ONNX Runtime."""
    versions = {name: version for name in RUNTIMES if (version := _version((name,))) is not None}
    return [check_runtime(versions, _trouble("onnxruntime"))]


def look_at_libzmq() -> list[Finding]:
    """Check the libzmq that pyzmq was built with."""
    import zmq

    return [check_libzmq(zmq.zmq_version(), bool(zmq.has("curve")))]


def look_for(package: Package) -> Found:
    """The package here. Loading it prints nothing."""
    version = _version(package.distributions)
    return Found(version, _trouble(package.module) if version is not None and package.module else "")


def _version(distributions: tuple[str, ...]) -> str | None:
    for name in distributions:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def _trouble(module: str, load: Callable[[str], object] = importlib.import_module) -> str:
    """The reason why a module does not load; some raise what they like when a library is missing."""
    if module in sys.modules and sys.modules[module] is not None:
        return ""
    try:
        with captured_output():
            load(module)
    except Exception as error:
        return first_line(f"{type(error).__name__}: {error}")
    return ""
