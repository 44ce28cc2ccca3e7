"""Parts of the C# core that no wire shows: boxes, rates, the worker's life, garbage of the audio thread."""

from __future__ import annotations

import itertools
import math
import re
import subprocess

import numpy as np
import pytest
from numpy.typing import NDArray

from stereosync_bridge.conformance.script import RATE_HZ, Script

LIMIT_S = 60
WIDTH, HEIGHT = 320, 180
NEAR = 0.1
TELLING_US = 20  # what four characters that tell all they can may cost more than four that tell nothing

Matrix = NDArray[np.float64]


def run(program: list[str], mode: str, lines: list[str]) -> list[str]:
    text = "".join(f"{line}\n" for line in lines)
    done = subprocess.run([*program, mode], input=text, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split("\n")[:-1]


# Boxes


def view_projection(position: tuple[float, float, float], yaw_rad: float = 0.0, fov_deg: float = 60.0) -> Matrix:
    """OpenGL's: looks along -z, here turned to the left by the yaw."""
    cos, sin = math.cos(yaw_rad), math.sin(yaw_rad)
    turn = np.array([[cos, 0, -sin, 0], [0, 1, 0, 0], [sin, 0, cos, 0], [0, 0, 0, 1.0]])
    move = np.eye(4)
    move[:3, 3] = [-value for value in position]
    f, far = 1 / math.tan(math.radians(fov_deg) / 2), 1000.0
    projection = np.zeros((4, 4))
    projection[0, 0], projection[1, 1] = f * HEIGHT / WIDTH, f
    projection[2, 2], projection[2, 3] = (far + NEAR) / (NEAR - far), 2 * far * NEAR / (NEAR - far)
    projection[3, 2] = -1
    matrix: Matrix = projection @ turn @ move
    return matrix.astype(np.float32).astype(np.float64)


def cuboid(centre: tuple[float, float, float], half: tuple[float, float, float]) -> Matrix:
    """(8, 3): bit 1 of a corner's number is its side along x, 2 along y, 4 along z."""
    signs = [[2 * (number >> axis & 1) - 1 for axis in range(3)] for number in range(8)]
    return (np.array(centre) + np.array(signs) * np.array(half)).astype(np.float32).astype(np.float64)


def pixels(points: Matrix, matrix: Matrix) -> Matrix:
    """(n, 2) of the points in front of the near plane."""
    clip = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ matrix.T
    seen = clip[clip[:, 3] >= NEAR]
    place = seen[:, :2] / seen[:, 3:]
    return np.stack([(place[:, 0] + 1) / 2 * WIDTH, (1 - place[:, 1]) / 2 * HEIGHT], axis=1)


def edge_points(corners: Matrix, count: int = 20_001) -> Matrix:
    pairs = [(a, b) for a, b in itertools.combinations(range(8), 2) if (a ^ b) in (1, 2, 4)]
    share = np.linspace(0, 1, count)[:, None]
    return np.concatenate([corners[a] * (1 - share) + corners[b] * share for a, b in pairs])


def project(program: list[str], shape: str, points: Matrix, matrix: Matrix) -> list[float] | None:
    words = [shape, NEAR, WIDTH, HEIGHT, *map(float, matrix.reshape(-1)), *map(float, points.reshape(-1))]
    (answer,) = run(program, "project", [" ".join(map(str, words))])
    return None if answer == "none" else [float(word) for word in answer.split()]


@pytest.mark.parametrize("yaw_rad", [0.0, 0.3, -0.5])
def test_a_cuboid_s_rectangle_is_that_of_its_corners(csharp_program: list[str], yaw_rad: float) -> None:
    matrix = view_projection((0.5, 1.6, 3.0), yaw_rad)
    corners = cuboid((0.2, 1.0, -4.0), (0.3, 1.0, 0.25))
    seen = pixels(corners, matrix)
    expected = [*seen.min(axis=0), *seen.max(axis=0)]
    assert project(csharp_program, "cuboid", corners, matrix) == pytest.approx(expected, abs=1e-6)
    assert project(csharp_program, "points", corners, matrix) == pytest.approx(expected, abs=1e-6)


def test_edges_through_the_near_plane_are_cut_not_dropped(csharp_program: list[str]) -> None:
    matrix = view_projection((0.0, 1.0, 0.0))
    corners = cuboid((0.15, 1.0, -1.0), (0.1, 0.1, 1.5))
    found = project(csharp_program, "cuboid", corners, matrix)
    seen = pixels(edge_points(corners), matrix)
    assert found == pytest.approx([*seen.min(axis=0), *seen.max(axis=0)], rel=2e-3, abs=0.5)
    dropped = pixels(corners, matrix)
    assert found is not None
    assert found[2] > 3 * dropped[:, 0].max(), "without the cut the rectangle would be much too small"


@pytest.mark.parametrize(
    "centre", [(0.0, 1.0, 5.0), (30.0, 1.0, -5.0), (-30.0, 1.0, -5.0), (0.0, 30.0, -5.0), (0.0, -30.0, -5.0)]
)
def test_what_is_behind_or_beside_the_picture_has_none(
    csharp_program: list[str], centre: tuple[float, float, float]
) -> None:
    matrix = view_projection((0.0, 1.0, 0.0))
    assert project(csharp_program, "cuboid", cuboid(centre, (0.3, 1.0, 0.3)), matrix) is None
    assert project(csharp_program, "cuboid", cuboid((0.0, 1.0, -5.0), (0.3, 1.0, 0.3)), matrix) is not None


def test_a_rectangle_stays_within_what_the_wire_allows(csharp_program: list[str]) -> None:
    found = project(
        csharp_program, "cuboid", cuboid((0.0, 0.0, 0.0), (1e6, 1e6, 1e6)), view_projection((0.0, 1.0, 0.0))
    )
    assert found == [-1e6, -1e6, 1e6, 1e6]


# Rates


FREQUENCY_HZ = 300.0


def sine(time_s: Matrix) -> Matrix:
    angle = 2 * np.pi * FREQUENCY_HZ * time_s
    return np.stack([0.5 * np.sin(angle), 0.4 * np.cos(angle)], axis=1)


def listen(program: list[str], reads: list[tuple[int, int]]) -> Matrix:
    """What is heard of a stream of 8000 Hz; each read is (device rate, samples). Enough always waits."""
    script = Script()
    script.joined()
    taken = 0.0
    rate_hz = RATE_HZ
    for next_rate_hz, count in reads:
        if next_rate_hz != rate_hz:
            rate_hz = next_rate_hz
            script.do("output", rate_hz)
        taken += count * RATE_HZ / rate_hz
        while script.next_sample < taken + 1200:
            at = np.arange(script.next_sample, script.next_sample + 400) / RATE_HZ
            script.audio(n=400, samples=sine(at))
            script.poll(0.001)
        script.do("listen", count)
    answers = run(program, "converse", script.lines)
    assert "unknown" not in answers
    assert [line.split()[3] for line in answers if line.startswith("ring")] == ["0"] * len(reads), "an underrun"
    sound = [line.split()[1:] for line in answers if line.startswith("sound")]
    return np.array([float(word) for line in sound for word in line]).reshape(-1, 2)


def times(reads: list[tuple[int, int]]) -> Matrix:
    """When each device sample is heard, s after the first."""
    lengths = np.concatenate([np.full(count, 1 / rate_hz) for rate_hz, count in reads])
    time_s: Matrix = np.cumsum(lengths) - lengths
    return time_s


@pytest.mark.parametrize("rate_hz", [8_001, 11_025, 44_100, 48_000])
def test_a_tone_keeps_its_pitch_level_and_place_at_every_rate(csharp_program: list[str], rate_hz: int) -> None:
    reads = [(rate_hz, 256)] * (rate_hz // 1000)
    sound = listen(csharp_program, reads)
    late = slice(rate_hz // 50, None)
    np.testing.assert_allclose(sound[late], sine(times(reads))[late], atol=5e-4)


def test_a_tone_below_the_device_s_limit_passes_and_one_above_it_does_not(csharp_program: list[str]) -> None:
    """From 48000 to 16000 Hz: 2 kHz is heard, 12 kHz, which would become 4 kHz, is not."""
    script = Script()
    script.joined(sample_rate_hz=48_000)
    at_s = np.arange(14_400) / 48_000
    low, high = 0.5 * np.sin(2 * np.pi * 2000 * at_s), 0.5 * np.sin(2 * np.pi * 12_000 * at_s)
    script.audio(n=14_400, samples=np.stack([low, high], axis=1))
    script.poll()
    script.do("output", 16_000)
    script.do("listen", 4000)
    (line,) = [line for line in run(csharp_program, "converse", script.lines) if line.startswith("sound")]
    sound = np.array([float(word) for word in line.split()[1:]]).reshape(-1, 2)[400:]
    levels = np.sqrt((sound**2).mean(axis=0))
    assert levels[0] == pytest.approx(0.5 / math.sqrt(2), rel=2e-3)
    assert levels[1] < 2e-4


def test_the_sound_does_not_depend_on_the_size_of_the_calls(csharp_program: list[str]) -> None:
    whole = listen(csharp_program, [(44_100, 20_000)])
    sizes = [1, 2, 3, 64, 255, 256, 257, 511, 512, 513, 1024, 3000, 7, 5595]
    pieces = listen(csharp_program, [(44_100, size) for size in [*sizes, 20_000 - sum(sizes)]])
    np.testing.assert_allclose(pieces, whole, atol=1e-6)


def test_a_device_that_changes_its_rate_amid_the_tone_leaves_no_seam(csharp_program: list[str]) -> None:
    reads = [(rate_hz, 200) for rate_hz in (8000, 11_025, 44_100, 8000, 16_000, 48_000) for _ in range(8)]
    sound, time_s = listen(csharp_program, reads), times(reads)
    until = 24 * 200  # up to there no rate equals the stream's again, so that not even a part of a sample is left out
    np.testing.assert_allclose(sound[200:until], sine(time_s)[200:until], atol=1e-3)
    own = 2 * np.pi * FREQUENCY_HZ * 0.5 * np.diff(time_s)
    assert (np.abs(np.diff(sound[:, 0])) / own)[200:].max() < 1.5


# The worker and the audio thread


def test_a_worker_survives_every_order_of_calls_and_a_transport_that_throws(csharp_program: list[str]) -> None:
    facts = dict(line.split(" ", 1) for line in run(csharp_program, "lifecycle", []))
    for name in ("unstarted", "started", "broken_factory"):
        wait_ms, state = facts[name].split()
        assert int(wait_ms) < 1000, name
        assert state == "Stopped", name
    assert facts["after_dispose"] == "False 0 Stopped"
    made, wait_ms, state, told = facts["throwing"].split(" ", 3)
    assert (made, state) == ("2", "Stopped")
    assert int(wait_ms) < 1000
    assert "starts anew" in told
    assert "the third wait" in told


def test_the_audio_thread_allocates_nothing(csharp_program: list[str]) -> None:
    collections = dict(line.split() for line in run(csharp_program, "allocations", []))
    assert (collections["silent"], collections["playing"]) == ("0", "0")
    assert int(collections["control"]) > 10


# What a game tells


def test_telling_costs_a_frame_no_garbage_and_few_microseconds(csharp_program: list[str]) -> None:
    costs = {name: (float(allocated), float(us)) for name, allocated, us in map(str.split, telling(csharp_program))}
    assert costs["control"][0] >= 16, "the measure sees what is allocated"
    assert costs["plain"][0] == costs["told"][0] == 0
    assert costs["told"][1] - costs["plain"][1] < TELLING_US


def telling(program: list[str]) -> list[str]:
    lines = run(program, "telling", [])
    print(*lines, sep="\n")
    return lines


WORDS = [
    "gravel",
    "",
    "x" * 64 + "y",
    "\U0001f600" * 64 + "y",
    "a\tb\u00a0\u200b",
    "\u00e9" * 70,
    "\u96ea" * 70,
    "\ud83d" + "x" * 64,
    "x" * 63 + "\U0001f600" + "y",
    "\udc00\ud83d",
]


def test_a_word_is_cut_at_64_characters_of_unicode_and_is_never_an_error(csharp_program: list[str]) -> None:
    sent = run(csharp_program, "words", [word.encode("utf-16-be", "surrogatepass").hex() for word in WORDS])
    for word, got in zip(WORDS, sent, strict=True):
        halves = re.sub("[\ud800-\udfff]", "\ufffd", word)
        assert bytes.fromhex(got).decode() == halves[:64], ascii(word)
