"""A full disk ends a recording and nothing else."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from beside import Beside

DEV_FULL = Path("/dev/full")


@pytest.mark.skipif(not DEV_FULL.exists(), reason="no device that is always full")
def test_a_disk_that_is_full_while_recording() -> None:
    with Beside.opened("--record", str(DEV_FULL)) as beside:
        with beside.unharmed(2.0):
            time.sleep(1.0)
        log = beside.service.log_text()
    assert log.count("ends here, the sound goes on") == 1
    assert DEV_FULL.is_char_device()
