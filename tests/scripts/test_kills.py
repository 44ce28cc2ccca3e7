"""One kill of each kind: the client hears the next service, and the service forgets the client."""

from __future__ import annotations

from pathlib import Path

import kills


def test_a_client_comes_back_by_itself(tmp_path: Path) -> None:
    ready_s, back_s = kills.kill_services(1, tmp_path)
    assert len(ready_s) == len(back_s) == 1
    assert back_s[0] < kills.BACK_S


def test_a_dead_client_leaves_no_file_open() -> None:
    stayed, disconnected, _ = kills.kill_clients(1)
    assert (stayed, disconnected) == (0, 0)
