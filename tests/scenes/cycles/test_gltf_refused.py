"""A glTF file that cannot be used is refused in a sentence that names it, and whatever its bytes, in no other way."""

from __future__ import annotations

import dataclasses
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_gltf import GltfWriter, add_animation, add_figure, add_pose, figure_glb
from moving_figure import MovingFigure, moving_figure

from stereosync.errors import UserError
from stereosync_scenes.cycles.files import read_cycles

Document = dict[str, Any]


@pytest.fixture(scope="module")
def figure() -> MovingFigure:
    return moving_figure(rate_hz=10.0)


def refused(path: Path, words: str) -> None:
    with pytest.raises(UserError, match=words) as raised:
        read_cycles(path)
    assert str(path) in str(raised.value)


def changed(path: Path, figure: MovingFigure, change: Callable[[GltfWriter], object]) -> Path:
    writer = GltfWriter()
    add_figure(writer, figure)
    add_animation(writer, figure, "walk")
    change(writer)
    return writer.glb(path)


def scaled(figure: MovingFigure, by: float) -> MovingFigure:
    return dataclasses.replace(figure, places_m=by * figure.places_m, skin_m=by * figure.skin_m)


def z_up(figure: MovingFigure) -> MovingFigure:
    turn = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    places, skin = figure.places_m @ turn.T, figure.skin_m @ turn.T
    return dataclasses.replace(figure, places_m=places, skin_m=skin, turns=turn @ figure.turns @ turn.T)


def jumping(figure: MovingFigure) -> MovingFigure:
    """All of it goes up and down, and ahead."""
    places, turns = (part[:1].repeat(len(part), 0) for part in (figure.places_m, figure.turns))
    share = np.linspace(0, 1, len(places))[:, None]
    places[..., 1] += np.maximum(np.sin(2 * np.pi * share), 0) * 0.4
    places[..., 2] += share
    return dataclasses.replace(figure, places_m=places, turns=turns)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda figure: scaled(figure, 100), "centimetres"),
        (lambda figure: scaled(figure, 0.01), "in metres"),
        (z_up, "y is up"),
        (jumping, "jumps"),
    ],
)
def test_a_body_that_cannot_be_meant_is_told(
    figure: MovingFigure, tmp_path: Path, change: Callable[[MovingFigure], MovingFigure], words: str
) -> None:
    refused(figure_glb(tmp_path / "odd.glb", change(figure)), words)


def only_pose(writer: GltfWriter, times_s: list[float]) -> None:
    writer.document["animations"].clear()
    add_pose(writer, "T-pose", times_s)


def not_finite(writer: GltfWriter) -> None:
    view = writer.document["bufferViews"][writer.document["accessors"][0]["bufferView"]]
    writer.data[view["byteOffset"] : view["byteOffset"] + 4] = struct.pack("<f", float("nan"))


def without_skin(writer: GltfWriter) -> None:
    del writer.document["nodes"][-1]["skin"]


def loop_of_nodes(writer: GltfWriter) -> None:
    writer.document["nodes"][1].setdefault("children", []).append(0)


def two(writer: GltfWriter) -> None:
    add_figure(writer, moving_figure(rate_hz=10.0), "other {}".format)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda writer: only_pose(writer, [0.0]), "stands still"),
        (lambda writer: only_pose(writer, [0.0, 1.0]), "stands still"),
        (lambda writer: writer.document.pop("animations"), "no animation"),
        (not_finite, "not finite"),
        (without_skin, "no skin"),
        (two, "2 characters.*mixamorig:Hips, other Hips"),
        (loop_of_nodes, "no tree"),
        (lambda writer: writer.document.update(extensionsRequired=["KHR_draco_mesh_compression"]), "compression"),
        (lambda writer: writer.document.update(extensionsRequired=["EXT_meshopt_compression"]), "compression"),
        (lambda writer: writer.document.update(extensionsRequired=["EXT_other"]), "extension EXT_other"),
        (lambda writer: writer.document.update(asset={"version": "1.0"}), "version 1.0"),
        (lambda writer: writer.document["accessors"][0].update(count=10**12), "export the file again"),
        (lambda writer: writer.document["accessors"][0].update(byteOffset=10**6), "beyond its buffer"),
        (lambda writer: writer.document["accessors"][0].update(componentType=1), "damaged"),
        (lambda writer: writer.document["skins"][0].update(joints="none"), "damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    figure: MovingFigure, tmp_path: Path, change: Callable[[GltfWriter], object], words: str
) -> None:
    refused(changed(tmp_path / "odd.glb", figure, change), words)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.9])
def test_a_file_that_is_cut_off_is_told(figure: MovingFigure, tmp_path: Path, share: float) -> None:
    path = figure_glb(tmp_path / "cut.glb", figure)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    refused(path, r"cut off|no whole glTF")


def test_a_buffer_that_is_not_there_or_too_short_is_told(figure: MovingFigure, tmp_path: Path) -> None:
    writer = GltfWriter()
    add_figure(writer, figure)
    add_animation(writer, figure, "walk")
    path = writer.gltf(tmp_path / "apart.gltf", embedded=False)
    beside = tmp_path / "apart body.bin"
    beside.write_bytes(beside.read_bytes()[:100])
    refused(path, "100 of its")
    beside.unlink()
    refused(path, "'apart body.bin' is not there")


@pytest.fixture(scope="module")
def whole(figure: MovingFigure, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    path = figure_glb(tmp_path_factory.mktemp("mutated") / "mutated.glb", figure)
    return path.read_bytes(), path


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**10), st.floats(), st.text(max_size=3), st.just([]), st.just({})
)


def spots(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place] * bool(place) + [spot for key, one in inner for spot in spots(one, (*place, key))]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_document_is_read_or_refused(whole: tuple[bytes, Path], data: st.DataObject) -> None:
    original, path = whole
    length = struct.unpack_from("<I", original, 12)[0]
    document = json.loads(original[20 : 20 + length])
    for _ in range(data.draw(st.integers(1, 3))):
        *above, last = data.draw(st.sampled_from(spots(document)))
        inner = document
        for key in above:
            inner = inner[key]
        inner[last] = data.draw(ODD)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = original[20 + length :]
    path.write_bytes(
        struct.pack("<4sIIII", b"glTF", 2, 20 + len(text) + len(rest), len(text), 0x4E4F534A) + text + rest
    )
    read_or_refused(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_changed_bytes_are_read_or_refused(whole: tuple[bytes, Path], data: st.DataObject) -> None:
    original, path = whole
    changed = bytearray(original[: data.draw(st.integers(0, len(original)))] if data.draw(st.booleans()) else original)
    for _ in range(data.draw(st.integers(1, 20)) if changed else 0):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(changed))
    read_or_refused(path)


def read_or_refused(path: Path) -> None:
    try:
        cycles = read_cycles(path, lambda _text: None)
    except UserError:
        return
    assert all(np.isfinite(cycle.points_m).all() for cycle in cycles)
