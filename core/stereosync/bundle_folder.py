"""The folder of a bundle that is made: beside its place, and in it when it is whole."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stereosync.bundle_spec import CARD, MANIFEST
from stereosync.errors import UserError
from stereosync.writing import named


def check_bundle_place(path: Path, option: str) -> None:
    """Refuse a place for a bundle unless nothing is there, an empty folder, or a bundle alone; called before any work.

    Raises:
        UserError: something else is there, which stays.
    """
    with named(path, option):
        folder = path.resolve()
        if folder.exists() and not folder.is_dir():
            raise UserError(f"{option} {path} is a file: name a folder for the bundle")
        if folder == Path.cwd() or os.path.ismount(folder):
            raise UserError(f"{option} {path} cannot be replaced as a whole: name a folder inside it")
        strangers = _strangers(folder) if folder.is_dir() else []
        if strangers:
            raise UserError(
                f"{option} {path} holds what is no part of a bundle ({', '.join(strangers[:3])}): name another folder"
            )
        above = next(parent for parent in folder.parents if parent.exists())
        if not (above.is_dir() and os.access(above, os.W_OK)):
            raise UserError(f"{option} {path}: {above} cannot be written to, choose a folder that is yours")


@contextmanager
def whole_bundle_folder(path: Path, option: str) -> Iterator[Path]:
    """A folder to write a bundle into, which takes the place of `path` when the block ends without an error.

    Raises:
        UserError: as `check_bundle_place`, before the block and after it.
    """
    check_bundle_place(path, option)
    folder = path.resolve()
    with named(path, option):
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = folder.with_name(f".{uuid.uuid4().hex}.part")
        fresh.mkdir()
    try:
        yield fresh
        check_bundle_place(path, option)
        with named(path, option):
            _put(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put(fresh: Path, folder: Path) -> None:
    """Rename `fresh` to `folder`; a bundle that was there goes once the new one is in its place."""
    if not folder.exists():
        fresh.rename(folder)
        return
    old = folder.with_name(f".{uuid.uuid4().hex}.old")
    folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    ours = _bundle_files(old)
    for entry in [entry for entry in old.iterdir() if entry.name in ours]:
        entry.unlink()
    old.rmdir()


def _strangers(folder: Path) -> list[str]:
    """Names of what a bundle does not have."""
    ours = _bundle_files(folder)
    return sorted(entry.name for entry in folder.iterdir() if entry.name not in ours or entry.is_dir())


def _bundle_files(folder: Path) -> set[str]:
    """The files of the bundle in a folder, by its manifest, of whatever version; none without one."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return set()
    if not isinstance(manifest, dict) or not {"schema", "graphs"} <= manifest.keys():
        return set()
    return {MANIFEST, CARD, *_files_named(manifest.get("graphs")), *_files_named(manifest.get("weights"))}


def _files_named(data: Any) -> Iterator[str]:
    """Every value of a key "file", however deep."""
    if isinstance(data, dict):
        if isinstance(data.get("file"), str):
            yield data["file"]
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from _files_named(item)
