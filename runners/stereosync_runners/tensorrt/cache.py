"""Engines that were built, kept in a folder of the user's: `NAME-DIGEST.engine`, and a record of the same name.

What cannot be trusted is refused with the reason, so that it is built again. Any number of processes may share the
folder: files appear whole or not at all, and an engine that is not the one of its record is refused.
"""

from __future__ import annotations

import hashlib
import statistics
import uuid
from dataclasses import dataclass
from pathlib import Path

from stereosync.folders import kept_folder
from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.backend import Backend
from stereosync_runners.tensorrt.build import Built
from stereosync_runners.tensorrt.keys import DIGEST_LENGTH, EngineKey, differences
from stereosync_runners.tensorrt.record import Record, from_json, to_json

VARIABLE = "STEREOSYNC_ENGINES"
GUESSED_S = {True: 2.0, False: 60.0}  # for a graph, by whether the library builds ahead of time: it leaves out trials


class NoEngineError(RunnerError):
    """No engine was kept for this key."""


@dataclass(frozen=True)
class Estimate:
    """The length of a build to come; `measured`: known from earlier ones."""

    seconds: float
    measured: bool

    def __str__(self) -> str:
        how = "as earlier ones did" if self.measured else "a guess, none was built before"
        return f"about {max(self.seconds, 1):.0f} s ({how})"


class EngineCache:
    """Kept engines in `folder`, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, name: str, key: EngineKey, built: Built, graph_bytes: int) -> Path:
        """Write an engine and its record; those of the same key are replaced. Returns the engine's path.

        Raises:
            RunnerError: it cannot be written. No part of it is left.
        """
        digest = hashlib.sha256(built.engine).hexdigest()
        record = Record(key, digest, len(built.engine), built.seconds, graph_bytes, built.bindings)
        path = self._path(name, key)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _replace({path: built.engine, path.with_suffix(".json"): to_json(record).encode("utf-8")})
        except OSError as error:
            raise RunnerError(
                f"the engine of {name} cannot be kept in {self.folder} ({error.strerror or error}): make room there, "
                f"or name another folder in {VARIABLE}"
            ) from error
        return path

    def load(self, name: str, key: EngineKey) -> tuple[bytes, Record]:
        """An engine that was kept, and its record.

        Raises:
            NoEngineError: there is none.
            RunnerError: it is not to be trusted; the message says why.
        """
        path = self._path(name, key)
        if not path.exists():
            raise NoEngineError(f"no engine of {name} is kept for this card and these options: it must be built")
        record = _read_record(path.with_suffix(".json"))
        if record.key != key:
            raise RunnerError(f"{path.name} is another engine: {differences(record.key, key)}")
        try:
            engine = path.read_bytes()
        except OSError as error:
            raise RunnerError(f"{path.name} cannot be read ({error.strerror or error}): build it again") from error
        _check(path, engine, record)
        return engine, record

    def find_older(self, name: str, key: EngineKey) -> Record | None:
        """The newest engine of that name with another key, to say what changed."""
        mine = self._path(name, key).with_suffix(".json")
        others = [path for path in self._records(f"{name}-{'[0-9a-f]' * DIGEST_LENGTH}.json") if path != mine]
        readable = [record for path in sorted(others, key=_age, reverse=True) if (record := _try_record(path))]
        return readable[0] if readable else None

    def estimate(self, backend: Backend, graph_bytes: int) -> Estimate:
        """The time that an engine of a graph file of so many bytes will take to build."""
        records = [record for path in self._records("*.json") if (record := _try_record(path))]
        rates = [one.build_s / one.graph_bytes for one in records if one.key.library == backend.module]
        if not rates:
            return Estimate(GUESSED_S[backend.ahead], measured=False)
        return Estimate(statistics.median(rates) * graph_bytes, measured=True)

    def _path(self, name: str, key: EngineKey) -> Path:
        return self.folder / f"{name}-{key.digest()}.engine"

    def _records(self, pattern: str) -> list[Path]:
        return sorted(self.folder.glob(pattern))


def user_cache() -> EngineCache:
    """The cache in the folder that the environment names, else in the user's own."""
    return EngineCache(kept_folder(VARIABLE, "engines"))


def why_built(cache: EngineCache, name: str, key: EngineKey, refusal: RunnerError) -> str:
    """One line that says why an engine is built: the refusal, or what changed since the last one."""
    if not isinstance(refusal, NoEngineError):
        return f"the engine of {name} is built again because {refusal}"
    older = cache.find_older(name, key)
    if older is None:
        return f"the engine of {name} is built for the first time"
    return f"the engine of {name} is built again because {differences(older.key, key)}"


def _replace(contents: dict[Path, bytes]) -> None:
    """Write all beside their places, then put each into its own; what cannot be finished is taken away."""
    parts = {path: path.with_name(f"{path.name}.{uuid.uuid4().hex}.part") for path in contents}
    try:
        for path, part in parts.items():
            part.write_bytes(contents[path])
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _read_record(path: Path) -> Record:
    try:
        return from_json(path.read_text("utf-8"))
    except FileNotFoundError:
        raise RunnerError(f"{path.name} is missing, which says what the engine is: it must be built again") from None
    except (OSError, ValueError) as error:
        raise RunnerError(f"{path.name} cannot be read ({error}): the engine must be built again") from error


def _try_record(path: Path) -> Record | None:
    try:
        return _read_record(path)
    except RunnerError:
        return None


def _check(path: Path, engine: bytes, record: Record) -> None:
    if len(engine) != record.size_bytes:
        raise RunnerError(
            f"{path.name} has {len(engine)} bytes and not {record.size_bytes}: it was cut short, build it again"
        )
    if hashlib.sha256(engine).hexdigest() != record.sha256:
        raise RunnerError(f"{path.name} has another hash than its record says: it is damaged, build it again")


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
