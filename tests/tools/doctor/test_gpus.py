"""GPUs, as nvidia-smi tells of them."""

import pytest
from judging import Judge

from stereosync_tools.doctor import gpus
from stereosync_tools.doctor.gpus import Gpu, Said, ask, check_gpus, parse

RTX = (75, 80, 86, 89, 120, 121)
LAPTOP = "NVIDIA GeForce RTX 4070 Laptop GPU, 8188, 581.29, 8.9\n"
SERVER = "NVIDIA H100 80GB HBM3, 81559, 580.95.05, 9.0\n"
SHARED = "NVIDIA GB10, [N/A], 580.95.05, 12.1\n"


def test_lines_are_read_whatever_stands_in_the_name() -> None:
    assert parse(LAPTOP) == (Gpu("NVIDIA GeForce RTX 4070 Laptop GPU", 8188, "581.29", 89),)
    assert parse("Odd, name, 1, 2, 7.5")[0].name == "Odd, name"
    assert parse(SHARED)[0] == Gpu("NVIDIA GB10", None, "580.95.05", 121)


def test_every_card_is_a_row_that_says_what_can_use_it(judge: Judge) -> None:
    findings, cards = check_gpus(Said(0, LAPTOP + SERVER + SHARED), RTX)
    assert [one.topic for one in findings] == ["gpu", "gpu 1", "gpu 2"]
    assert len(cards) == 3
    judge(findings[0], "ok", "8 GiB, driver 581.29, compute capability 8.9; TensorRT for RTX serves it")
    judge(findings[1], "ok", "80 GiB, driver 580.95.05, compute capability 9.0; TensorRT for RTX does not serve it")
    judge(findings[2], "ok", "shared memory")


@pytest.mark.parametrize(
    ("said", "verdict", "cause", "cure"),
    [
        (None, "absent", "nvidia-smi is not on PATH", "install the NVIDIA driver"),
        (Said(0, ""), "absent", "sees no GPU", "switched on"),
        (
            Said(9, "couldn't communicate with the NVIDIA driver"),
            "warn",
            "nvidia-smi fails (couldn't communicate",
            "NVIDIA driver",
        ),
        (Said(2, 'Field "compute_cap" is not a valid field'), "warn", "compute_cap", "update"),
        (Said(0, "what is this"), "warn", "cannot be read (what is this)", "NVIDIA driver"),
    ],
)
def test_no_card_keeps_no_service_from_starting(
    judge: Judge, said: Said | None, verdict: str, cause: str, cure: str
) -> None:
    findings, cards = check_gpus(said, RTX)
    assert cards == ()
    judge(findings[0], verdict, cause, cure)


def test_a_tool_that_is_missing_or_cannot_be_started_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpus.shutil, "which", lambda _name: None)
    assert ask() is None
    monkeypatch.setattr(gpus.shutil, "which", lambda _name: "/nowhere/nvidia-smi")
    said = ask()
    assert said is not None
    assert said.code == -1
