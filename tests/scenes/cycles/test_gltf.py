"""A figure's walk comes back from glTF in every dress of the format, with its contacts and its way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made_gltf import GltfWriter, add_animation, add_figure, add_pose, figure_glb
from moving_figure import MovingFigure, moving_figure

from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.files import read_cycles

WITHIN_S, WITHIN_WAY = 0.02, 0.03


@pytest.fixture(scope="module")
def figure() -> MovingFigure:
    return moving_figure()


def assert_same(cycle: BodyCycle, figure: MovingFigure, within_s: float = WITHIN_S) -> None:
    assert cycle.period_s == pytest.approx(figure.period_s, rel=0.02)
    assert cycle.way_m == pytest.approx(figure.way_m, rel=WITHIN_WAY)
    assert_contacts(cycle, figure, within_s)


def assert_contacts(cycle: BodyCycle, figure: MovingFigure, within_s: float = WITHIN_S) -> None:
    off = (np.array(cycle.contact_phase) - np.array(figure.contact_s) / figure.period_s + 0.5) % 1.0 - 0.5
    assert np.abs(off * figure.period_s).max() <= within_s


def written(figure: MovingFigure, **how: object) -> GltfWriter:
    writer = GltfWriter()
    add_figure(writer, figure)
    add_animation(writer, figure, "walk", **how)  # type: ignore[arg-type]
    return writer


@pytest.mark.parametrize("in_place", [False, True])
def test_a_walk_comes_back_from_a_glb(figure: MovingFigure, tmp_path: Path, in_place: bool) -> None:
    (cycle,) = read_cycles(figure_glb(tmp_path / "knight.glb", figure, in_place=in_place))
    assert (cycle.body, cycle.name) == ("knight", "walk")
    assert_same(cycle, figure)
    assert 100 < cycle.points_m.shape[1] < 500
    across, tall, ahead = np.ptp(figure.skin_m, axis=0)
    assert np.ptp(cycle.points_m[0], axis=0) == pytest.approx([across, tall, ahead], abs=0.02)
    assert np.median(cycle.points_m[..., 1].min(axis=1)) == pytest.approx(0, abs=0.005)
    assert cycle.points_m.mean(axis=(0, 1))[[0, 2]] == pytest.approx([0, 0], abs=1e-6)


@pytest.mark.parametrize("how", ["CUBICSPLINE", "STEP"])
def test_keys_are_joined_as_the_sampler_says(figure: MovingFigure, tmp_path: Path, how: str) -> None:
    (cycle,) = read_cycles(figure_glb(tmp_path / "knight.glb", figure, how=how))
    assert_same(cycle, figure, 1 / 30 if how == "STEP" else WITHIN_S)


@pytest.mark.parametrize("embedded", [False, True])
def test_buffers_lie_in_the_text_or_beside_it(figure: MovingFigure, tmp_path: Path, embedded: bool) -> None:
    (cycle,) = read_cycles(written(figure).gltf(tmp_path / "knight.gltf", embedded))
    assert_same(cycle, figure)


def name_nothing(bone: str) -> str:
    return f"bone {len(bone)}"


@pytest.mark.parametrize(("skin", "name"), [(False, "{}".format), (True, name_nothing)])
def test_joints_alone_and_bones_without_names_are_enough(
    figure: MovingFigure, tmp_path: Path, skin: bool, name: Callable[[str], str]
) -> None:
    writer = GltfWriter()
    add_figure(writer, figure, name, skin)
    add_animation(writer, figure, "walk", in_place=skin)
    (cycle,) = read_cycles(writer.glb(tmp_path / "bones.glb"))
    assert_same(cycle, figure)


def test_rigid_parts_that_move_are_a_body(figure: MovingFigure, tmp_path: Path) -> None:
    writer = GltfWriter()
    add_figure(writer, figure, skin=False)
    add_animation(writer, figure, "walk")
    meshes = writer.document["meshes"] = []
    for bone in sorted(set(figure.skin_bones)):
        part = figure.skin_m[np.array(figure.skin_bones) == bone] - figure.places_m[0, bone]
        meshes.append({"primitives": [{"attributes": {"POSITION": writer.accessor(part)}}]})
        writer.document["nodes"][bone]["mesh"] = len(meshes) - 1
    (cycle,) = read_cycles(writer.glb(tmp_path / "parts.glb"))
    assert_same(cycle, figure)


def test_several_turns_give_the_one_that_repeats_best(tmp_path: Path) -> None:
    figure = moving_figure(3.4)
    (cycle,) = read_cycles(figure_glb(tmp_path / "long.glb", figure))
    assert cycle.period_s == pytest.approx(figure.period_s, rel=0.02)
    assert cycle.way_m == pytest.approx(figure.way_m, rel=WITHIN_WAY)
    step = (cycle.contact_phase[1] - cycle.contact_phase[0]) % 1.0 * cycle.period_s
    # no two turns are the same
    assert step == pytest.approx(figure.contact_s[1] - figure.contact_s[0], abs=1.5 * WITHIN_S)


def turned(figure: MovingFigure, angle_rad: float) -> MovingFigure:
    """The figure, its walk turned about the axis that is up."""
    sin, cos = np.sin(angle_rad), np.cos(angle_rad)
    turn = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    places, skin = figure.places_m @ turn.T, figure.skin_m @ turn.T
    return dataclasses.replace(figure, places_m=places, skin_m=skin, turns=turn @ figure.turns @ turn.T)


@pytest.mark.parametrize("angle_rad", [np.pi / 2, np.pi, -0.7])
def test_a_body_is_turned_to_face_ahead(figure: MovingFigure, tmp_path: Path, angle_rad: float) -> None:
    (cycle,) = read_cycles(figure_glb(tmp_path / "aside.glb", turned(figure, angle_rad)))
    assert_same(cycle, figure)
    assert np.ptp(cycle.points_m[0], axis=0) == pytest.approx(np.ptp(figure.skin_m, axis=0), abs=0.03)


@pytest.mark.parametrize("name", ["{}".format, name_nothing])
def test_a_walk_backward_has_a_way_below_0(figure: MovingFigure, tmp_path: Path, name: Callable[[str], str]) -> None:
    back = dataclasses.replace(figure, places_m=figure.places_m[::-1], turns=figure.turns[::-1])
    writer = GltfWriter()
    add_figure(writer, figure, name)
    add_animation(writer, back, "back")
    (cycle,) = read_cycles(writer.glb(tmp_path / "back.glb"))
    assert cycle.way_m == pytest.approx(-figure.way_m, rel=WITHIN_WAY)


def test_each_animation_is_a_gait_and_what_is_none_is_left_out_with_a_word(
    figure: MovingFigure, tmp_path: Path
) -> None:
    writer = written(figure, in_place=True)
    add_animation(writer, figure, "walk on")
    add_pose(writer, "T-pose", [0.0])
    add_pose(writer, "idle", [0.0, 2.0])
    said: list[str] = []
    cycles = read_cycles(writer.glb(tmp_path / "knight.glb"), said.append)
    assert [cycle.name for cycle in cycles] == ["walk", "walk on"]
    assert len(said) == 2
    assert "'T-pose' stands still" in said[0]
    assert "'idle' stands still" in said[1]


def test_contacts_that_extras_tell_win(figure: MovingFigure, tmp_path: Path) -> None:
    writer = written(figure)
    writer.document["animations"][0]["extras"] = {"contacts": {"left": 0.3, "right": 0.8}}
    (cycle,) = read_cycles(writer.glb(tmp_path / "told.glb"))
    assert cycle.contact_phase == pytest.approx((0.3, 0.8))


def test_sparse_and_quantised_accessors_are_read(figure: MovingFigure, tmp_path: Path) -> None:
    writer = written(figure)
    document = writer.document
    document["extensionsRequired"] = ["KHR_mesh_quantization", "KHR_materials_unlit"]
    attributes = document["meshes"][0]["primitives"][0]["attributes"]
    span = float(np.abs(figure.skin_m).max())
    attributes["POSITION"] = writer.accessor(np.round(figure.skin_m / span * 32767), "h", normalized=True)
    inverse = document["accessors"][document["skins"][0]["inverseBindMatrices"]]
    matrices = np.frombuffer(bytes(writer.data), "<f4", 16 * inverse["count"], _offset(writer, inverse)).reshape(
        -1, 4, 4
    )
    scaled = np.array(matrices, float)
    scaled[:, :3] *= span  # the matrices take the quantised mesh back to metres
    whole = np.tile(np.eye(4).ravel(), (len(scaled), 1))
    base = writer.accessor(whole)
    document["accessors"][base]["sparse"] = {
        "count": len(scaled),
        "indices": {"bufferView": writer.view(np.arange(len(scaled)).astype("<u2").tobytes()), "componentType": 5123},
        "values": {"bufferView": writer.view(scaled.astype("<f4").tobytes())},
    }
    document["skins"][0]["inverseBindMatrices"] = base
    (cycle,) = read_cycles(writer.glb(tmp_path / "small.glb"))
    assert_same(cycle, figure)
    assert cycle.height_m == pytest.approx(1.77, abs=0.05)


def _offset(writer: GltfWriter, accessor: dict[str, int]) -> int:
    return int(writer.document["bufferViews"][accessor["bufferView"]]["byteOffset"])
