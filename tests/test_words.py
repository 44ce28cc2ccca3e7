"""The words of docs/architecture.md are those of the tree: paths that pages name exist, names keep to the glossary."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("core", "bridge", "runners", "runtime", "tools", "panda3d_sample", "scenes", "model", "training", "export")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FILES = frozenset(
    path.name
    for folder in ROOT.iterdir()
    if not folder.name.startswith(".")
    for path in (folder.rglob("*.*") if folder.is_dir() else [folder])
)
HISTORICAL = {  # what a decision names as it was then, and is no longer there
    "docs/decisions/0002-decoder-mixes-shaped-noise-with-the-stft-head.md": {"decoder_stage.py"},
}
# What those who follow the pages write.
PLACEHOLDERS = {"r.json", "report.json", "gpu.json", "FILE.json", "NAME-gaits.json"}
RIDDLE = re.compile(r"(What|Where|How|Who|Whose|Which|When|Whether)\b")  # a docstring says the fact first
PATH_LIKE = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
FILE_LIKE = re.compile(r"[\w.-]+\.(py|md|toml|json|jsonl|sh)")

# "engine" is a game engine, but for what TensorRT builds.
TENSORRT = ("runners/stereosync_runners/tensorrt/", "runtime/stereosync_runtime/build_engines.py")
GAME_ENGINE_FILES = {"tools/stereosync_tools/audition/engine_sound.py"}  # Panda3D's audio as the speaker
GAME_ENGINE_CLASSES = {"EngineSound", "EngineSource"}  # of the audition: Panda3D plays, Panda3D draws
CUE_SLOT_FILES = {"core/stereosync/cue_spec.py", "core/stereosync/cues.py"}  # a slot is a character's place in these
RIDDLES = ("sharing", "absence", "pays", "overheard", "workshop", "upgrade")  # file names that nobody can guess


def paths_named_in(text: str) -> Iterator[str]:
    """What stands in backticks and looks like a path of the repository, or like the name of a file."""
    tops = {path.name for path in ROOT.iterdir()}
    for quoted in re.findall(r"`([^`\n]+)`", text):
        for word in (part.rstrip(",.:;") for part in quoted.split()):
            is_path = PATH_LIKE.fullmatch(word) and "/" in word and word.split("/")[0] in tops
            if is_path or FILE_LIKE.fullmatch(word):
                yield word


def missing_from(page: Path) -> list[str]:
    """The paths of a page that are not there, but for those that it tells of as gone."""
    known = HISTORICAL.get(page.relative_to(ROOT).as_posix(), set()) | PLACEHOLDERS
    return [path for path in paths_named_in(page.read_text(encoding="utf-8")) if path not in known and not _is(path)]


def _is(path: str) -> bool:
    return (ROOT / path).exists() if "/" in path else path in FILES


def sources() -> list[Path]:
    """Every Python file of the packages."""
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def words_broken_by(file: str, source: str) -> list[str]:
    """Names of a file, its path and its classes, that mean something else in the glossary."""
    classes = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    broken = [f"{file}: {name}" for name in classes if _is_second_meaning(name, file)]
    name = file.rpartition("/")[2]
    if "engine" in name and not file.startswith(TENSORRT) and file not in GAME_ENGINE_FILES:
        broken.append(f"{file}: a graph that runs is a runner")
    if "slot" in name and file not in CUE_SLOT_FILES:
        broken.append(f"{file}: a pool has rows, a frame waits in a mailbox")
    if name.removesuffix(".py") in RIDDLES:
        broken.append(f"{file}: say what is in it")
    return broken


def _is_second_meaning(name: str, file: str) -> bool:
    # NoEngineError and others of TensorRT live in its folder; a second `Inbox` would have the opposite role
    if "engine" in name.lower():
        return not file.startswith(TENSORRT) and name not in GAME_ENGINE_CLASSES
    if "slot" in name.lower():
        return file not in CUE_SLOT_FILES
    return "Variant" in name or (name == "Inbox" and not file.startswith("runtime/"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    assert not missing_from(page)


def test_the_list_of_what_is_gone_holds_no_path_that_is_there() -> None:
    assert not [path for paths in HISTORICAL.values() for path in paths if _is(path)]


def test_every_package_is_on_the_page_of_folders() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert [folder for folder in FOLDERS if f"| `{folder}/` |" not in page] == []


def test_names_keep_to_the_glossary() -> None:
    broken: list[str] = []
    for path in sources():
        broken += words_broken_by(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    assert broken == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("runtime/stereosync_runtime/engine.py", ""),
        ("runners/stereosync_runners/runner.py", "class Engine: ..."),
        ("runners/stereosync_runners/pool_rows.py", "class Slots: ..."),
        ("core/stereosync/bundle_spec.py", "class GraphVariant: ..."),
        ("bridge/stereosync_bridge/frame_slot.py", ""),
        ("bridge/stereosync_bridge/server.py", "class Inbox: ..."),
        ("tools/stereosync_tools/doctor/workshop.py", ""),
    ],
)
def test_the_checker_finds_a_second_meaning(file: str, source: str) -> None:
    assert words_broken_by(file, source)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("runners/stereosync_runners/tensorrt/cache.py", "class EngineCache: ..."),
        ("tools/stereosync_tools/audition/engine_sound.py", "class EngineSound: ..."),
        ("core/stereosync/cues.py", "class CueSlot: ..."),
    ],
)
def test_the_checker_lets_first_meanings_pass(file: str, source: str) -> None:
    assert words_broken_by(file, source) == []


def riddles_in(source: str) -> list[str]:
    """First lines of docstrings that ask before they say."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(source)) if isinstance(node, documented)]
    return [doc.partition("\n")[0] for doc in docs if RIDDLE.match(doc)]


def test_docstrings_say_the_fact_first() -> None:
    assert riddles_in('"""What it is."""') == ["What it is."]
    assert {path.name: found for path in sources() if (found := riddles_in(path.read_text(encoding="utf-8")))} == {}
