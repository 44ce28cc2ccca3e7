"""One root of errors, drawn as a tree that holds them all; what the system says of a file is one sentence."""

from __future__ import annotations

import ast
import errno
import re
import tomllib
from pathlib import Path

import pytest

from stereosync import errors
from stereosync.errors import StereoSyncError, UserError, file_troubles

ROOT = Path(__file__).parents[2]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
    "wheel"
]["packages"]
BUILT_IN = {"Exception", "ValueError", "RuntimeError", "OSError", "ConnectionError", "LookupError", "ImportError"}


def classes() -> dict[str, set[str]]:
    """Every class of the project with the names of its bases."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    found[node.name] = {base.id for base in node.bases if isinstance(base, ast.Name)}
    return found


def test_every_error_grows_from_the_one_root_and_stands_in_the_tree() -> None:
    bases = classes()
    ours = {"StereoSyncError"}
    while grown := {name for name, parents in bases.items() if parents & ours} - ours:
        ours |= grown
    raised = {name for name, parents in bases.items() if parents & BUILT_IN}
    assert raised <= ours, "these have a root of their own"
    drawn = re.findall(r"\+-- (\w+)", errors.__doc__ or "")
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == ours - {"StereoSyncError"}


def test_what_the_system_says_of_a_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.txt: No such file"), file_troubles():
        (tmp_path / "nowhere.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("error", [OSError("no file is named"), StereoSyncError("ours"), KeyError("a bug")])
def test_other_errors_pass(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, file_troubles():
        raise error
    assert raised.value is error


def test_a_full_disk_and_too_little_memory_are_sentences() -> None:
    with pytest.raises(UserError, match="an output: No space left"), file_troubles():
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(UserError, match="memory of this machine is too small"), file_troubles():
        raise MemoryError


def test_text_that_is_not_utf_8_is_a_sentence() -> None:
    with pytest.raises(UserError, match=r"'caf.xe9' is not utf-8: save the file as UTF-8"), file_troubles():
        b"caf\xe9".decode("utf-8")
