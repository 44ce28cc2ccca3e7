"""Execution providers. What ONNX Runtime calls available is not believed: each must run a graph."""

from __future__ import annotations

from collections.abc import Mapping

from stereosync.bundle import Bundle
from stereosync_runners.captured_output import captured_output, first_line
from stereosync_runners.onnx_runner import Provider
from stereosync_runners.providers import CPU, CUDA, TENSORRT
from stereosync_runners.trial import INSTALL_GPU, Trial, diagnosis, smallest_graph, try_provider
from stereosync_tools.doctor.finding import Finding

TRIED: dict[str, Provider] = {"cpu": CPU, "cuda": CUDA, "ort-tensorrt": (TENSORRT[0], {})}  # the last without a cache


def check_provider(device: str, asked: str, available: tuple[str, ...], trial: Trial | None, has_gpu: bool) -> Finding:
    """`device`: the project's name; `asked`: ONNX Runtime's; `trial` None: it was not tried, not being available."""
    topic = f"device {device}"
    if asked not in available or trial is None:
        cure = INSTALL_GPU if has_gpu else f"with an NVIDIA GPU: {INSTALL_GPU}"
        return Finding(topic, "absent", f"the installed ONNX Runtime was built without {asked}", cure)
    if trial.serves == asked:
        return Finding(topic, "ok", f"{asked} serves{'' if trial.whole else '; small parts stay on the processor'}")
    cause, cure = diagnosis(trial.said, has_gpu)
    instead = f"; {trial.serves} serves instead" if trial.serves else ""
    return Finding(topic, "warn" if has_gpu else "absent", f"{asked} does not serve: {cause}{instead}", cure)


def check_cpu(trial: Trial) -> Finding:
    """The processor, without which nothing serves."""
    if trial.serves == CPU[0]:
        return Finding("device cpu", "ok", f"{CPU[0]} serves")
    cure = "pip install --force-reinstall onnxruntime"
    return Finding("device cpu", "fail", f"{CPU[0]} does not serve: {first_line(trial.said)}", cure)


def look_at_providers(bundle: Bundle, has_gpu: bool) -> list[Finding]:
    """Every device that ONNX Runtime can be, on the smallest graph."""
    import onnxruntime

    available = tuple(onnxruntime.get_available_providers())
    spec = smallest_graph(bundle)
    with captured_output():
        if hasattr(onnxruntime, "preload_dlls"):
            onnxruntime.preload_dlls()
    trials: Mapping[str, Trial] = {
        device: try_provider(bundle.folder, spec, provider)
        for device, provider in TRIED.items()
        if provider[0] in available
    }
    others = [(device, provider[0]) for device, provider in TRIED.items() if provider != CPU]
    return [
        check_cpu(trials.get("cpu", Trial("", False, "it was built without it"))),
        *(check_provider(device, asked, available, trials.get(device), has_gpu) for device, asked in others),
    ]
