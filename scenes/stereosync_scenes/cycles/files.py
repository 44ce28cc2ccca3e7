"""Files of gaits: the cycles of a game's bodies, from gait files, glTF and BVH. `docs/fit.md` has the formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from stereosync.errors import UserError
from stereosync.writing import check_output, write_json
from stereosync_scenes.contact import NoContactError
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.bvh import read_bvh
from stereosync_scenes.cycles.checks import CycleError
from stereosync_scenes.cycles.gait_file import gait_file, read_gait_file
from stereosync_scenes.cycles.gltf.reader import read_gltf
from stereosync_scenes.cycles.motion import Motion
from stereosync_scenes.cycles.of_motion import cycle_of

Say = Callable[[str], None]


def read_cycles(path: Path, say: Say = print) -> list[BodyCycle]:
    """The cycles of a file, or of every file of a known format in a folder.

    Clips that are no gait are left out, and `say` is told of each, as it is of what had to be guessed.

    Raises:
        UserError: a file cannot be read or used, or holds no gait; the message says why.
        NoContactError: a foot of its only gait has no clear contact.
    """
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in READERS) if path.is_dir() else [path]
    found: list[BodyCycle] = []
    no_gaits: list[UserError] = []
    for file in files:
        for clip in _of_file(file, say):
            if isinstance(clip, BodyCycle):
                found.append(clip)
            else:
                no_gaits.append(clip)
    if not found:
        raise no_gaits[0] if no_gaits else UserError(f"{path} holds no gait: give {FORMATS} (docs/fit.md)")
    for error in no_gaits:
        say(f"left out: {error}")
    return found


def write_cycles(folder: Path, cycles: Sequence[BodyCycle]) -> list[Path]:
    """Write one gait file for each body; the files.

    Raises:
        UserError: one of them is there already.
    """
    bodies = {
        folder / f"{body}.json": gait_file(body, list(own))
        for body, own in groupby(sorted(cycles, key=attrgetter("body")), key=attrgetter("body"))
    }
    folder.mkdir(parents=True, exist_ok=True)
    for path in bodies:
        check_output(path, "the gait file")
    for path, gaits in bodies.items():
        write_json(path, gaits)
    return list(bodies)


def _bvh(path: Path, say: Say) -> list[Motion]:
    return [read_bvh(path, say)]


def _gltf(path: Path, _say: Say) -> list[Motion]:
    return read_gltf(path)


def _json(path: Path, _say: Say) -> list[Motion]:
    return read_gait_file(path)


READERS: dict[str, Callable[[Path, Say], list[Motion]]] = {
    ".json": _json, ".gltf": _gltf, ".glb": _gltf, ".bvh": _bvh,
}  # fmt: skip
FORMATS = "a gait file (.json), glTF (.gltf, .glb) or BVH (.bvh), or a folder of them"


def _of_file(path: Path, say: Say) -> list[BodyCycle | UserError]:
    """Every clip's cycle, or why it has none."""
    read = READERS.get(path.suffix.lower())
    if not path.exists():
        raise UserError(f"{path} is not there: give {FORMATS} (docs/fit.md)")
    if read is None:
        raise UserError(f"{path} has a format that is not read: give {FORMATS} (docs/fit.md)")
    try:
        return [_cycle(motion, path) for motion in read(path, lambda text: say(f"{path}: {text}"))]
    except UserError as error:
        raise type(error)(f"{path}: {error}") from error


def _cycle(motion: Motion, path: Path) -> BodyCycle | UserError:
    try:
        return cycle_of(motion)
    except (CycleError, NoContactError) as error:
        return type(error)(f"{path}: {error}")
