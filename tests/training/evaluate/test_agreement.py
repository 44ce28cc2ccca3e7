"""How far definitions of a contact agree, figures by kind, and where they stand in a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stereosync.scene import Camera, SceneFrame
from stereosync_scenes.contact import TRUTH
from stereosync_scenes.walk import Contact, Room, WalkKinds, WalkTruth
from stereosync_training.evaluate import walks
from stereosync_training.evaluate.agreement import agreement_report
from stereosync_training.evaluate.by_kind import kinds_report
from stereosync_training.evaluate.sets import set_label
from stereosync_training.evaluate.show import agreement_lines, kinds_lines, more_tables
from stereosync_training.evaluate.walks import About, Walk, drawn_walk, load_walk, save_walk


def contact(time_s: float, character: int = 1, away_m: float = 4.0) -> Contact:
    return Contact(time_s, character, "left", "snow", (0.0, 0.0, away_m), 1.0)


def truth(*contacts: Contact) -> WalkTruth:
    return WalkTruth(5, 3.0, contacts, Room(0.0, 0.0), "")


def moved(contacts: tuple[Contact, ...], by_s: float) -> tuple[Contact, ...]:
    return tuple(replace(one, time_s=one.time_s + by_s) for one in contacts)


WALKED = truth(contact(0.5), contact(1.0, character=2), contact(1.5), contact(2.0, away_m=20.0))
KINDS = WalkKinds("follow", {1: "child", 2: "grown-up"}, {1: "run", 2: "walk"})
OTHERS = {"higher": moved(WALKED.contacts, -0.03), "rest": moved(WALKED.contacts, 0.08), "ahead": WALKED.contacts[:1]}
ABOUT = About(KINDS, OTHERS)


def test_definitions_agree_by_how_far_their_contacts_are_apart() -> None:
    found = agreement_report({"model": [np.array([0.58, 1.08, 1.58])]}, [WALKED], [ABOUT])
    figures = {name: (values["onset_f1"], values["onset_f1_100_ms"]) for name, values in found.items()}
    assert figures == {"contact": (1.0, 1.0), "higher": (1.0, 1.0), "rest": (0.0, 1.0), "ahead": (0.5, 0.5)}
    assert found["contact"]["rows"]["model"] == {"onset_f1": 0.0, "onset_f1_100_ms": 1.0}
    assert found["rest"]["rows"]["model"] == {"onset_f1": 1.0, "onset_f1_100_ms": 1.0}


def test_figures_are_told_apart_by_person_gait_and_camera() -> None:
    found = kinds_report({"model": [np.array([0.5, 1.01, 1.2])]}, [WALKED], [ABOUT])
    rows = {
        (kind, name): (entry["contacts"], entry["rows"]["model"]["onset_f1"])
        for kind, names in found.items()
        for name, entry in names.items()
    }
    assert rows["person", "child"] == rows["gait", "run"] == (2, pytest.approx(2 / 3))
    assert rows["person", "grown-up"] == rows["gait", "walk"] == (1, pytest.approx(2 / 3))
    assert rows["camera", "follow"] == (3, pytest.approx(4 / 6))


def test_what_is_not_known_of_some_walk_is_not_in_the_report() -> None:
    silent = {"model": [np.zeros(0)] * 2}
    assert agreement_report(silent, [WALKED] * 2, [ABOUT, None]) == {}
    assert kinds_report(silent, [WALKED] * 2, [ABOUT, None]) == {}
    assert more_tables({"agreement": {}, "kinds": {}}) == []


def test_tables_have_a_line_for_each_definition_and_kind() -> None:
    heard = {"model": [np.array([0.5])], "truth": [np.array([0.5, 1.0, 1.5])]}
    report: dict[str, Any] = {
        "agreement": agreement_report(heard, [WALKED], [ABOUT]), "kinds": kinds_report(heard, [WALKED], [ABOUT])
    }  # fmt: skip
    head, lines = agreement_lines(report)
    assert head == ["definition", "agreement", "model", "truth"]
    assert lines[0] == ["contact", "1 / 1", "0.5 / 0.5", "1 / 1"]
    assert kinds_lines(report)[1][0][:2] == ["person child", "2"]
    assert [table.row_count for table in more_tables(report)] == [4, 5]


def frame() -> SceneFrame:
    picture, depth = np.zeros((9, 16, 3), np.uint8), np.full((9, 16), 5.0, np.float32)
    return SceneFrame(0, 0.0, Camera(0.9, 16 / 9), picture, depth, ())


def test_a_walk_is_kept_with_what_is_known_about_it(tmp_path: Path) -> None:
    save_walk(Walk(WALKED, (frame(),), ABOUT), tmp_path / "walk-5-x.npz")
    assert load_walk(tmp_path / "walk-5-x.npz").about == ABOUT
    save_walk(Walk(WALKED, (frame(),)), tmp_path / "walk-6-x.npz")
    assert load_walk(tmp_path / "walk-6-x.npz").about is None


@pytest.mark.usefixtures("graphics")
def test_drawn_walks_are_kept_by_the_version_of_their_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "CLIP_S", 0.3)
    walk = drawn_walk("own", 800_000, tmp_path)
    assert [path.stem.partition("@")[2] for path in tmp_path.iterdir()] == [str(TRUTH)]
    assert walk.about is not None
    assert set(walk.about.others) == {"higher", "rest", "ahead"}
    assert set(walk.about.kinds.gaits) >= {one.character_id for one in walk.truth.contacts}


def test_sets_are_named_with_the_version_of_their_truth() -> None:
    assert set_label("test-shift") == f"test-shift@{TRUTH}"
    assert set_label("some/folder") == "some/folder"
