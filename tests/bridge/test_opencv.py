"""A machine without OpenCV's system libraries gets a sentence, not a traceback."""

from __future__ import annotations

import sys

import pytest

from stereosync_bridge.opencv import MissingLibraryError, opencv
from stereosync_runtime.serve import main


@pytest.fixture
def without_opencv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    opencv.cache_clear()


@pytest.mark.usefixtures("without_opencv")
def test_missing_library_names_the_packages() -> None:
    with pytest.raises(MissingLibraryError, match="libgl1"):
        opencv()


@pytest.mark.usefixtures("without_opencv")
def test_service_says_so_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "apt-get install libgl1" in capsys.readouterr().err
