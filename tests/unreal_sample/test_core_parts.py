"""Parts of the C++ core that no wire shows: boxes, depth, rates, the worker's life, garbage of the audio thread."""

from __future__ import annotations

import itertools
import random
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
import zmq
from conversing import answers
from numpy.typing import NDArray

from stereosync_bridge import golden, wire
from stereosync_bridge.conformance.compare import difference
from stereosync_bridge.conformance.converse import converse

LIMIT_S = 60
SEED = 3
GOLDEN_1_0 = Path(__file__).parents[1] / "bridge" / "golden_1_0"

Array = NDArray[np.float64]


def run(command: list[str], *arguments: object, data: bytes = b"") -> bytes:
    """What the program writes."""
    words = [*command, *map(str, arguments)]
    done = subprocess.run(words, input=data, capture_output=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return done.stdout


# What is hostile


def test_the_sanitizers_are_at_work(parts: list[str]) -> None:
    symbols = subprocess.run(["nm", *parts], capture_output=True, text=True, check=True).stdout
    assert "__asan_report_load" in symbols
    assert "__ubsan_handle" in symbols


def sessions(messages: list[list[bytes]]) -> list[str]:
    """For each message a session that has just said HELLO, or was welcomed, and then hears it."""
    commands = []
    welcome = golden.messages()["welcome"]
    for number, parts in enumerate(messages):
        commands.append(f"{number} begin")
        if number % 3:
            ours = replace(welcome, session=f"{number + 1:032x}")  # type: ignore[type-var]
            commands += [f"{number} receive control {golden.pack(wire.encode(ours)).hex()}", f"{number} poll"]
        commands += [f"{number} receive control {golden.pack(parts).hex()}", f"{number} poll", f"{number} bye next"]
    return commands


ODD: list[Any] = [None, True, -1, 2**53, 2**53 + 1, 2**64 - 1, 0.5, float("nan"), float("inf"), "", "x" * 600, "a\nb"]
ODD += [
    b"b",
    [],
    {},
    {"😀" * 64: "x"},
    {"x": "y"},
    {"x": float("nan")},
    {"x" * 65: 1},
    {"k": 1, "l": True},
    "0.9",
    "2.0",
    "1.7",
]


def mutated(parts: list[bytes], draw: random.Random) -> list[bytes]:
    """One field's value replaced by one of another kind, left out, or a few bytes changed."""
    if draw.random() < 0.3:
        data = bytearray(parts[0])
        for _ in range(draw.randrange(1, 4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        return [bytes(data), *(part[: draw.choice((None, -1))] for part in parts[1:])]
    fields = msgpack.unpackb(parts[0])
    key = draw.choice(list(fields))
    fields[key] = draw.choice(ODD)
    if draw.random() < 0.15:
        del fields[key]
    return [msgpack.packb(fields), *parts[1:]]


def test_mutated_messages_of_the_service_are_judged_as_python_judges_them(cpp_program: list[str]) -> None:
    draw = random.Random(SEED)
    names = ("welcome", "error", "audio", "audio_credit", "credit", "pong", "stats", "bye")
    messages = [mutated(wire.encode(golden.messages()[draw.choice(names)]), draw) for _ in range(1500)]
    commands = sessions(messages)
    expected, got = list(converse(iter(commands))), answers(cpp_program, commands)
    told = {line for answer in expected for line in answer if line.startswith("event error")}
    assert len(told) > 50, "the mutations should break many rules"
    assert len(got) == len(expected)
    for command, want, have in zip(commands, expected, got, strict=True):
        assert difference(want, have) is None, command[:300]


def test_what_a_service_of_wire_1_0_says_is_still_read(cpp_program: list[str]) -> None:
    command = [*cpp_program, "golden", str(GOLDEN_1_0)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    names = ("welcome", "error", "audio", "audio_credit", "pong", "stats", "bye")
    assert {name: said[name] for name in names} == dict.fromkeys(names, "same")


# Depth and boxes


def test_depth_in_centimetres_becomes_metres_and_the_sky_infinite(parts: list[str]) -> None:
    rows = np.array(
        [[150, 1e9, 6_000_000, -1, 7], [np.nan, 0, np.inf, 99_000, 7]], np.float32
    )  # the last column is a gap
    data = run(parts, "metres", 4, 2, 5, 0.01, 1000, data=rows.tobytes())
    got = np.frombuffer(data, "<f2").reshape(2, 4)
    np.testing.assert_array_equal(got, np.array([[1.5, np.inf, np.inf, np.inf], [np.inf, np.inf, np.inf, 990]], "<f2"))


WIDTH, HEIGHT, NEAR_M = 320, 180, 0.1
TAN_Y = float(np.tan(np.radians(30)))
TAN_X = TAN_Y * WIDTH / HEIGHT


def cuboid(centre: tuple[float, float, float], half: tuple[float, float, float]) -> Array:
    """(8, 3), camera space; bit 1 of a corner's number is its side along x, 2 along y, 4 along z."""
    signs = [[2 * (number >> axis & 1) - 1 for axis in range(3)] for number in range(8)]
    return np.array(centre) + np.array(signs) * np.array(half)


def pixels(points: Array) -> Array:
    """(n, 2) of the points in front of the near plane."""
    seen = points[points[:, 2] >= NEAR_M]
    x, y = seen[:, 0] / seen[:, 2] / TAN_X, seen[:, 1] / seen[:, 2] / TAN_Y
    return np.stack([(x + 1) / 2 * WIDTH, (1 - y) / 2 * HEIGHT], axis=1)


def project(parts: list[str], kind: str, points: Array) -> list[float] | None:
    words = run(parts, "box", kind, TAN_X, TAN_Y, NEAR_M, WIDTH, HEIGHT, *points.reshape(-1)).decode().split()
    return None if words == ["none"] else [float(word) for word in words]


def bounds(places: Array) -> list[float]:
    return [*places.min(axis=0), *places.max(axis=0)]


def test_a_box_is_that_of_all_corners(parts: list[str]) -> None:
    one, other = cuboid((0.2, -0.5, 4.0), (0.3, 1.0, 0.25)), cuboid((-0.8, 0.3, 5.0), (0.1, 0.2, 0.1))
    both = np.concatenate([one, other])
    assert project(parts, "cuboids", one) == pytest.approx(bounds(pixels(one)))
    assert project(parts, "cuboids", both) == pytest.approx(bounds(pixels(both)))
    assert project(parts, "points", both) == pytest.approx(bounds(pixels(both)))


def test_edges_through_the_near_plane_are_cut_not_dropped(parts: list[str]) -> None:
    corners = cuboid((0.15, 0.0, 1.0), (0.1, 0.1, 1.5))
    share = np.linspace(0, 1, 20_001)[:, None]
    edges = [(a, b) for a, b in itertools.combinations(range(8), 2) if (a ^ b) in (1, 2, 4)]
    lines = np.concatenate([corners[a] * (1 - share) + corners[b] * share for a, b in edges])
    found = project(parts, "cuboids", corners)
    assert found == pytest.approx(bounds(pixels(lines)), rel=2e-3, abs=0.5)
    assert found is not None
    assert found[2] > 3 * pixels(corners)[:, 0].max(), "without the cut the box would be much too small"


@pytest.mark.parametrize("centre", [(0, 0, -5), (30, 0, 5), (-30, 0, 5), (0, 30, 5), (0, -30, 5)])
def test_what_is_behind_or_beside_the_picture_has_no_box(parts: list[str], centre: tuple[float, float, float]) -> None:
    assert project(parts, "cuboids", cuboid(centre, (0.3, 1.0, 0.3))) is None
    assert project(parts, "cuboids", cuboid((0, 0, 5), (0.3, 1.0, 0.3))) is not None


def test_a_box_stays_within_what_the_wire_allows(parts: list[str]) -> None:
    found = project(parts, "cuboids", cuboid((0, 0, 0), (1e6, 1e6, 1e6)))
    assert found == [-1e6, -1e6, 1e6, 1e6]


# Rates


def heard(parts: list[str], source_hz: int, device_hz: int, tone_hz: float, block: int = 256) -> Array:
    """0.4 s of a tone as a device of another rate hears it, after the beginning."""
    angle = 2 * np.pi * tone_hz * np.arange(int(0.8 * source_hz)) / source_hz
    pairs = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    count = int(0.5 * device_hz)
    data = run(parts, "rates", source_hz, device_hz, count, block, data=pairs.tobytes())
    return np.frombuffer(data, np.float32).reshape(-1, 2)[int(0.1 * device_hz) :].astype(np.float64)


def residue(sound: Array, tone_hz: float, device_hz: int) -> float:
    """What is not the tone, over the tone."""
    angle = 2 * np.pi * tone_hz * np.arange(len(sound)) / device_hz
    basis = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    weights = np.linalg.lstsq(basis, sound, rcond=None)[0]
    return float(np.sqrt(np.mean((sound - basis @ weights) ** 2) / np.mean((basis @ weights) ** 2)))


RATES = [(48_000, 44_100), (48_000, 96_000), (48_000, 192_000), (44_100, 48_000), (8_000, 48_000), (96_000, 44_100)]


@pytest.mark.parametrize(("source_hz", "device_hz"), [*RATES, (192_000, 44_100)])
def test_a_tone_stays_a_tone_of_the_same_level(parts: list[str], source_hz: int, device_hz: int) -> None:
    for share in (0.02, 0.3, 0.7):
        tone_hz = share * min(source_hz, device_hz) / 2
        sound = heard(parts, source_hz, device_hz, tone_hz)
        assert residue(sound, tone_hz, device_hz) < 10 ** (-55 / 20), f"{tone_hz} Hz"
        assert np.sqrt(2 * np.mean(sound**2)) == pytest.approx(1, abs=0.01), f"{tone_hz} Hz"


@pytest.mark.parametrize(("source_hz", "device_hz"), [(48_000, 8_000), (96_000, 44_100), (192_000, 44_100)])
def test_what_the_device_cannot_play_does_not_come_back_as_another_tone(
    parts: list[str], source_hz: int, device_hz: int
) -> None:
    for share in (1.3, 1.7):
        sound = heard(parts, source_hz, device_hz, share * device_hz / 2)
        assert np.sqrt(2 * np.mean(sound**2)) < 10 ** (-55 / 20)


def test_blocks_of_any_size_give_the_same_sound(parts: list[str]) -> None:
    whole = heard(parts, 48_000, 44_100, 440.0, block=512)
    for block in (1, 37, 4096):
        np.testing.assert_allclose(heard(parts, 48_000, 44_100, 440.0, block=block), whole, atol=2e-5)


def test_equal_rates_change_nothing(parts: list[str]) -> None:
    sound = heard(parts, 48_000, 48_000, 440.0)
    angle = 2 * np.pi * 440 * np.arange(int(0.8 * 48_000)) / 48_000
    sent = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    np.testing.assert_array_equal(sound, sent[4800 : 4800 + len(sound)])


def test_the_audio_thread_allocates_nothing(parts: list[str]) -> None:
    lines = run(parts, "allocations").decode().splitlines()
    counts = {name: int(count) for name, count in (line.split() for line in lines)}
    assert counts.pop("control") == 1
    assert set(counts.values()) == {0}, counts


# The worker's life


def stops(parts: list[str], address: str, ran_s: float = 0.2) -> None:
    for line in run(parts, "stop", address, ran_s).decode().splitlines():
        took_s, state, text = line.split(" ", 2)
        assert float(took_s) < 1.0, line
        assert (state, text) == ("0", "stopped")


def test_a_worker_ends_within_a_second_whoever_listens(parts: list[str]) -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router, context.socket(zmq.PUB) as other:
        for made in (router, other):
            made.linger = 0
            made.bind("tcp://127.0.0.1:*")
            stops(parts, made.getsockopt_string(zmq.LAST_ENDPOINT))
    for address in ("tcp://127.0.0.1:9", "tcp://[::1]:9", "tcp://localhost:9", "tcp://192.0.2.1:5750"):
        stops(parts, address)
    stops(parts, "tcp://127.0.0.1:9", 0.0)


def test_odd_calls_are_told_and_harmless(parts: list[str]) -> None:
    lines = run(parts, "odd").decode().splitlines()
    assert lines[:3] == ["silent 1", "nothing taken 1", "broken taken 0"]
    assert any(line.startswith("notice bad_value") and "picture" in line for line in lines)
    assert any(line.startswith("notice bad_value") and "RESET was sent without its reason" in line for line in lines)


def test_a_state_of_the_ring_that_the_wire_does_not_take_is_not_reported(parts: list[str]) -> None:
    said = run(parts, "reports").decode().split()
    assert said == ["taken", "played_samples", "buffered_ms", "underruns", "epoch", "device_ms"]


@pytest.mark.parametrize(
    ("control", "frames", "told"),
    [
        ("tcp://127.0.0.1:5750", "-", ""),
        ("tcp://[::1]:5750", "tcp://localhost:1", ""),
        ("-", "-", "not like tcp://"),
        ("127.0.0.1:5750", "-", "not like tcp://"),
        ("tcp://127.0.0.1:0", "-", "not like tcp://"),
        ("tcp://127.0.0.1:65536", "-", "not like tcp://"),
        ("tcp://::1:5750", "-", "not like tcp://"),
        ("tcp://127.0.0.1:5750", "tcp://10.0.0.1:5751", "beyond this machine"),
        ("tcp://127.example.org:5750", "-", "beyond this machine"),
    ],
)
def test_addresses_that_cannot_be_used_are_told(parts: list[str], control: str, frames: str, told: str) -> None:
    said = run(parts, "options", control, frames).decode().strip()
    assert told in said
    assert bool(said) == bool(told)


# The program


def test_the_seconds_end_the_program_while_its_input_is_open(cpp_program: list[str], tmp_path: Path) -> None:
    options = ["--control", "tcp://127.0.0.1:9", "--record", str(tmp_path / "record"), "--seconds", "0.3"]
    command = [*cpp_program, "carry", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.wait(5) == 0
        finally:
            process.kill()
        assert process.stdout is not None
        assert process.stdout.read().splitlines()[-1].startswith("end underruns=0 ")
    assert 0.2 < (tmp_path / "record").stat().st_size / 8 / 48_000 < 0.6
