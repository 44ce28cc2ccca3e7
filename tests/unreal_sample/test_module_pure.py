"""The engine-free headers of the Unreal module, run under g++: axes, angles, row pitch, gait, boxes, pacing, words."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import programs
import pytest
import unreal_build
from numpy.typing import NDArray

from stereosync_bridge.keys import make_client_keys, make_server_keys

FloatArray = NDArray[np.float64]
Pure = Callable[..., str]
STRIDE_CM, STANCE_SHARE, BONE_CM, ANKLE_CM, RADIUS_CM = 120.0, 0.6, 45.0, 9.0, 220.0


@pytest.fixture(scope="module")
def pure(tmp_path_factory: pytest.TempPathFactory) -> Pure:
    """Runs `pure NAME` on a text and gives what it wrote."""
    program = tmp_path_factory.mktemp("pure") / "pure"
    options = ["-std=c++17", "-O1", *unreal_build.WARNINGS, "-fno-exceptions", "-fno-rtti"]
    compiler = programs.require_tool("g++", "g++")
    programs.build(
        [compiler, *options, f"-I{unreal_build.PURE.parent}", str(unreal_build.STUBS / "pure.cpp"), "-o", str(program)]
    )

    def run(*arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [str(program), *arguments], input=text, capture_output=True, text=True, timeout=20, check=True
        )
        return done.stdout

    return run


def numbers(text: str) -> FloatArray:
    return np.array([float(word) for word in text.split()])


def words(*values: object) -> str:
    return " ".join(str(number) for value in values for number in np.ravel(np.asarray(value, dtype=float)))


def unreal_axes(pitch_deg: float, yaw_deg: float) -> FloatArray:
    """Forward, right and up of a rotator without roll: X forward, Y right, Z up, left-handed."""
    p, y = math.radians(pitch_deg), math.radians(yaw_deg)
    forward = [math.cos(p) * math.cos(y), math.cos(p) * math.sin(y), math.sin(p)]
    right = [-math.sin(y), math.cos(y), 0.0]
    up = [-math.sin(p) * math.cos(y), -math.sin(p) * math.sin(y), math.cos(p)]
    return np.array([forward, right, up])


@pytest.mark.parametrize(
    ("pitch_deg", "yaw_deg", "world_cm", "camera_m"),
    [
        (0, 0, [500, 0, 0], [0, 0, 5]),
        (0, 0, [500, 200, 0], [2, 0, 5]),
        (0, 0, [500, 0, 100], [0, 1, 5]),
        (0, 90, [0, 500, 0], [0, 0, 5]),
        (0, 90, [-200, 500, 0], [2, 0, 5]),
        (90, 0, [0, 0, 700], [0, 0, 7]),
    ],
)
def test_axes(pure: Pure, pitch_deg: float, yaw_deg: float, world_cm: list[float], camera_m: list[float]) -> None:
    text = words([0, 0, 0], unreal_axes(pitch_deg, yaw_deg), world_cm)
    np.testing.assert_allclose(numbers(pure("axes", text=text)), camera_m, atol=1e-9)


def test_axes_count_from_the_camera(pure: Pure) -> None:
    text = words([100, 50, 160], unreal_axes(0, 0), [1100, 150, 260])
    np.testing.assert_allclose(numbers(pure("axes", text=text)), [1, 1, 10], atol=1e-9)


@pytest.mark.parametrize(("horizontal_deg", "aspect"), [(90, 16 / 9), (60, 4 / 3), (120, 2.0)])
def test_angles(pure: Pure, horizontal_deg: float, aspect: float) -> None:
    found = numbers(pure("angles", text=words(horizontal_deg, aspect)))
    half = math.tan(math.radians(horizontal_deg) / 2)
    assert found[0] == pytest.approx(2 * math.degrees(math.atan(half / aspect)))
    assert found[1] == 1
    assert found[2] == pytest.approx(half)


@pytest.mark.parametrize(("horizontal_deg", "aspect"), [(0.9, 1.0), (179.5, 1.0), (1.2, 2.0), (178.9, 0.25)])
def test_angles_that_the_wire_refuses(pure: Pure, horizontal_deg: float, aspect: float) -> None:
    assert numbers(pure("angles", text=words(horizontal_deg, aspect)))[1] == 0


@pytest.mark.parametrize("gap_px", [0, 1, 5])
def test_picture_rows_are_packed(pure: Pure, gap_px: int) -> None:
    width, height = 3, 4
    mapped = np.full((height, width + gap_px, 4), 238)
    mapped[:, :width] = np.arange(height * width * 4).reshape(height, width, 4)
    found = numbers(pure("rows", text=words(width, height, width + gap_px, mapped)))
    assert found[0] == 1
    np.testing.assert_array_equal(found[1:], np.arange(height * width * 4))


def test_rows_shorter_than_the_picture_are_refused(pure: Pure) -> None:
    assert numbers(pure("rows", text=words(1, 1, 0, [0] * 4)))[0] == 0


def test_corners_are_numbered_by_their_sides(pure: Pure) -> None:
    found = numbers(pure("corners", text=words([200, -50, 10], [300, 70, 40]))).reshape(8, 3)
    expected = [
        [0.7 if number & 2 else -0.5, 0.4 if number & 4 else 0.1, 3.0 if number & 1 else 2.0] for number in range(8)
    ]
    np.testing.assert_allclose(found, expected, atol=1e-9)


@pytest.fixture(scope="module")
def walk(pure: Pure) -> FloatArray:
    """A row per 1 cm of way: distance, hips, then of each side hip, knee, ankle, toes, planted, hand."""
    distance_cm = np.arange(0, 5 * STRIDE_CM, 1.0)
    rows = numbers(pure("gait", text=words(distance_cm))).reshape(len(distance_cm), 3 + 2 * 16)
    return np.hstack([distance_cm[:, None], rows])


def leg(walk: FloatArray, side: int) -> dict[str, FloatArray]:
    part = walk[:, 4 + 16 * side :]
    return {
        "hip": part[:, :3],
        "knee": part[:, 3:6],
        "ankle": part[:, 6:9],
        "toes": part[:, 9:12],
        "planted": part[:, 12],
    }


@pytest.mark.parametrize("side", [0, 1])
def test_standing_feet_do_not_slide(walk: FloatArray, side: int) -> None:
    one = leg(walk, side)
    both = (one["planted"][1:] == 1) & (one["planted"][:-1] == 1)
    assert np.abs(np.diff(one["ankle"], axis=0)[both]).max() < 1e-9
    assert one["planted"].mean() == pytest.approx(STANCE_SHARE, abs=0.02)


@pytest.mark.parametrize("side", [0, 1])
def test_feet_reach_the_ground_and_never_pass_it(walk: FloatArray, side: int) -> None:
    sole_cm = leg(walk, side)["ankle"][:, 2] - ANKLE_CM
    planted = leg(walk, side)["planted"] == 1
    assert np.abs(sole_cm[planted]).max() < 1e-9
    assert sole_cm.min() > -1e-9
    assert sole_cm.max() > 8


@pytest.mark.parametrize("side", [0, 1])
def test_a_foot_has_no_speed_left_at_its_contact(walk: FloatArray, side: int) -> None:
    ankle, planted = leg(walk, side)["ankle"], leg(walk, side)["planted"]
    contacts = np.flatnonzero((planted[1:] == 1) & (planted[:-1] == 0)) + 1
    np.testing.assert_array_equal(
        contacts, np.arange(STRIDE_CM if side == 0 else STRIDE_CM / 2, 5 * STRIDE_CM, STRIDE_CM)
    )
    speed = np.linalg.norm(np.diff(ankle, axis=0), axis=1)  # cm per cm of way
    assert speed.max() > 2
    assert speed[contacts - 1].max() < 0.2


def test_the_next_contact_is_known(pure: Pure) -> None:
    found = numbers(pure("next", text=words([0, 1, 59.5, 60, 61, 119, 120, 121]))).reshape(-1, 2)
    assert list(found[:, 0]) == [0, 120, 120, 120, 120, 120, 120, 240]
    assert list(found[:, 1]) == [60, 60, 60, 60, 180, 180, 180, 180]


@pytest.mark.parametrize("side", [0, 1])
def test_bones_keep_their_length(walk: FloatArray, side: int) -> None:
    one = leg(walk, side)
    for upper, lower in (("hip", "knee"), ("knee", "ankle")):
        np.testing.assert_allclose(np.linalg.norm(one[upper] - one[lower], axis=1), BONE_CM, rtol=1e-6)


def test_hips_go_around_at_one_speed_with_left_to_the_left(walk: FloatArray) -> None:
    hips = walk[:, 1:4]
    np.testing.assert_allclose(np.hypot(hips[:, 0], hips[:, 1]), RADIUS_CM)
    np.testing.assert_allclose(np.linalg.norm(np.diff(hips[:, :2], axis=0), axis=1), 1.0, rtol=1e-4)
    forward = np.diff(hips, axis=0)
    side = leg(walk, 1)["hip"][1:] - leg(walk, 0)["hip"][1:]  # from the left hip to the right one
    assert (forward[:, 0] * side[:, 1] - forward[:, 1] * side[:, 0]).min() > 0  # Y right of X: left-handed


def test_pacer_keeps_its_rate_and_does_not_catch_up(pure: Pure) -> None:
    steady = np.arange(0, 2, 1 / 90)
    assert numbers(pure("pacer", text=words(30, steady))).sum() == pytest.approx(60, abs=1)
    assert numbers(pure("pacer", text=words(30, np.arange(0, 2, 1 / 29.5)))).sum() == pytest.approx(59, abs=1)
    paused = numbers(pure("pacer", text=words(30, [0, 1 / 30, 10, 10.001, 10.002, 10.034])))
    assert list(paused) == [1, 1, 1, 0, 0, 1]


def test_rate_looks_once_a_second(pure: Pure) -> None:
    found = numbers(pure("rate", text=words([0, 0], [15, 0.5], [30, 1.0], [31, 1.5], [90, 3.0])))
    assert list(found) == [0, 0, 30, 30, 30]


KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"


def test_keys_are_read_from_the_files_of_stereosync_keys(pure: Pure, tmp_path: Path) -> None:
    make_server_keys(tmp_path)
    make_client_keys(tmp_path, "game")
    secret_text = (tmp_path / "game.key_secret").read_text(encoding="utf-8")
    server_text = (tmp_path / "server.key").read_text(encoding="utf-8")
    for text, name in ((secret_text, "public-key"), (secret_text, "secret-key"), (server_text, "public-key")):
        key = pure("key", name, text=text)
        assert len(key) == 40
        assert f'{name} = "{key}"' in text
    assert pure("key", "secret-key", text=server_text) == ""


def test_a_key_of_another_length_is_none(pure: Pure) -> None:
    assert pure("key", "public-key", text=f'public-key = "{KEY}"') == KEY
    assert pure("key", "public-key", text=f'public-key = "{KEY[1:]}"') == ""
    assert pure("key", "public-key", text=f'public-key =\nother = "{KEY}"') == ""
    assert pure("key", "public-key", text="") == ""


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("0 0 0 0\nno answer\n\n\n", ["StereoSync: connecting", "no answer"]),
        (
            "1 0 5 0\nfine\n\n\n",
            [
                "connected, walk",
                "No character is in the picture",
                "320x180, 5 sent",
                "told: nothing",
                "61 ms buffered, 3 underruns, age 88 ms",
            ],
        ),
        ("1 0 5 1\nfine\n\n\n", ["connected, walk", "characters in view: 1", "told", "underruns"]),
        ("1 0 5 1\nfine\nlook at depth\n\n", ["connected, walk", "look at depth", "sent", "told", "underruns"]),
        ("1 0 5 1\nfine\nlook at depth\nno camera\n", ["connected, walk", "no camera", "sent", "told", "underruns"]),
        ("1 1 5 0\nfine\nlook at depth\n\n", ["connected, paused", "sent", "told", "underruns"]),
    ],
)
def test_status_says_what_to_do(pure: Pure, facts: str, expected: list[str]) -> None:
    lines = pure("status", text=facts).splitlines()
    assert len(lines) == len(expected)
    assert all(part in line for part, line in zip(expected, lines, strict=True)), lines


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("0 0 0 1 1 1 1 1\n\n\n", "told: nothing, all is seen"),
        ("2 1 1 1 1 1 1 1\ngravel\nforest\n", "told: 2 feet on gravel, 1 contact; place forest"),
        ("4 2 0 1 1 1 1 0\n\n\n", "told: 4 feet, 2 contacts"),
        ("0 0 0 1 0 0 1 0\nwood\n\n", "told: ground wood"),
        ("0 1 0 1 1 1 1 1\n\n\n", "told: 1 contact"),
        ("0 0 1 0 1 1 1 1\n\n\n", "told: place without a name, steps alone"),
        ("1 0 0 1 0 0 0 0\n\n\n", "told: 1 foot (this model has no use for feet)"),
        (
            "2 1 1 1 1 0 0 0\nice\nsea\n",
            "told: 2 feet on ice, 1 contact; place sea (this model has no use for grounds, contacts, places)",
        ),
        ("0 0 0 1 0 0 0 0\n\n\n", "told: nothing, all is seen"),
    ],
)
def test_what_is_told_is_said_in_a_line(pure: Pure, facts: str, expected: str) -> None:
    assert pure("told", text=facts) == expected
