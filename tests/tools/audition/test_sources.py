"""Sources: the shipped tape, tapes that are none, repetition with continuing time, mirrored boxes."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from made_scenes import SceneMaker

from stereosync.scene import Box, SceneFrame
from stereosync_bridge.tape import TapeWriter
from stereosync_runtime.offline import demo_tape_path
from stereosync_tools.audition.errors import AuditionError
from stereosync_tools.audition.sources import DEMO, MirroredSource, TapeSource, mirrored

CONTACT = {"time_s": 0.3, "box_id": 1, "foot": "left", "azimuth_rad": 0.2, "distance_m": 4.0, "ground": "wood"}


@pytest.fixture
def tape(tmp_path: Path, scene: SceneMaker) -> Path:
    path = tmp_path / "short.tape"
    with TapeWriter(path, {"contacts": [CONTACT]}) as writer:
        for index in range(10):
            writer.add_frame(5.0 + index * 0.1, scene(index * 0.1, index))
    return path


def test_a_tape_repeats_with_continuing_time(tape: Path) -> None:
    source = TapeSource(str(tape))
    assert source.duration_s == pytest.approx(1.0)
    shown = list(islice(source.timeline(), 25))
    assert [time_s for time_s, _ in shown] == pytest.approx([index * 0.1 for index in range(25)])
    assert [frame.index for _, frame in shown] == list(range(25))


def test_contacts_are_counted_from_the_first_frame_and_repeat(tmp_path: Path, scene: SceneMaker) -> None:
    path = tmp_path / "b.tape"
    with TapeWriter(path, {"contacts": [CONTACT]}) as writer:
        for index in range(10):
            writer.add_frame(index * 0.1, scene(index * 0.1, index))
    contacts = TapeSource(str(path)).contacts(until_s=2.2)
    assert [contact.time_s for contact in contacts] == pytest.approx([0.3, 1.3])


def test_the_demo_ships_and_is_small() -> None:
    assert demo_tape_path().stat().st_size < 5_000_000
    source = TapeSource(DEMO)
    assert source.duration_s == pytest.approx(12.0, abs=0.1)
    contacts = source.contacts(12.0)
    assert len(contacts) > 15
    assert min(contact.azimuth_rad for contact in contacts) < -0.17
    assert max(contact.azimuth_rad for contact in contacts) > 0.17
    _, frame = next(iter(source.timeline()))
    assert frame.picture.shape == (180, 320, 3)
    assert frame.boxes


@pytest.mark.parametrize("content", [None, b"", b"not a tape at all"])
def test_what_is_no_tape_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.tape"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AuditionError, match="give --tape a file"):
        TapeSource(str(path))


def test_an_empty_tape_is_refused(tmp_path: Path) -> None:
    with TapeWriter(tmp_path / "x.tape"):
        pass
    with pytest.raises(AuditionError, match="no frames"):
        TapeSource(str(tmp_path / "x.tape"))


def test_a_cut_tape_is_played_to_where_it_is_whole_and_says_so(tape: Path) -> None:
    assert TapeSource(str(tape)).title == "tape short.tape"
    tape.write_bytes(tape.read_bytes()[:-5])
    source = TapeSource(str(tape))
    assert source.title == "tape short.tape, cut off: what is whole is played"
    assert source.duration_s == pytest.approx(0.9)


@pytest.mark.parametrize("contacts", [3, [3], [{}], [CONTACT | {"time_s": float("inf")}], [CONTACT | {"box_id": "x"}]])
def test_contacts_of_another_form_are_one_sentence(tmp_path: Path, scene: SceneMaker, contacts: object) -> None:
    with TapeWriter(tmp_path / "x.tape", {"contacts": contacts}) as writer:
        writer.add_frame(0.0, scene(0.0, 0))
    with pytest.raises(AuditionError, match=r"contacts in the metadata of .*x\.tape are not readable"):
        TapeSource(str(tmp_path / "x.tape"))


def test_mirrored_boxes_change_sides(scene: SceneMaker) -> None:
    frame = scene(0.0)
    placed = Box(2, "a", 0.0, 1.0, 10.0, 20.0, position_m=(-2.0, 0.5, 4.0))
    there = mirrored(SceneFrame(0, 0.0, frame.camera, frame.picture, frame.depth_m, (placed,)))
    assert (there.boxes[0].x0, there.boxes[0].x1) == (frame.width_px - 10.0, frame.width_px)
    assert there.boxes[0].position_m == (2.0, 0.5, 4.0)
    assert mirrored(there).boxes == (placed,)


def test_a_mirrored_source_keeps_its_truth(tape: Path) -> None:
    source = TapeSource(str(tape))
    mirrored = MirroredSource(source)
    assert mirrored.contacts(1.0) == source.contacts(1.0)
    before, after = next(source.timeline())[1].boxes[0], next(mirrored.timeline())[1].boxes[0]
    assert after.x0 == pytest.approx(64 - before.x1, abs=0.5)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--engine --offline --save a.wav", "The scene cannot be drawn: drawing scenes needs Panda3D"),
        ("--demo --speaker engine", "--speaker engine needs Panda3D"),
    ],
)
def test_without_panda3d_the_extra_is_named(words: str, sentence: str, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['panda3d'] = None\n"
        "from stereosync.commands import audition\n"
        f"sys.argv[1:] = {words.split()}\n"
        "sys.exit(audition())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert done.returncode == 1, done.stderr
    assert done.stderr == f"stereosync-audition: {sentence}: pip install 'stereosync[scenes]'.\n"
