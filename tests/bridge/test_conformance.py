"""The comparison of decisions finds what differs, and nothing else; the writer writes what the client decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from stereosync_bridge import golden, wire
from stereosync_bridge.conformance.__main__ import write
from stereosync_bridge.conformance.compare import difference
from stereosync_bridge.conformance.converse import END, converse
from stereosync_bridge.conformance.scripts import scripts
from stereosync_bridge.messages import Ping, Playback


def ping(sent_s: float, frames: int = 0) -> str:
    return f"send control {golden.pack(wire.encode(Ping(sent_s, frames, Playback()))).hex()}"


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (["event stats 2"], ["event stats 3"]),
        (["event disconnected"], []),
        (["event disconnected", "event stats 2"], ["event stats 2", "event disconnected"]),
        (["close", "open control a"], ["open control a", "close"]),
        (["sound 0.5 0.25"], ["sound 0.5 0.25001"]),
        (["sound 0.5 0.25"], ["sound 0.5"]),
        (["ring 1 2.5 0 0 0 0 0 0"], ["ring 1 2.500001 0 0 0 0 0 0"]),
        ([ping(1.5)], [ping(1.5001)]),
        ([ping(1.5)], [ping(1.5, frames=1)]),
        ([ping(1.5)], [ping(1.5).replace("control", "frames")]),
    ],
)
def test_differences_are_found(expected: list[str], got: list[str]) -> None:
    assert difference(expected, got) is not None


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (["event stats 2", "close"], ["close", "event stats 2"]),
        (["sound 0.5 0.25"], ["sound 0.50000003 0.2500000"]),
        (["ring 1 2.5 0 0 0 0 0 0"], ["ring 1 2.50000000001 0 0 0 0 0 0"]),
        ([ping(1.5)], [ping(1.5 + 1e-12)]),
        ([ping(2.0)], [ping(2)]),
    ],
)
def test_equal_decisions_are_equal(expected: list[str], got: list[str]) -> None:
    assert difference(expected, got) is None


def test_files_hold_what_the_client_decides(tmp_path: Path) -> None:
    write(tmp_path)
    for name, commands in scripts().items():
        decided = "".join(f"{line}\n" for answer in converse(iter(commands)) for line in (*answer, END))
        assert (tmp_path / f"{name}.commands").read_text(encoding="utf-8").splitlines() == commands
        assert (tmp_path / f"{name}.decisions").read_text(encoding="utf-8") == decided
    assert len(list(tmp_path.iterdir())) == 2 * len(scripts())


def test_a_client_that_decides_otherwise_is_caught() -> None:
    """The suite must be able to fail: a ring that primes for longer differs within the first script."""
    commands = scripts()["first_sound"]
    decided = list(converse(iter(commands)))
    changed = [[line.replace("ring 320", "ring 319") for line in answer] for answer in decided]
    assert any(difference(expected, got) for expected, got in zip(decided, changed, strict=True))
