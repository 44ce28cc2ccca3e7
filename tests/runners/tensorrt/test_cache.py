"""Kept engines: what cannot be trusted is refused with the reason, and nothing is ever there by halves."""

import errno
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.backend import BACKENDS
from stereosync_runners.tensorrt.bindings import Binding
from stereosync_runners.tensorrt.build import Built
from stereosync_runners.tensorrt.cache import EngineCache, NoEngineError, user_cache, why_built
from stereosync_runners.tensorrt.keys import EngineKey

KEY = EngineKey("aa", "bb", "tensorrt", "10.14", "Toy 1", "9.0", "13.0", "fp16", "batch 1/4/64, pool 65", "no TF32")
BUILT = Built(b"engine" * 100, (Binding("x", (-1, 4), "float32", True),), seconds=3.0)


@pytest.fixture
def cache(tmp_path: Path) -> EngineCache:
    """A cache in a folder that is not there yet."""
    return EngineCache(tmp_path / "engines")


def test_what_is_kept_is_loaded_with_its_record(cache: EngineCache) -> None:
    path = cache.keep("walk-decoder", KEY, BUILT, graph_bytes=1000)
    assert path.name == f"walk-decoder-{KEY.digest()}.engine"
    engine, record = cache.load("walk-decoder", KEY)
    assert engine == BUILT.engine
    assert (record.key, record.bindings, record.build_s) == (KEY, BUILT.bindings, 3.0)
    assert sorted(file.suffix for file in cache.folder.iterdir()) == [".engine", ".json"]


def test_what_was_never_kept_is_no_engine(cache: EngineCache) -> None:
    with pytest.raises(NoEngineError, match="no engine of it is kept"):
        cache.load("it", KEY)
    cache.keep("it", replace(KEY, gpu="Toy 2"), BUILT, 1)
    with pytest.raises(NoEngineError):
        cache.load("it", KEY)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def corrupt(path: Path) -> None:
    path.write_bytes(b"E" + path.read_bytes()[1:])


def lose_record(path: Path) -> None:
    path.with_suffix(".json").unlink()


def scribble(path: Path) -> None:
    path.with_suffix(".json").write_text("{", "utf-8")


def lack(path: Path) -> None:
    fields = json.loads(path.with_suffix(".json").read_text("utf-8"))
    del fields["sha256"]
    path.with_suffix(".json").write_text(json.dumps(fields), "utf-8")


def add(path: Path) -> None:
    fields = json.loads(path.with_suffix(".json").read_text("utf-8"))
    fields["key"]["moon"] = "full"
    path.with_suffix(".json").write_text(json.dumps(fields), "utf-8")


def list_instead(path: Path) -> None:
    path.with_suffix(".json").write_text("[]", "utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (truncate, r"has 599 bytes and not 600: it was cut short"),
        (corrupt, r"has another hash than its record says"),
        (lose_record, r"\.json is missing"),
        (scribble, r"\.json cannot be read"),
        (lack, r"lacks or mistakes 'sha256'"),
        (add, r"\.json cannot be read .*moon"),
        (list_instead, r"\.json cannot be read"),
    ],
)
def test_damaged_engines_are_refused_with_the_reason_and_can_be_replaced(
    cache: EngineCache, damage: Callable[[Path], None], words: str
) -> None:
    damage(cache.keep("it", KEY, BUILT, 1))
    with pytest.raises(RunnerError, match=words) as raised:
        cache.load("it", KEY)
    line = why_built(cache, "it", KEY, raised.value)
    assert line == f"the engine of it is built again because {raised.value}"
    cache.keep("it", KEY, BUILT, 1)
    assert cache.load("it", KEY)[0] == BUILT.engine


def test_an_engine_under_anothers_name_is_refused_and_says_what_differs(cache: EngineCache) -> None:
    foreign = cache.keep("it", replace(KEY, gpu="Toy 2"), BUILT, 1)
    mine = cache.folder / f"it-{KEY.digest()}.engine"
    foreign.replace(mine)
    foreign.with_suffix(".json").replace(mine.with_suffix(".json"))
    with pytest.raises(RunnerError, match="another engine: the card changed from Toy 2 to Toy 1"):
        cache.load("it", KEY)


def test_the_line_before_a_build_says_what_changed_since_the_newest_engine_of_that_name(cache: EngineCache) -> None:
    def line(key: EngineKey) -> str:
        with pytest.raises(NoEngineError) as raised:
            cache.load("walk", key)
        return why_built(cache, "walk", key, raised.value)

    assert line(KEY) == "the engine of walk is built for the first time"
    cache.keep("walk-decoder", KEY, BUILT, 1)
    assert line(KEY) == "the engine of walk is built for the first time"
    cache.keep("walk", KEY, BUILT, 1)
    newer = replace(KEY, driver="13.1")
    assert line(newer) == "the engine of walk is built again because the driver changed from 13.0 to 13.1"
    assert cache.find_older("walk", KEY) is None


def test_a_full_disk_is_an_error_that_leaves_nothing(cache: EngineCache, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_bytes

    def half(self: Path, data: bytes) -> int:
        write(self, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(RunnerError, match=r"No space left on device.*STEREOSYNC_ENGINES"):
        cache.keep("it", KEY, BUILT, 1)
    assert list(cache.folder.iterdir()) == []


def test_two_that_build_at_once_do_no_harm(cache: EngineCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one finishes between any two steps of the first; whatever comes of it is right or refused."""
    other = Built(b"other engine", BUILT.bindings, 2.0)
    steps: list[int] = []
    replace_file = Path.replace

    def interrupted(self: Path, target: Any) -> Path:
        steps.append(1)
        if len(steps) == 2:
            EngineCache(cache.folder).keep("it", KEY, other, 1)
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    cache.keep("it", KEY, BUILT, 1)
    with pytest.raises(RunnerError, match="cut short"):
        cache.load("it", KEY)
    cache.keep("it", KEY, BUILT, 1)
    assert cache.load("it", KEY)[0] == BUILT.engine
    assert not list(cache.folder.glob("*.part"))


def test_time_is_estimated_from_earlier_builds_of_the_same_library(cache: EngineCache) -> None:
    assert str(cache.estimate(BACKENDS["tensorrt"], 500)) == "about 60 s (a guess, none was built before)"
    cache.keep("it", KEY, BUILT, graph_bytes=100)
    assert str(cache.estimate(BACKENDS["tensorrt"], 500)) == "about 15 s (as earlier ones did)"
    assert not cache.estimate(BACKENDS["rtx"], 500).measured


def test_the_folder_can_be_named_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEREOSYNC_ENGINES", str(tmp_path / "mine"))
    assert user_cache().folder == tmp_path / "mine"
