"""What is compared with PyTorch: for each kind of device and precision, the very files that it would run.

They run on the CPU here. What is proved is the graphs; a device's own arithmetic is `stereosync-doctor`'s to compare.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stereosync.bundle import Bundle
from stereosync.bundle_spec import PRECISIONS

KINDS = ("cpu", "cuda", "tensorrt")

Engines = Mapping[str, Any]


def candidates(bundle: Bundle) -> dict[str, dict[str, Any]]:
    """Forms of every graph by "DEVICE PRECISION"; only where they differ from those before."""
    from stereosync_runners.devices import form_for

    found: dict[str, dict[str, Any]] = {}
    for device in KINDS:
        for precision in PRECISIONS:
            forms = {name: form_for(spec, device, precision) for name, spec in bundle.graphs.items()}
            if any(form.precision == precision for form in forms.values()) and forms not in found.values():
                found[f"{device} {precision}"] = forms
    return found


def open_candidate(bundle: Bundle, forms: Mapping[str, Any]) -> Engines:
    """Engines of these forms on the CPU."""
    from stereosync_runners.device_runner import DeviceRunner
    from stereosync_runners.onnx_runner import OnnxRunner
    from stereosync_runners.providers import CPU

    return {
        name: DeviceRunner(bundle.folder, spec, forms[name], [CPU], sessions=1)
        if getattr(forms[name], "pooled", False)
        else OnnxRunner(bundle.folder, spec, [CPU], 1, forms[name])
        for name, spec in bundle.graphs.items()
    }
