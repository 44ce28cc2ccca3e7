"""The candidates for comparison with PyTorch: for each kind of device and precision, the very files that it would run.

They run on the CPU here. What is proved is the graphs; a device's own arithmetic is `stereosync-doctor`'s to compare.
"""

from __future__ import annotations

from collections.abc import Mapping

from stereosync.bundle import Bundle, GraphForm, GraphSpec
from stereosync.bundle_spec import PRECISIONS
from stereosync_runners.device_runner import DeviceRunner
from stereosync_runners.forms import form_for
from stereosync_runners.onnx_runner import OnnxRunner
from stereosync_runners.providers import CPU
from stereosync_runners.runner import Form, Runner

KINDS = ("cpu", "cuda", "tensorrt")


def candidates(bundle: Bundle) -> dict[str, dict[str, Form]]:
    """Forms of every graph by "DEVICE PRECISION"; only where they differ from those before."""
    found: dict[str, dict[str, Form]] = {}
    for device in KINDS:
        for precision in PRECISIONS:
            forms = {name: form_for(spec, device, precision) for name, spec in bundle.graphs.items()}
            if any(form.precision == precision for form in forms.values()) and forms not in found.values():
                found[f"{device} {precision}"] = forms
    return found


def open_candidate(bundle: Bundle, forms: Mapping[str, Form]) -> dict[str, Runner]:
    """Runners of these forms on the CPU."""
    return {name: _runner(bundle, spec, forms[name]) for name, spec in bundle.graphs.items()}


def _runner(bundle: Bundle, spec: GraphSpec, form: Form) -> Runner:
    if isinstance(form, GraphForm) and form.pooled:
        return DeviceRunner(bundle.folder, spec, form, [CPU], sessions=1)
    return OnnxRunner(bundle.folder, spec, [CPU], 1, form)
