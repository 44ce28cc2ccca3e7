"""PROTOCOL.md says of fields, codes and words what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stereosync.vocabulary import ALIASES, GROUNDS, PLACES, ground_of, place_of
from stereosync_bridge import errors, golden, wire
from stereosync_bridge.frame_message import BoxSpec, CameraSpec, DepthSpec, PictureSpec
from stereosync_bridge.messages import Playback
from stereosync_bridge.rules import rules_of
from stereosync_bridge.told_message import ContactSpec, FootSpec, RoomSpec, SceneSpec
from stereosync_bridge.version import WIRE

PAGE = (Path(golden.__file__).parents[1] / "PROTOCOL.md").read_text(encoding="utf-8")
PARTS = (BoxSpec, CameraSpec, ContactSpec, DepthSpec, FootSpec, PictureSpec, Playback, RoomSpec, SceneSpec)


def words_in(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("record", [*wire.MESSAGES, *PARTS], ids=lambda record: record.__name__)
def test_every_field_is_on_the_page(record: type) -> None:
    assert set(rules_of(record)) <= set(words_in(PAGE))


def test_every_message_and_code_is_on_the_page() -> None:
    assert {message.TYPE for message in wire.MESSAGES} == set(re.findall(r"^### ([A-Z]+):", PAGE, re.MULTILINE))
    assert set(errors.CODES) <= set(words_in(PAGE))
    assert PAGE.startswith(f"# StereoSync wire {WIRE}\n")
    assert f"* **{WIRE}**: " in PAGE


def test_the_table_of_grounds_is_the_one_that_is_used() -> None:
    table = PAGE[PAGE.index("| ground | also |") :].split("\n\n", 1)[0]
    rows = [words_in(row) for row in table.splitlines()[2:]]
    assert {ground: tuple(also) for ground, *also in rows} == {ground: ALIASES.get(ground, ()) for ground in GROUNDS}
    assert all(ground_of(word) == ground for ground, *also in rows for word in (ground, *also))


def test_the_places_are_those_that_are_used() -> None:
    sentence = re.search(r"Places: (.*); the empty word", PAGE)
    assert sentence is not None
    assert tuple(words_in(sentence[1])) == PLACES


@pytest.mark.parametrize(
    ("word", "ground"),
    [
        ("PM_Gravel_01", "gravel"),
        ("Surface Gravel", "gravel"),
        ("SurfaceType-GRAVEL2", "gravel"),
        ("Gravel (Instance)", "gravel"),
        ("rocks", "stone"),
    ],
)
def test_what_the_page_says_is_ignored_is_ignored(word: str, ground: str) -> None:
    assert ground_of(word) == ground


def test_places_have_no_plural() -> None:
    assert (place_of("Forest_02"), place_of("forests"), place_of(" ")) == ("forest", None, "")
