"""The Python files of this repository, by the folder from which they are imported."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from commands import ROOT

BESIDE = ("bench", "scripts", "examples", "examples/pedestrians", "panda3d_sample")
"""Folders with files of no package, which import one another by their stems."""


@dataclass(frozen=True)
class Source:
    """A file: its path in the repository, its dotted name, and its text."""

    path: str
    module: str
    text: str

    @property
    def package(self) -> str:
        """The first part of the dotted name; "" for a file of no package."""
        return self.module.partition(".")[0] if "/stereosync" in self.path else ""

    @property
    def lines(self) -> int:
        return self.text.count("\n")


@dataclass(frozen=True)
class House:
    """All our files. Those of the packages come first, as `pyproject.toml` lists them for the wheel."""

    root: Path = ROOT

    @cached_property
    def packages(self) -> dict[str, Path]:
        """Folders of packages, by their names."""
        project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        folders = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
        return {Path(folder).name: self.root / folder for folder in folders}

    @cached_property
    def of_packages(self) -> list[Source]:
        return [source for folder in self.packages.values() for source in self.read(folder.parent, f"{folder.name}/**")]

    @cached_property
    def beside(self) -> list[Source]:
        """Files of benches, scripts, examples, and the sample beside its package."""
        found = {source.path: source for folder in BESIDE for source in self.read(self.root / folder, ".")}
        rest = [source for source in self.read(self.root / "examples", "**") if source.path not in found]
        return [*found.values(), *rest]

    @property
    def sources(self) -> list[Source]:
        return [*self.of_packages, *self.beside]

    @cached_property
    def tests(self) -> list[Source]:
        return list(self.read(self.root, "tests/**"))

    def read(self, top: Path, where: str) -> Iterator[Source]:
        """Files below `top` that a glob names; their dotted names begin at `top`."""
        for file in sorted(top.glob(f"{where}/*.py" if where != "." else "*.py")):
            name = ".".join(file.relative_to(top).with_suffix("").parts).removesuffix(".__init__")
            yield Source(file.relative_to(self.root).as_posix(), name, file.read_text(encoding="utf-8"))
