"""The catalogue: its sides share nothing, and it lists what the rules leave of the real game, where that is here."""

from __future__ import annotations

import hashlib
from itertools import product

import pytest

from stereosync.errors import StereoSyncError
from stereosync_scenes.foreign import game
from stereosync_scenes.foreign.bodies import body_of, load_body
from stereosync_scenes.foreign.catalogue import FACTIONS, WALKS, Split, names, walk_file
from stereosync_scenes.foreign.g3d import read_g3d

FEWEST_VERTICES = 100  # of a mesh that is a body and no tool


@pytest.fixture
def real_game() -> None:
    try:
        game.factions_folder()
    except game.ForeignUnavailable as error:
        pytest.skip(f"needs the Debian package {game.PACKAGE}: {error}")


def test_the_sides_share_no_faction_no_person_and_no_file() -> None:
    test, train = FACTIONS["foreign"], FACTIONS["foreign-train"]
    assert not set(test) & set(train)
    for split, factions in FACTIONS.items():
        assert {walk_file(name).split("/")[0] for name in names(split)} <= set(factions)
    assert not set(WALKS["foreign"]) & set(WALKS["foreign-train"])
    files = [walk_file(name) for split in FACTIONS for name in names(split)]
    assert len(files) == len(set(files))
    assert len(names("foreign")) >= 12


@pytest.mark.usefixtures("real_game")
def test_the_sides_share_no_mesh() -> None:
    def meshes(split: Split) -> list[bytes]:
        read = [mesh for name in names(split) for mesh in read_g3d(game.read(walk_file(name)))]
        return [mesh.corners.tobytes() for mesh in read if len(mesh.uv) >= FEWEST_VERTICES]

    assert not set(meshes("foreign")) & set(meshes("foreign-train"))
    assert all(one != other for one, other in product(_hashes("foreign"), _hashes("foreign-train")))


def _hashes(split: Split) -> set[str]:
    return {hashlib.sha256(game.read(walk_file(name))).hexdigest() for name in names(split)}


@pytest.mark.usefixtures("real_game")
def test_the_lists_are_what_the_rules_leave() -> None:
    listed = {split: {walk_file(name) for name in names(split)} for split in FACTIONS}
    known: set[str] = set()
    for split, factions in FACTIONS.items():
        for file in sorted(
            file for faction in factions for file in game.factions_folder().glob(f"{faction}/**/*_walk*.g3d")
        ):
            path = file.relative_to(game.factions_folder()).as_posix()
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            assert (_walks(path) and digest not in known) is (path in listed[split]), path
            known.add(digest)


def _walks(path: str) -> bool:
    try:
        body_of("asked", path)
    except StereoSyncError:
        return False
    return True


@pytest.mark.usefixtures("real_game")
def test_every_body_has_its_pictures() -> None:
    for split in FACTIONS:
        for name in names(split):
            assert all(picture is not None for picture, _ in load_body(name).pieces)
