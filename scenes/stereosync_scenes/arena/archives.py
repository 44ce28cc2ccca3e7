"""The games' files: where their packages put them, and what is in their archives (.pk3, which are zip files)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from stereosync.errors import StereoSyncError
from stereosync.folders import kept_folder
from stereosync.scene import UInt8Array

Game = Literal["openarena", "nexuiz"]

LEVELS_VARIABLE = "STEREOSYNC_LEVELS"
FOLDERS: dict[Game, str] = {"openarena": "openarena/baseoa", "nexuiz": "nexuiz/data"}
PACKAGES: dict[Game, str] = {
    "openarena": "openarena-data openarena-081-maps openarena-081-players openarena-081-textures openarena-085-data "
    "openarena-088-data openarena-oacmp1",
    "nexuiz": "nexuiz-data nexuiz-textures",
}
PICTURES = (".jpg", ".tga", ".png")
LONGEST_SIDE_PX = 256


class LevelsUnavailable(StereoSyncError, RuntimeError):
    """The games' packages are not here; the message says what to install or run."""


@dataclass(frozen=True, eq=False)
class Archive:
    """All files of one game by their lower-case name; of files with the same name the last archive's counts."""

    game: Game
    members: dict[str, tuple[zipfile.ZipFile, str]]

    def __contains__(self, name: object) -> bool:
        return name in self.members

    def names(self, folder: str, suffix: str) -> Iterator[str]:
        """Names in `folder` (with its slash) that end with `suffix`, sorted."""
        return (name for name in sorted(self.members) if name.startswith(folder) and name.endswith(suffix))

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises KeyError when the game has no such file."""
        archive, member = self.members[name.lower()]
        return archive.read(member)

    def text(self, name: str) -> str:
        return self.read(name).decode("latin-1")

    def close(self) -> None:
        """Let go of the files."""
        for archive, _ in self.members.values():
            archive.close()

    def picture(self, name: str) -> UInt8Array | None:
        """RGB (H, W, 3) of a picture whose name may lack or have another suffix; None when there is none to read."""
        stem = name.lower().replace("\\", "/")
        stem = stem[:-4] if stem.endswith(PICTURES) else stem
        for suffix in PICTURES:
            if stem + suffix in self.members:
                return decode(self.read(stem + suffix))
        return None


def decode(data: bytes) -> UInt8Array | None:
    """RGB (H, W, 3) of a JPEG, Targa or PNG file, its sides at most LONGEST_SIDE_PX; None when it cannot be read."""
    import cv2

    try:
        picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    if picture is None:
        return targa(data)
    return _limited(np.asarray(picture[..., ::-1], dtype=np.uint8))


def targa(data: bytes) -> UInt8Array | None:
    """RGB (H, W, 3) of a Targa file of true colour, run lengths allowed; None for others. OpenCV cannot read them."""
    if len(data) < 18 or data[2] not in (2, 10) or data[16] not in (24, 32):
        return None
    width, height = int.from_bytes(data[12:14], "little"), int.from_bytes(data[14:16], "little")
    channels = data[16] // 8
    body = data[18 + data[0] :]
    flat = _unpacked(body, channels, width * height) if data[2] == 10 else body[: width * height * channels]
    if len(flat) < width * height * channels or width * height == 0:
        return None
    picture = np.frombuffer(flat, dtype=np.uint8)[: width * height * channels].reshape(height, width, channels)
    upright = picture if data[17] & 0x20 else picture[::-1]
    return _limited(np.asarray(upright[..., 2::-1], dtype=np.uint8))


def _unpacked(body: bytes, channels: int, pixels: int) -> bytes:
    out, place, wanted = bytearray(), 0, pixels * channels
    while len(out) < wanted and place < len(body):
        count, repeated = (body[place] & 127) + 1, body[place] & 128
        length = channels if repeated else channels * count
        out += body[place + 1 : place + 1 + length] * (count if repeated else 1)
        place += 1 + length
    return bytes(out)


def _limited(picture: UInt8Array) -> UInt8Array:
    import cv2

    height, width = picture.shape[:2]
    shrink = LONGEST_SIDE_PX / max(height, width)
    if shrink >= 1:
        return np.ascontiguousarray(picture)
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    return np.asarray(cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def default_folder() -> Path:
    """`STEREOSYNC_LEVELS`, or the user's cache folder of this platform."""
    return kept_folder(LEVELS_VARIABLE, "levels")


def archive_files(game: Game) -> tuple[Path, ...]:
    """The game's archives in the order in which they are laid over each other.

    Looked for in `default_folder()`, then where Debian's packages install them. Raises LevelsUnavailable.
    """
    roots = (default_folder(), default_folder() / "usr" / "share" / "games", Path("/usr/share/games"))
    for root in roots:
        found = tuple(sorted((root / FOLDERS[game]).glob("*.pk3")))
        if found:
            return found
    raise LevelsUnavailable(
        f"no archives of {game} in {roots[0]}: install the Debian packages {PACKAGES[game]}, or run "
        f"`python scripts/fetch_levels.py`, or set {LEVELS_VARIABLE} to the folder that has them"
    )


@lru_cache(maxsize=4)
def _opened(files: tuple[Path, ...], game: Game) -> Archive:
    members: dict[str, tuple[zipfile.ZipFile, str]] = {}
    for file in files:
        archive = zipfile.ZipFile(file)
        members.update({name.lower(): (archive, name) for name in archive.namelist()})
    return Archive(game, members)


def open_archive(game: Game) -> Archive:
    """The game's files, opened once per process. Raises LevelsUnavailable with what to install."""
    return _opened(archive_files(game), game)
