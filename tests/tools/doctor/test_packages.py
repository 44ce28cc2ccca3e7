"""Packages: every way in which one can be missing or broken has its verdict and its cure."""

import pytest
from judging import Judge

from stereosync_runners.providers import PACKAGES as RUNTIMES_OF_THE_SERVICE
from stereosync_tools.doctor import packages
from stereosync_tools.doctor.packages import (
    PACKAGES,
    RUNTIMES,
    Found,
    Package,
    check_libzmq,
    check_package,
    check_runtime,
    look_at_libzmq,
    look_at_packages,
    look_at_runtime,
    look_for,
)

BY_TOPIC = {package.topic: package for package in PACKAGES}


@pytest.mark.parametrize("topic", BY_TOPIC)
def test_what_is_missing_fails_if_it_is_needed_and_is_absent_otherwise(judge: Judge, topic: str) -> None:
    package = BY_TOPIC[topic]
    judge(check_package(package, Found("1.2")), "ok", "1.2")
    verdict = "fail" if topic in ("numpy", "pyzmq", "msgpack", "opencv", "psutil") else "absent"
    judge(check_package(package, Found(None)), verdict, f"it is for {package.use}", package.install)


@pytest.mark.parametrize(
    ("topic", "trouble", "verdict", "cure"),
    [
        ("opencv", "ImportError: libGL.so.1: cannot open shared object file", "fail", "apt-get install libgl1"),
        ("opencv", "ImportError: numpy.core.multiarray failed", "fail", "--force-reinstall opencv-python"),
        ("numpy", "ImportError: cannot import name 'a'", "fail", "pip install --force-reinstall numpy"),
        ("av", "ImportError: DLL load failed", "warn", "pip install --force-reinstall av"),
        ("tensorrt", "OSError: libnvinfer.so.10", "warn", 'pip install "stereosync[tensorrt]"'),
    ],
)
def test_what_does_not_load_says_why(judge: Judge, topic: str, trouble: str, verdict: str, cure: str) -> None:
    judge(check_package(BY_TOPIC[topic], Found("1.2", trouble)), verdict, f"1.2 does not load ({trouble})", cure)


@pytest.mark.parametrize(
    ("found", "trouble", "verdict", "cause", "cure"),
    [
        ({"onnxruntime": "1.32"}, "", "ok", "onnxruntime 1.32", ""),
        ({}, "", "ok", "another name", ""),
        ({}, "ModuleNotFoundError", "fail", "not installed", 'pip install "stereosync[cpu]"'),
        ({"onnxruntime": "1"}, "ImportError: x", "fail", "does not load (ImportError: x)", "pip uninstall -y onnxrunt"),
        (dict.fromkeys(RUNTIMES, "1"), "", "warn", "share one folder", "pip uninstall -y onnxruntime onnxruntime-gpu"),
    ],
)
def test_onnx_runtime_is_needed_once(
    judge: Judge, found: dict[str, str], trouble: str, verdict: str, cause: str, cure: str
) -> None:
    judge(check_runtime(found, trouble), verdict, cause, cure)


def test_the_distributions_of_onnx_runtime_are_those_that_the_service_knows() -> None:
    assert RUNTIMES == RUNTIMES_OF_THE_SERVICE


def test_keys_need_a_libzmq_with_curve(judge: Judge) -> None:
    judge(check_libzmq("4.3.5", True), "ok", "4.3.5 with CURVE")
    judge(check_libzmq("4.3.5", False), "warn", "without CURVE", "pip install --force-reinstall --only-binary")


def test_a_module_may_fail_with_anything_and_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    def load(_name: str) -> None:
        print("banner")
        raise OSError("lib.so\nand more")

    assert packages._trouble("no_such_module_of_ours", load) == "OSError: lib.so"
    assert capfd.readouterr().out == ""


def test_a_package_is_found_under_any_of_its_names() -> None:
    assert look_for(Package("x", ("no-such-thing", "numpy"), "numpy", "", "")).version is not None
    assert look_for(Package("x", ("no-such-thing",), "numpy", "", "")) == Found(None)
    assert look_for(Package("x", ("numpy",), "no_such_module", "", "")).trouble.startswith("ModuleNotFoundError")


def test_this_environment_has_what_the_service_needs() -> None:
    found = [*look_at_packages(), *look_at_runtime(), *look_at_libzmq()]
    assert [one for one in found if one.verdict == "fail"] == []
    assert {"numpy", "opencv", "torch", "cuda bindings", "onnxruntime", "libzmq"} <= {one.topic for one in found}
