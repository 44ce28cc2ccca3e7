"""The front door: a few public names, pinned, each where it says; nothing heavy is imported before it is asked for."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import stereosync

NAMES = {
    "BridgeClient", "Box", "Camera", "ClientOptions", "ClientStream", "Foot", "SceneFrame", "StereoSyncError",
    "ToldContact", "ToldRoom", "ToldScene", "__version__", "generate", "tape_frames",
}  # fmt: skip


def test_the_public_names_are_these_and_each_can_be_had() -> None:
    assert set(stereosync.__all__) == NAMES == set(dir(stereosync))
    for name in NAMES:
        assert getattr(stereosync, name) is not None
        assert name in (stereosync.__doc__ or "")


def test_the_version_is_the_package_s() -> None:
    assert stereosync.__version__ == metadata.version("stereosync")


def test_another_name_is_an_error_as_of_any_module() -> None:
    assert not hasattr(stereosync, "engine")


def test_a_client_needs_no_runtime() -> None:
    code = (
        "import sys, stereosync as s; s.BridgeClient, s.ClientStream, s.SceneFrame; "
        "print([name for name in sys.modules if name.startswith(('stereosync_run', 'onnxruntime', 'cv2'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100)
    assert done.stdout.strip() == "[]"
