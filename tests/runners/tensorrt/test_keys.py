"""Keys: every part of them counts, and a change is told in words."""

from dataclasses import asdict, fields, replace

import pytest

from stereosync_runners.tensorrt.keys import WORDS, EngineKey, differences

KEY = EngineKey("aa", "bb", "tensorrt", "10.14", "Toy 1", "9.0", "13.0", "fp16", "batch 1/4/64, pool 65", "no TF32")


@pytest.mark.parametrize("name", [field.name for field in fields(EngineKey)])
def test_each_part_changes_the_digest_and_is_told(name: str) -> None:
    changed = replace(KEY, **{name: "other"})
    assert changed.digest() != KEY.digest()
    assert WORDS[name] in differences(KEY, changed)
    assert differences(KEY, changed).count("changed") == 1


def test_the_same_parts_are_the_same_key_and_parts_do_not_run_into_each_other() -> None:
    assert EngineKey(**asdict(KEY)).digest() == KEY.digest()
    assert differences(KEY, KEY) == ""
    assert replace(KEY, gpu="Toy", driver="1").digest() != replace(KEY, gpu="Toy1", driver="").digest()


def test_a_driver_that_changed_is_told_with_both_versions_and_a_graph_without_its_hash() -> None:
    assert differences(KEY, replace(KEY, driver="13.1")) == "the driver changed from 13.0 to 13.1"
    assert differences(KEY, replace(KEY, graph_sha256="cc", gpu="Toy 2")) == (
        "the graph changed, the card changed from Toy 1 to Toy 2"
    )
