"""The games' shader scripts, read for two things: which picture a surface shows, and whether one sees through it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from stereosync_scenes.arena.archives import Archive

WORD = re.compile(r"//[^\n]*|/\*.*?\*/|[{}]|[^\s{}]+|\n", re.DOTALL)


@dataclass(frozen=True)
class Shader:
    """`picture` is the name of the picture to show, "" when there is none; `sheer` surfaces are not drawn."""

    picture: str
    sheer: bool
    sky: bool


@lru_cache(maxsize=4)
def shaders(archive: Archive) -> dict[str, Shader]:
    """All shaders of a game by lower-case name."""
    found: dict[str, Shader] = {}
    for name in archive.names("scripts/", ".shader"):
        found.update(parse(archive.text(name)))
    return found


def parse(text: str) -> dict[str, Shader]:
    """The shaders of one script. What is not understood is passed over."""
    found: dict[str, Shader] = {}
    lines: list[list[str]] = []
    depth, title = 0, ""
    for line in _lines(text):
        if line == ["{"]:
            depth += 1
        elif line == ["}"]:
            depth = max(depth - 1, 0)
            if depth == 0 and title:
                found[title] = _shader(lines)
                title, lines = "", []
        elif depth == 0:
            title, lines = line[0], []
        if depth > 0:
            lines.append([str(depth), *line])
    return found


def _lines(text: str) -> Iterator[list[str]]:
    line: list[str] = []
    for match in WORD.finditer(text.replace("\r", "\n").lower()):
        word = match.group()
        if word.startswith(("//", "/*")):
            continue
        if word in ("\n", "{", "}"):
            if line:
                yield line
            line = []
            if word != "\n":
                yield [word]
        else:
            line.append(word.replace("\\", "/"))
    if line:
        yield line


def _shader(lines: list[list[str]]) -> Shader:
    params = {line[2] for line in lines if line[1] == "surfaceparm" and len(line) > 2}
    stages = list(_stages(lines))
    shown = [stage for stage in stages if stage.picture]
    editor = next((line[2] for line in lines if line[1] == "qer_editorimage" and len(line) > 2), "")
    solid = [stage for stage in shown if not stage.blended]
    # A lightmap drawn first makes the blended stage after it solid.
    lit = bool(stages) and not stages[0].blended and not stages[0].tested
    chosen = (solid or shown or [_Stage(editor, False, False)])[0]
    sheer = bool(shown) and ((chosen.blended and not lit) or chosen.tested)
    return Shader(chosen.picture or editor, sheer, "sky" in params)


@dataclass(frozen=True)
class _Stage:
    picture: str
    blended: bool
    tested: bool


def _stages(lines: list[list[str]]) -> Iterator[_Stage]:
    stage: list[list[str]] = []
    for line in lines:
        if line[0] == "2":
            stage.append(line[1:])
        elif stage:
            yield _stage(stage)
            stage = []
    if stage:
        yield _stage(stage)


def _stage(lines: list[list[str]]) -> _Stage:
    picture, blended, tested = "", False, False
    for words in lines:
        if words[0] in ("map", "clampmap") and len(words) > 1 and not words[1].startswith(("$", "*")):
            picture = words[1]
        elif words[0] == "animmap" and len(words) > 2:
            picture = words[2]
        elif words[0] == "blendfunc":
            blended = words[1:3] not in (["gl_one", "gl_zero"],)
        elif words[0] == "alphafunc":
            tested = True
    return _Stage(picture, blended, tested)
