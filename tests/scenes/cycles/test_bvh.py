"""A figure's walk comes back from BVH in the unit that is guessed, with its contacts and its way; damage is told."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_bvh import figure_bvh
from moving_figure import MovingFigure, moving_figure

from stereosync.errors import UserError
from stereosync_scenes.cycles.bvh import read_bvh
from stereosync_scenes.cycles.files import read_cycles


@pytest.fixture(scope="module")
def figure() -> MovingFigure:
    return moving_figure()


def test_a_capture_of_one_turn_has_its_contacts_though_no_joint_is_a_heel(figure: MovingFigure, tmp_path: Path) -> None:
    (cycle,) = read_cycles(figure_bvh(tmp_path / "walk.bvh", figure), lambda _text: None)
    assert (cycle.body, cycle.name) == ("walk", "walk")
    assert cycle.way_m == pytest.approx(figure.way_m, rel=0.03)
    off = (np.array(cycle.contact_phase) - np.array(figure.contact_s) / figure.period_s + 0.5) % 1.0 - 0.5
    assert np.abs(off * figure.period_s).max() <= 0.02


def test_a_capture_of_several_turns_gives_one(tmp_path: Path) -> None:
    figure = moving_figure(3.4)
    (cycle,) = read_cycles(figure_bvh(tmp_path / "walk.bvh", figure), lambda _text: None)
    assert cycle.period_s == pytest.approx(figure.period_s, rel=0.02)
    assert cycle.way_m == pytest.approx(figure.way_m, rel=0.03)
    step = (cycle.contact_phase[1] - cycle.contact_phase[0]) % 1.0 * cycle.period_s
    assert step == pytest.approx(figure.contact_s[1] - figure.contact_s[0], abs=0.03)  # no two turns are the same


@pytest.mark.parametrize(
    ("unit_m", "name"),
    [(1.0, "metres"), (0.01, "centimetres"), (0.0254, "inches"), (0.0254 / 0.45, "CMU"), (1e-3, "mill")],
)
def test_the_unit_is_guessed_and_said(figure: MovingFigure, tmp_path: Path, unit_m: float, name: str) -> None:
    said: list[str] = []
    (cycle,) = read_cycles(figure_bvh(tmp_path / "walk.bvh", figure, unit_m), said.append)
    assert len(said) == 1
    assert name in said[0]
    assert str(tmp_path / "walk.bvh") in said[0]
    assert cycle.height_m == pytest.approx(1.78, abs=0.05)


def test_channels_stand_in_any_order_and_turns_follow_it(tmp_path: Path) -> None:
    path = tmp_path / "arm.bvh"
    path.write_text(
        "HIERARCHY\nROOT Hips\n{\n  OFFSET 0 0 0\n  CHANNELS 4 Yrotation Zposition Xposition Xrotation\n"
        "  JOINT Arm\n  {\n    OFFSET 0 170 0\n    CHANNELS 1 Zrotation\n"
        "    End Site\n    {\n      OFFSET 10 0 0\n    }\n  }\n}\n"
        "MOTION\nFrames: 2\nFrame Time: 0.5\n0 0 0 0 0\n90 1 2 90 90\n",
        encoding="utf-8",
    )
    motion = read_bvh(path, lambda _text: None)
    assert motion.bones == ("Hips", "Arm", "Arm end")
    assert motion.step_s == 0.5
    left_m = motion.points_m * (-100, 100, 100)  # centimetres again, as the file has them
    assert left_m[0] == pytest.approx(np.array([[0, 0, 0], [0, 170, 0], [10, 170, 0]]), abs=1e-9)
    # about x first and then about y: up goes ahead, then to x; the arm's own turn lifts x to y, which goes so too
    assert left_m[1] == pytest.approx(np.array([[2, 0, 1], [172, 0, 1], [182, 0, 1]]), abs=1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[: len(text) // 2], "cut off"),
        (lambda text: text[:200], "no whole BVH"),
        (lambda text: text[:0], "no whole BVH"),
        (lambda text: text.replace("HIERARCHY", "HIERARCHIE"), "HIERARCHY"),
        (lambda text: text.replace("MOTION\n", "ROOT Other\n{\nOFFSET 0 0 0\n}\nMOTION\n"), "two bodies"),
        (lambda text: text.replace("Frames: 33", "Frames: 1"), "one frame"),
        (lambda text: text.replace("Frame Time: 0.03", "Frame Time: 33"), "frame time"),
        (lambda text: text.rstrip().rpartition(" ")[0] + " nan", "not finite"),
        (lambda text: text.replace("Xrotation", "Wrotation"), "'Wrotation'"),
    ],
)
def test_what_cannot_be_read_is_told(
    figure: MovingFigure, tmp_path: Path, change: Callable[[str], str], words: str
) -> None:
    path = figure_bvh(tmp_path / "odd.bvh", figure)
    path.write_text(change(path.read_text("utf-8")), encoding="utf-8")
    with pytest.raises(UserError, match=words) as raised:
        read_cycles(path)
    assert str(path) in str(raised.value)


def standing(figure: MovingFigure) -> MovingFigure:
    places, turns = (part[:1].repeat(len(part), 0) for part in (figure.places_m, figure.turns))
    return dataclasses.replace(figure, places_m=places, turns=turns)


def z_up(figure: MovingFigure) -> MovingFigure:
    turn = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    return dataclasses.replace(figure, places_m=figure.places_m @ turn.T, turns=turn @ figure.turns @ turn.T)


def test_a_body_that_stands_or_has_no_plausible_size_is_told(figure: MovingFigure, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="stands still"):
        read_cycles(figure_bvh(tmp_path / "still.bvh", standing(figure)))
    with pytest.raises(UserError, match="no unit makes a person"):
        read_cycles(figure_bvh(tmp_path / "giant.bvh", figure, 0.2))
    with pytest.raises(UserError, match="y is up"):
        read_cycles(figure_bvh(tmp_path / "lying.bvh", z_up(figure)))


@pytest.fixture(scope="module")
def whole(figure: MovingFigure, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    path = figure_bvh(tmp_path_factory.mktemp("mutated") / "mutated.bvh", figure)
    return path.read_text("utf-8").split(), path


ODD = st.sampled_from(
    ["", "{", "}", "JOINT", "End", "nan", "inf", "-1", "1e308", "0", "MOTION", "Frames:", "CHANNELS", "x"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_changed_words_are_read_or_refused(whole: tuple[list[str], Path], data: st.DataObject) -> None:
    words, path = list(whole[0]), whole[1]
    for _ in range(data.draw(st.integers(1, 3))):
        words[data.draw(st.one_of(st.integers(0, 300), st.integers(0, len(words) - 1)))] = data.draw(ODD)
    path.write_text(" ".join(words[: data.draw(st.integers(1, 2 * len(words)))]), encoding="utf-8")
    try:
        cycles = read_cycles(path, lambda _text: None)
    except UserError:
        return
    assert all(np.isfinite(cycle.points_m).all() for cycle in cycles)
