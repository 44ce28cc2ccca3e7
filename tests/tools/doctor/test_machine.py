"""Python, the distribution and the processor."""

import pytest
from judging import Judge

from stereosync_tools.doctor.machine import (
    FEATURES,
    Processor,
    check_processor,
    check_python,
    check_version,
    features,
    look_at_processor,
    look_at_python,
)

NEW = {"AVX2": True, "AVX-512": False, "AVX-512 VNNI": False, "NEON": False}


@pytest.mark.parametrize(
    ("version", "bits", "verdict"),
    [((3, 11, 0), 64, "ok"), ((3, 14, 1), 64, "ok"), ((3, 10, 9), 64, "fail"), ((3, 12, 0), 32, "fail")],
)
def test_python_must_be_new_and_of_64_bits(judge: Judge, version: tuple[int, ...], bits: int, verdict: str) -> None:
    cause = f"{'.'.join(map(str, version))}, {bits} bits, /bin/python"
    judge(check_python(version, bits, "/bin/python"), verdict, cause, "" if verdict == "ok" else "install Python 3.11")


def test_a_folder_that_is_not_installed_is_only_a_warning(judge: Judge) -> None:
    judge(check_version("0.1.0"), "ok", "0.1.0")
    judge(check_version(None), "warn", "not installed", "pip install -e .")


def test_a_processor_is_told_with_what_it_can(judge: Judge) -> None:
    instructions, load = check_processor(Processor(4, 8, "x86_64", NEW, 20.0))
    judge(instructions, "ok", "4 cores, 8 threads, x86_64; AVX2")
    judge(load, "ok", "20 % busy")


def test_an_old_or_busy_processor_is_a_warning(judge: Judge) -> None:
    instructions, load = check_processor(Processor(2, 2, "AMD64", NEW | {"AVX2": False}, 93.0))
    judge(instructions, "warn", "no AVX2", "--device cuda")
    judge(load, "warn", "93 % busy", "close other programs")


def test_what_cannot_be_told_is_no_warning(judge: Judge) -> None:
    judge(check_processor(Processor(None, None, "arm64", {}, 0.0))[0], "ok", "unknown cores")
    judge(check_processor(Processor(8, 8, "arm64", {"AVX2": False, "NEON": True}, 0.0))[0], "ok", "arm64; NEON")


def test_features_are_asked_for_by_opencvs_numbers() -> None:
    assert features(lambda number: number == FEATURES["AVX2"]) == NEW


def test_this_machine_can_be_looked_at() -> None:
    assert [one.topic for one in look_at_python()] == ["python", "platform", "stereosync"]
    assert [one.topic for one in look_at_processor()] == ["processor", "load"]
