"""The Godot client's core, run by Godot 3: golden bytes, msgpack's boundaries, the decisions of Python's."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

import msgpack
import pytest
from programs import ROOT

from stereosync_bridge import golden
from stereosync_bridge.conformance.compare import difference
from stereosync_bridge.conformance.converse import END, converse
from stereosync_bridge.conformance.scripts import scripts

GOLDEN_1_0 = ROOT / "tests" / "bridge" / "golden_1_0"
SCRIPTS = scripts()
POWERS = (0, 5, 7, 8, 15, 16, 31, 32, 53, 63)

GodotRunner = Callable[[str, Sequence[str]], list[str]]


def answers(lines: Sequence[str]) -> list[list[str]]:
    """The lines of each answer; a dot ends one."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line == END:
            found.append([])
        else:
            found[-1].append(line)
    return found[:-1]


def test_golden_files_are_read_and_written_again(run_godot3: GodotRunner) -> None:
    names = sorted(golden.messages())
    assert run_godot3("golden", names) == [f"{name} same" for name in names]


def test_golden_files_of_wire_1_0_are_still_read(run_godot3: GodotRunner) -> None:
    names = sorted(path.stem for path in GOLDEN_1_0.glob("*.bin"))
    told = run_godot3("golden", [f"../../tests/bridge/golden_1_0/{name}" for name in names])
    assert len(told) == len(names) > 10
    assert [line for line in told if "breaks a rule" in line] == []


def test_golden_file_with_a_broken_rule_is_told(run_godot3: GodotRunner) -> None:
    assert "breaks a rule: bad_header" in run_godot3("golden", ["no_such_file"])[0]


def values() -> list[object]:
    """A value on both sides of every size that msgpack writes in another way."""
    integers = {sign * 2**power + step for power in POWERS for step in (-1, 0, 1) for sign in (1, -1)}
    sizes = (0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536)
    texts = ["x" * size for size in sizes] + ["é☃", "\U0001f3a7" * 64]
    arrays: list[object] = [[index % 7 for index in range(size)] for size in sizes]
    maps: list[object] = [{f"k{index}": index for index in range(size)} for size in sizes]
    floats = [0.0, -0.0, 0.1, 1e300, 5e-324, float("inf"), float("nan")]
    return [
        *sorted(number for number in integers if -(2**63) <= number < 2**64),
        2**64 - 1,
        *texts,
        *[b"\x07" * size for size in sizes],
        *arrays,
        *maps,
        *floats,
        None,
        True,
        False,
        {"a": [{"b": [None, {"c": 1.5}]}]},
        *[msgpack.ExtType(5, b"e" * size) for size in (0, 1, 2, 3, 4, 8, 16, 17, 255, 256, 65536)],
    ]


def test_every_boundary_of_msgpack_comes_back(run_godot3: GodotRunner) -> None:
    packed = [msgpack.packb(value) for value in values()]
    back = run_godot3("recode", [data.hex() for data in packed])
    differing = [(sent.hex()[:40], got[:40]) for sent, got in zip(packed, back, strict=True) if sent.hex() != got]
    assert differing == []


def test_longer_forms_are_read_and_written_in_the_shortest(run_godot3: GodotRunner) -> None:
    longer = [
        "cf0000000000000001",
        "d300000000000000ff",
        "d1ffff",
        "ca3f800000",
        "da000161",
        "dd00000000",
        "c600000000",
    ]
    shortest = ["01", "ccff", "ff", "cb3ff0000000000000", "a161", "90", "c400"]
    assert run_godot3("recode", longer) == shortest


def test_what_is_no_msgpack_is_bad(run_godot3: GodotRunner) -> None:
    truncated = [msgpack.packb(value)[:-1].hex() for value in (300, "text", [1, 2], {"a": 1}, 1.5, b"xy")]
    lying = ["dfffffffff", "ddffffffff", "dbffffffff61", "c6ffffffff"]
    other = ["c1", "0101", "81" + "01" * 2, "a1ff", "a2c328", "91" * 3000 + "01", "810a"]
    for line in [*truncated, *lying, *other]:
        with pytest.raises((ValueError, msgpack.UnpackException)):
            msgpack.unpackb(bytes.fromhex(line))
    assert run_godot3("recode", [*truncated, *lying, *other]) == ["bad"] * (len(truncated) + len(lying) + len(other))


@pytest.mark.parametrize("name", SCRIPTS)
def test_core_decides_as_python_does(name: str, run_godot3: GodotRunner) -> None:
    commands = SCRIPTS[name]
    spoken = [command for command in commands if not command.startswith("#")]
    expected = list(converse(iter(commands)))
    got = answers(run_godot3("converse", commands))
    for number, (command, decided, other) in enumerate(zip(spoken, expected, got, strict=False)):
        differs = difference(decided, other)
        assert differs is None, f"{name}, command {number} ({command[:120]}): {differs}"
    assert len(got) == len(expected)


def test_converting_rates_is_left_to_the_engine(run_godot3: GodotRunner) -> None:
    assert answers(run_godot3("converse", ["1.0 output 44100"])) == [["unknown"]]


def test_times_are_read_to_the_last_digit(run_godot3: GodotRunner) -> None:
    """A HELLO carries the time as float64: a number that is off by one unit in the last place shows."""
    times = ["10.104", "0.1", "123456.789012345", "3.3", "7"]
    for time in times:
        (lines,) = answers(run_godot3("converse", [f"{time} begin"]))
        header = msgpack.unpackb(golden.unpack(bytes.fromhex(lines[1].split()[2]))[0])
        assert struct.pack("<d", header["sent_client_s"]) == struct.pack("<d", float(time))
