"""The folder of a bundle takes the place of nothing, of an empty folder, or of a bundle; of nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stereosync.bundle_folder import check_bundle_place, whole_bundle_folder
from stereosync.bundle_spec import BundleError, check_bundle_name
from stereosync.errors import UserError

MANIFEST = {"schema": "1.0", "graphs": {"decoder": {"file": "a.onnx", "variants": [{"file": "b.onnx"}]}}}
MORE = {"weights": {"file": "weights.bin", "sha256": ""}}


def make_bundle(folder: Path) -> Path:
    """A folder that looks like a bundle."""
    folder.mkdir()
    (folder / "bundle.json").write_text(json.dumps(MANIFEST | MORE), encoding="utf-8")
    for name in ("a.onnx", "b.onnx", "weights.bin", "CARD.md"):
        (folder / name).touch()
    return folder


def export_into(folder: Path, meanwhile: Callable[[], None] = lambda: None) -> None:
    with whole_bundle_folder(folder, "--out") as fresh:
        (fresh / "bundle.json").write_text("{}", encoding="utf-8")
        meanwhile()


def fail() -> None:
    raise KeyError("a bug")


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("kind", ["nothing", "deeper", "empty", "bundle"])
def test_a_bundle_takes_its_place(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "new" / "walk" if kind == "deeper" else tmp_path / "walk"
    if kind == "empty":
        folder.mkdir()
    if kind == "bundle":
        make_bundle(folder)
    export_into(folder)
    assert names(folder) == ["bundle.json"]
    assert [path.name for path in folder.parent.iterdir()] == ["walk"]


@pytest.mark.parametrize("stranger", ["thesis.txt", "run/ticks.pt", "weights.bin/notes.txt"])
@pytest.mark.parametrize("beside_a_bundle", [True, False])
def test_strangers_stay_and_are_named(tmp_path: Path, stranger: str, beside_a_bundle: bool) -> None:
    folder = tmp_path / "walk"
    if beside_a_bundle:
        make_bundle(folder)
        (folder / "weights.bin").unlink()
    (folder / stranger).parent.mkdir(parents=True, exist_ok=True)
    (folder / stranger).write_text("two years of work", encoding="utf-8")
    before = names(tmp_path)
    with pytest.raises(UserError, match=rf"holds what is no part of a bundle \({stranger.partition('/')[0]}\)"):
        export_into(folder)
    assert names(tmp_path) == before


def test_what_comes_during_the_work_stays(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "walk")
    with pytest.raises(UserError, match=r"notes\.txt"):
        export_into(folder, lambda: (folder / "notes.txt").touch())
    assert names(folder) == ["CARD.md", "a.onnx", "b.onnx", "bundle.json", "notes.txt", "weights.bin"]
    assert list(tmp_path.iterdir()) == [folder]


def test_a_failure_leaves_the_bundle_that_was_there(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "walk")
    (tmp_path / "walk.part").mkdir()
    before = names(tmp_path)
    with pytest.raises(KeyError):
        export_into(folder, fail)
    assert names(tmp_path) == before


def test_a_manifest_cannot_name_what_lies_outside(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "walk")
    outside = tmp_path / "outside.txt"
    outside.touch()
    reaching = MANIFEST | {"weights": {"file": "../outside.txt"}}
    (folder / "bundle.json").write_text(json.dumps(reaching), encoding="utf-8")
    (folder / "weights.bin").unlink()
    export_into(folder)
    assert outside.exists()


def test_links_are_followed_and_files_refused(tmp_path: Path) -> None:
    link, file = tmp_path / "link", tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="is a file"):
        check_bundle_place(file, "--out")
    with pytest.raises(UserError, match="cannot be written to"):
        check_bundle_place(file / "deeper", "--out")
    try:
        link.symlink_to(make_bundle(tmp_path / "walk"))
    except OSError:
        pytest.skip("links cannot be made here")
    export_into(link)
    assert link.is_symlink()
    assert names(tmp_path / "walk") == ["bundle.json"]


@pytest.mark.parametrize("place", [".", "..", "../inside"])
def test_the_folder_that_one_is_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    with pytest.raises(UserError, match="--out"):
        check_bundle_place(Path(place), "--out")


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 129, 7])
def test_a_name_that_the_wire_does_not_take_is_refused(name: object) -> None:
    with pytest.raises(BundleError, match="printable text of 1 to 128 characters"):
        check_bundle_name(name)
    check_bundle_name("模型 é")
