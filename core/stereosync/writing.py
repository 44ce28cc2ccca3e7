"""Writing: what is there stays, new files are made beside their place and renamed when they are whole.

A link is followed to the file that it names; a device or a pipe is written straight into.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from stereosync.errors import FULL, StereoSyncError, UserError

IsOurs = Callable[[Path], bool]


def nobodys(_path: Path) -> bool:
    """Nothing that exists may be replaced."""
    return False


def json_with(*keys: str) -> IsOurs:
    """A test for files that hold a JSON object with these keys, as a command's own reports do."""

    def is_ours(path: Path) -> bool:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return False
        return isinstance(found, dict) and found.keys() >= set(keys)

    return is_ours


def check_output(path: Path, option: str, is_ours: IsOurs = nobodys) -> None:
    """Refuse a file that cannot be made, or that is another's; called before any work.

    Raises:
        UserError: it exists and is not `is_ours`, or is a folder, or its folder is missing or closed.
    """
    if is_written_into(path):
        return
    with named(path, option):
        target = path.resolve()
        if target.is_dir():
            raise UserError(f"{option} {path} is a folder: name a file in it")
        if target.exists() and not is_ours(target):
            raise UserError(f"{option} {path} exists already: name another file, or move that one away")
        if not target.parent.is_dir():
            raise UserError(f"{option} {path}: its folder does not exist, make it first")
        if not os.access(target.parent, os.W_OK):
            raise UserError(f"{option} {path}: its folder cannot be written to, choose one that is yours")


def is_written_into(path: Path) -> bool:
    """True of a device, a pipe or a socket, also behind a link: there is nothing to rename there."""
    if Path("/dev") in path.absolute().parents:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def numbered(path: Path, suffixes: Sequence[str] = ()) -> Path:
    """`path`, or the first of NAME-2, NAME-3 and so on that does not exist, and neither do those with `suffixes`."""
    if is_written_into(path):
        return path
    for number in itertools.count(1):
        candidate = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        beside = (candidate.with_suffix(suffix) for suffix in suffixes)
        if not any(os.path.lexists(one) for one in (candidate, *beside)):
            break
    return candidate


@contextmanager
def named(path: Path, option: str = "") -> Iterator[None]:
    """Turn the operating system's errors about `path` into `UserError`."""
    try:
        yield
    except StereoSyncError:
        raise
    except OSError as error:
        raise _sentence(f"{option} {path}".strip(), error) from error


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write to, which becomes `path` when the block ends; where it fails, nothing stays of it.

    Raises:
        UserError: it cannot be made here, or the disk is full.
    """
    with _told_if_full(path):
        if is_written_into(path):
            yield path
            return
        with named(path):
            target = path.resolve()
            part = target.with_name(f".{uuid.uuid4().hex}.part{target.suffix}")
            part.touch(exist_ok=False)
        try:
            yield part
            with named(path):
                if target.is_file():
                    shutil.copymode(target, part)
                part.replace(target)
        finally:
            with suppress(OSError):  # Windows keeps what an encoder still holds open
                part.unlink(missing_ok=True)


@contextmanager
def _told_if_full(path: Path) -> Iterator[None]:
    try:
        yield
    except StereoSyncError:
        raise
    except Exception as error:  # encoders have errors of their own, with the number of the system's
        if getattr(error, "errno", None) not in FULL:
            raise
        raise _sentence(str(path), error) from error


def _sentence(what: str, error: Exception) -> UserError:
    if getattr(error, "errno", None) in FULL:
        return UserError(f"{what} is not written, for its disk is full: free some room or name another place")
    return UserError(f"{what} cannot be written ({getattr(error, 'strerror', None) or error}): choose another place")


def write_text(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old one or the new one, never a part.

    Raises:
        UserError: it cannot be written.
    """
    with whole_file(path) as part, named(path):
        part.write_text(text, encoding="utf-8")


def write_json(path: Path, data: Any) -> None:
    """Write JSON as `write_text` does."""
    write_text(path, json.dumps(data, indent=1) + "\n")
