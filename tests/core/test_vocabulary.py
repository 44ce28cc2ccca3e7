"""What an engine's artists call a ground, and what we make of it."""

import pytest

from stereosync.vocabulary import ALIASES, GROUNDS, PLACES, ground_of, place_of


@pytest.mark.parametrize(
    ("word", "ground"),
    [
        ("gravel", "gravel"),
        ("PM_Gravel_01", "gravel"),
        ("SurfaceType_Metal", "metal"),
        ("Surface_Wet Concrete", None),
        ("CONCRETE", "stone"),
        ("Wood (Instance)", "wood"),
        ("Rocks", "stone"),
        ("leaves", "grass"),
        ("SurfaceType12", None),
        ("砂利", None),
        ("👣" * 64, None),
        ("", None),
    ],
)
def test_words_of_engines(word: str, ground: str | None) -> None:
    assert ground_of(word) == ground


def test_every_ground_and_alias_is_known() -> None:
    assert [ground_of(ground) for ground in GROUNDS] == list(GROUNDS)
    assert all(ground_of(word) == ground for ground, words in ALIASES.items() for word in words)
    words = [word for words in ALIASES.values() for word in words]
    assert len(set(words)) == len(words)
    assert not set(words) & set(GROUNDS)


def test_places() -> None:
    assert [place_of(place) for place in PLACES] == list(PLACES)
    assert place_of("") == ""
    assert place_of("Waterfall_2") == "waterfall"
    assert place_of("the moon") is None
