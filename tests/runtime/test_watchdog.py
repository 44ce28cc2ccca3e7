"""The watchdog: a thread that stands still is named once, with its calls, and again only after it moved."""

from __future__ import annotations

import logging
import threading

import pytest
from toy_graphs import HandClock

from stereosync_runtime.watchdog import STUCK_S, Watchdog


def test_a_stuck_thread_is_named_with_its_calls(caplog: pytest.LogCaptureFixture) -> None:
    clock, ready, go = HandClock(), threading.Event(), threading.Event()
    watchdog = Watchdog(clock)

    def wait_for_ever() -> None:
        watchdog.beat("worker")
        ready.set()
        go.wait(20)

    thread = threading.Thread(target=wait_for_ever)
    thread.start()
    ready.wait(20)
    assert watchdog.look() == []
    clock.now_s += STUCK_S + 1
    with caplog.at_level(logging.ERROR, "stereosync.runtime"):
        assert watchdog.look() == ["worker"]
    assert "wait_for_ever" in caplog.text
    assert watchdog.look() == []
    go.set()
    thread.join()
    watchdog.beat("worker")
    assert watchdog.look() == []
    clock.now_s += STUCK_S + 1
    assert watchdog.look() == ["worker"]
