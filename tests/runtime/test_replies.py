"""Notices: each unknown word and each odd convention is named once per session, however often it comes."""

from __future__ import annotations

import logging

import pytest

from stereosync.told import Told
from stereosync_runtime.replies import MOST_WORDS, WARNINGS, Notices


def test_a_word_that_means_nothing_is_named_once_in_ascii(caplog: pytest.LogCaptureFixture) -> None:
    notices = Notices("ab")
    with caplog.at_level(logging.WARNING, "stereosync.runtime"):
        for _ in range(3):
            assert notices.of(Told(unknown_words=("Gräfin\n🎉\ud800",))) == []
    (message,) = caplog.messages
    assert "'Gr\\xe4fin\\n\\U0001f389\\ud800'" in message
    assert message.isascii()


def test_ten_thousand_words_a_second_neither_grow_the_memory_nor_flood_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    notices = Notices("ab")
    with caplog.at_level(logging.WARNING, "stereosync.runtime"):
        for start in range(0, 10_000, 500):
            notices.of(Told(unknown_words=tuple(f"surface {start + index}" for index in range(500))))
    assert len(caplog.messages) == MOST_WORDS + 1
    assert "further unknown words" in caplog.messages[-1]
    assert len(notices._words) == MOST_WORDS


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Told(odd_feet="centimetres"), "feet_look_like_centimetres"),
        (Told(odd_feet="z_up"), "feet_look_z_up"),
        (Told(out_of_time=3), "contacts_out_of_time"),
    ],
)
def test_what_looks_wrong_is_told_to_the_client_once(told: Told, code: str) -> None:
    notices = Notices("ab")
    (warning,) = notices.of(told)
    assert (warning.session_id, warning.code) == ("ab", code)
    assert notices.of(told) == []
    assert {one.code for one in notices.of(Told(odd_feet="centimetres", out_of_time=1))} <= set(WARNINGS) - {code}


def test_each_warning_fits_the_wire_and_says_what_to_do() -> None:
    for field, rule in WARNINGS.values():
        assert len(field) <= 128
        assert len(rule) <= 512
        assert ": send " in rule
