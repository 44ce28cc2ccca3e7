"""The fuzzer finds what it must, shows a case again by its number, and its corpus is that of the code."""

from __future__ import annotations

import random
import time
from pathlib import Path

import fuzz
import pytest
from fuzz_corpus import write_corpus
from fuzz_targets import CORPUS, TARGETS
from mutation import mutated_bytes, mutated_tree

from stereosync_bridge.errors import BAD_VALUE, WireError


@pytest.mark.parametrize("name", list(TARGETS))
def test_a_few_cases_of_each_target_raise_nothing_new(name: str) -> None:
    found = fuzz.fuzz(name, TARGETS[name], range(150), 3, time.monotonic() + 20)
    assert found.cases > 10
    assert found.refused > 0
    assert not found.faults, found.first


def test_a_case_is_the_same_each_time() -> None:
    data = bytes(range(64))
    assert mutated_bytes(random.Random("1 x 7"), data) == mutated_bytes(random.Random("1 x 7"), data)
    assert len({mutated_bytes(random.Random(f"1 x {case}"), data) for case in range(50)}) > 40


def test_a_mutated_tree_leaves_its_original_as_it_was() -> None:
    tree = {"a": [1, 2, {"b": 3}], "c": {"d": "e"}}
    for case in range(100):
        mutated_tree(random.Random(case), tree)
    assert tree == {"a": [1, 2, {"b": 3}], "c": {"d": "e"}}


def test_faults_are_counted_with_their_first_case(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def target(rng: random.Random) -> bool:
        if rng.random() < 0.5:
            raise WireError(BAD_VALUE, "x", "is wrong")
        return bool(1 / 0)

    monkeypatch.setitem(TARGETS, "broken", target)
    assert fuzz.main(["broken", "--messages", "20"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_a_run_without_faults_is_0() -> None:
    assert fuzz.main(["header", "--messages", "20"]) == 0


@pytest.mark.parametrize(("target", "messages"), [("live", "15"), ("flood", "2000")])
def test_the_live_targets_leave_their_service_and_the_healthy_client_unharmed(target: str, messages: str) -> None:
    assert fuzz.main([target, "--messages", messages, "--seconds", "5"]) == 0


def test_the_corpus_is_what_the_golden_messages_make(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    names = {path.name for path in CORPUS.iterdir()}
    assert {path.name for path in tmp_path.iterdir()} <= names
    same = {path.name for path in tmp_path.iterdir() if path.read_bytes() == (CORPUS / path.name).read_bytes()}
    assert {name for name in names if name.endswith(".bin")} - {"frame_jpeg.bin"} <= same
