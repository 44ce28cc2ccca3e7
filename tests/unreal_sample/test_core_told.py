"""What a game tells, in the C++ core: what it costs, and how texts are cut."""

from __future__ import annotations

import subprocess
from pathlib import Path

import programs
import pytest

LIMIT_S = 60
MOST_US = 20.0  # a frame of one character, from the game to the bytes that leave
SOURCES = (
    "Frame",
    "FrameRules",
    "MsgpackWriter",
    "ShortText",
    "ToldRules",
    "Utf8",
    "WriteFrame",
    "WriteMessage",
    "WriteTold",
)


def run(program: list[str], mode: str, text: str = "") -> list[str]:
    done = subprocess.run([*program, mode], input=text, capture_output=True, text=True, timeout=LIMIT_S, check=True)
    return done.stdout.split("\n")[:-1]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The program of `core/Told.cpp`, as fast as a game would have it."""
    core = [programs.CPP_CORE / "Private" / f"{name}.cpp" for name in SOURCES]
    folder = tmp_path_factory.mktemp("told")
    sources = [*core, Path(__file__).parent / "core" / "Told.cpp"]
    return programs.link_cpp(folder, programs.compile_sources(folder, sources, ["-O2"]))


def test_telling_allocates_nothing_and_takes_no_time_that_a_game_would_see(told: list[str]) -> None:
    lines = run(told, "cost")
    print(*lines, sep="\n")
    costs = {name: (int(size), float(time)) for name, size, time in (line.split() for line in lines)}
    assert costs.pop("control")[0] > 0
    assert {name: size for name, (size, _) in costs.items()} == dict.fromkeys(costs, 0)
    assert costs["one_told"][1] < MOST_US


def test_texts_end_after_64_characters_or_where_their_bytes_are_broken(told: list[str]) -> None:
    whole = ["", "gravel", "é" * 64, "😀" * 64, "日" * 70, "a" * 65, "tab\there"]
    assert run(told, "texts", "\n".join(whole) + "\n") == [text[:64] for text in whole]
    broken = "gr\udcc3".encode(errors="surrogateescape") + b"vel\n\xff\n"
    done = subprocess.run([*told, "texts"], input=broken, capture_output=True, timeout=LIMIT_S, check=True)
    assert done.stdout == b"gr\n\n"
