"""Ignoring: a told tape is played as if that had not been told, and told and seen stand in one picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_scenes import SceneAt, SceneMaker
from rich.console import Console
from toy_graphs import Toy

from stereosync.scene import Foot, SceneFrame, ToldContact, ToldScene
from stereosync_bridge.tape import TapeWriter
from stereosync_tools.audition import cli, offline
from stereosync_tools.audition.ignoring import WHAT, IgnoringSource, ignored_from, ignoring
from stereosync_tools.audition.options import TOLD_AND_SEEN, AuditionOptions, parse_options
from stereosync_tools.audition.sources import TapeSource


def told(scene: SceneAt, time_s: float, index: int) -> SceneFrame:
    """A frame that tells everything."""
    shown = scene(time_s, index)
    feet = (Foot("left", (0.0, 0.0, time_s), True, "wood"), Foot("right", (0.2, 0.1, time_s)))
    contacts = (ToldContact("left", time_s + 0.2, 0.5, "gravel"),)
    box = replace(shown.boxes[0], feet=feet, contacts=contacts, surface="stone")
    return replace(shown, boxes=(box,), scene=ToldScene("forest", 0.5))


@pytest.fixture
def tape(scene: SceneMaker, tmp_path: Path) -> Path:
    path = tmp_path / "told.tape"
    with TapeWriter(path) as writer:
        for index in range(30):
            writer.add_frame(index / 25, told(scene, index / 25, index))
    return path


@pytest.mark.parametrize(
    ("text", "what"),
    [(None, ()), ("", ()), ("surface, feet", ("feet", "surface")), ("all", WHAT), ("scene,all", WHAT)],
)
def test_what_can_be_ignored(text: str | None, what: tuple[str, ...]) -> None:
    assert ignored_from(text) == what


@pytest.mark.parametrize("option", ["--ignore", "--compare-ignore"])
def test_an_unknown_word_is_refused_with_the_choices(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options([option, "feet,shoes", "--picture", "a.png"])
    assert f"{option}: can be ignored: feet, contacts, surface, scene or all; got 'shoes'" in capsys.readouterr().err


def test_a_comparison_needs_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options(["--compare-ignore", "all"])
    assert "give --picture" in capsys.readouterr().err


def test_only_what_is_ignored_is_taken_away(scene: SceneMaker) -> None:
    whole = told(scene, 1.0, 0)
    assert ignoring(whole, ()) == whole
    box = ignoring(whole, ("feet",)).boxes[0]
    assert (box.feet, box.surface, len(box.contacts)) == ((), "stone", 1)
    assert ignoring(whole, ("contacts",)).boxes[0].contacts == ()
    bare = ignoring(whole, ("surface",)).boxes[0]
    assert {bare.surface, bare.feet[0].surface, bare.contacts[0].surface} == {None}
    assert bare.feet[0].grounded
    assert ignoring(whole, ("scene",)).scene is None
    assert ignoring(whole, WHAT) == replace(scene(1.0, 0), picture=whole.picture, depth_m=whole.depth_m)


def test_a_tape_is_played_without_what_it_tells(tape: Path) -> None:
    source = IgnoringSource(TapeSource(str(tape)), ("feet", "scene"))
    _, frame = next(source.timeline())
    assert frame.boxes[0].feet == ()
    assert frame.boxes[0].contacts
    assert frame.scene is None
    assert source.title.endswith("told.tape, feet, scene not told")
    assert source.duration_s == TapeSource(str(tape)).duration_s


def heard(monkeypatch: pytest.MonkeyPatch, toy: Toy, options: AuditionOptions) -> list[np.ndarray]:
    """What each run of an audition sounds like with a bundle that can be told."""
    monkeypatch.setattr(offline, "open_bundle", lambda _name: toy.bundle)
    monkeypatch.setattr(offline, "load_runners", lambda *_args, **_named: toy.runners)
    return [outcome.performance.samples for outcome in cli.audition(options, Console(quiet=True))]


def test_told_and_seen_come_into_one_picture_by_one_command(
    monkeypatch: pytest.MonkeyPatch, telling_toy: Toy, tape: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "both.png"
    command = ["--tape", str(tape), "--offline", "--compare-ignore", "all", "--picture", str(picture)]
    first, second = heard(monkeypatch, telling_toy, parse_options(command))
    (only,) = heard(monkeypatch, telling_toy, parse_options(["--tape", str(tape), "--offline", "--ignore", "all"]))
    np.testing.assert_array_equal(second, only)
    assert not np.array_equal(first, second)
    height = int.from_bytes(picture.read_bytes()[20:24], "big")
    single = tmp_path / "one.png"
    heard(monkeypatch, telling_toy, parse_options(["--tape", str(tape), "--offline", "--picture", str(single)]))
    assert height > 1.5 * int.from_bytes(single.read_bytes()[20:24], "big")


def test_the_help_says_how_to_compare(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options(["--help"])
    said = capsys.readouterr().out
    assert TOLD_AND_SEEN in said
    assert "feet,contacts,surface,scene" in " ".join(said.split())
