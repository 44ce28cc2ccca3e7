"""Rendered walks as they lie on disk: clips of cue arrays with the targets that follow from their truth."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from tqdm import tqdm

from stereosync.acoustics import hardness
from stereosync.clearance import mirrored
from stereosync.cues import CROP_CHANNELS, NUMBERS, PICTURE_CHANNELS, TRACK_CHANNELS
from stereosync.errors import NotThereError, UserError
from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import PLACEMENT
from stereosync_training.data.density import contact_density
from stereosync_training.data.sound_clips import PCM_SCALE
from stereosync_training.data.walk_clips import PICTURE_EVERY

MIRRORED_NUMBERS = tuple(NUMBERS.index(name) for name in ("azimuth_rad", "azimuth_rad_per_s"))
MIRRORED_PLACEMENT = tuple(PLACEMENT.index(column) for column in MIRRORED_NUMBERS)
LEG_SPLIT = TRACK_CHANNELS.index("leg_split")
KINDS_OF_PLACE = ("", *PLACES)  # the first is the quiet place
TYPICAL_LEAD_S = 0.08
NEAR_CONTACT_S = 0.7  # a character stands on the ground of a contact that is not farther in time
CUES = ("pictures", "crops", "numbers", "tracks", "present")
DROP_ODDS = {"pictures": 0.05, "crops": 0.1, "tracks": 0.1, "depth": 0.1}  # per clip
CUES_TO_DROP = (*DROP_ODDS, "difference")
NO_CHANGE_BYTE = 128
LOOSE_WEIGHT = 2.0
LIGHT_SPREAD, TINT_SPREAD = 0.2, 0.08  # natural log
PICTURE_DEPTH, CROP_DEPTH = PICTURE_CHANNELS.index("log_depth"), CROP_CHANNELS.index("relative_depth")

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Targets:
    """Targets of the forecast for each frame. contacts (F, C, K) density at the forecast's bins; grounds (F, C), -1
    where unknown; forces (F, C) in octaves of the nearest contact's force."""

    contacts: npt.NDArray[np.float16]
    grounds: npt.NDArray[np.int64]
    forces: npt.NDArray[np.float32]


def frame_targets(
    times_s: npt.NDArray[np.floating],
    ids: npt.NDArray[np.integer],
    contacts: list[dict[str, Any]],
    config: ModelConfig,
) -> Targets:
    """Targets of frames at `times_s` (F,) that show the characters `ids` (F, C), -1 for nobody."""
    generator = config.generator
    heard_s = times_s + TYPICAL_LEAD_S  # the step that sounds is nearer to then than to the frame
    bins_s = generator.forecast_start_s + generator.forecast_step_s * np.arange(generator.forecast_steps)
    density = np.zeros((*ids.shape, len(bins_s)), np.float16)
    grounds, forces = np.full(ids.shape, -1, np.int64), np.zeros(ids.shape, np.float32)
    for character in {int(value) for value in ids[ids >= 0]}:
        own = [contact for contact in contacts if contact["character_id"] == character]
        if not own:
            continue
        moments_s = np.array([contact["time_s"] for contact in own])
        frames, slots = np.nonzero(ids == character)
        apart_s = times_s[frames, None, None] + bins_s[None, :, None] - moments_s  # (n, K, contacts)
        density[frames, slots] = contact_density(apart_s, generator.forecast_step_s)
        nearest = np.abs(heard_s[frames, None] - moments_s).argmin(-1)
        close = np.abs(heard_s[frames] - moments_s[nearest]) < NEAR_CONTACT_S
        kinds = np.array([GROUNDS.index(contact["ground"]) for contact in own])
        octaves = np.array([math.log2(max(contact["force"], 0.1)) for contact in own])
        grounds[frames, slots] = np.where(close, kinds[nearest], -1)
        forces[frames, slots] = octaves[nearest]
    return Targets(density, grounds, forces)


@dataclass(frozen=True)
class Surroundings:
    """A clip's place: its kind, an index into `KINDS_OF_PLACE`, how much of it there is, and the room as the generator
    takes it: (2,) log(1 + size in metres), hardness."""

    kind: int
    amount: float
    room: npt.NDArray[np.float32]

    @classmethod
    def of(cls, truth: dict[str, Any]) -> Surroundings:
        """Read a shard's truth."""
        room = truth["room"]
        numbers = (math.log1p(room["size_m"]), hardness(room["size_m"], room["rt60_s"]))
        return cls(KINDS_OF_PLACE.index(truth["place"]), truth["amount"], np.array(numbers, np.float32))


@dataclass(frozen=True)
class Sparse:
    """An array (F, C, ...) of which only the rows of characters that are there are kept; the others are zero."""

    rows: npt.NDArray[Any]
    place: npt.NDArray[np.int32]  # (F, C) index into rows, -1 for nobody

    @classmethod
    def of(cls, array: npt.NDArray[Any], shown: npt.NDArray[np.bool_]) -> Sparse:
        """`array` (F, C, ...) where `shown` (F, C)."""
        place = np.full(shown.shape, -1, np.int32)
        place[shown] = np.arange(int(shown.sum()))
        return cls(array[shown], place)

    def __getitem__(self, frames: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
        place = self.place[frames]
        out = np.zeros((*place.shape, *self.rows.shape[1:]), self.rows.dtype)
        out[place >= 0] = self.rows[place[place >= 0]]
        return out


@dataclass(frozen=True)
class Clip:
    """One walk: its arrays in memory (the sound memory-mapped), targets, surroundings and truth."""

    arrays: dict[str, npt.NDArray[Any] | Sparse]
    times_s: npt.NDArray[np.float32]  # (F,)
    ids: npt.NDArray[np.int16]  # (F, C)
    sound: npt.NDArray[np.int16]  # (samples, 2)
    targets: Targets
    surroundings: Surroundings
    truth: dict[str, Any]

    @property
    def frames(self) -> int:
        """Frames that were drawn."""
        return len(self.times_s)

    @property
    def loose(self) -> bool:
        """True if the boxes do not go tightly around what is drawn."""
        present, numbers = self.arrays["present"], self.arrays["numbers"]
        assert isinstance(present, np.ndarray)
        assert isinstance(numbers, np.ndarray)
        rows = numbers[present > 0]
        return bool(len(rows)) and not bool(rows[0, NUMBERS.index("tight")])

    @property
    def pictures(self) -> int:
        """Pictures that are kept."""
        return -(-self.frames // PICTURE_EVERY)

    def waveform(self) -> Tensor:
        """(samples, 2) float32 in [-1, 1]."""
        return torch.from_numpy(self.sound.astype(np.float32) / PCM_SCALE)

    def cues(self, frames: npt.NDArray[np.intp], pictures: npt.NDArray[np.intp]) -> Arrays:
        """The named frames and kept pictures, as arrays that may be changed."""
        return {name: self.arrays[name][pictures if name == "pictures" else frames] for name in CUES}


def read_shard(folder: Path, config: ModelConfig) -> list[Clip]:
    """The clips of one shard. Cues are read into memory, since they are asked for frame by frame, in no order."""
    mapped = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
    truths = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return [
        _read_clip({name: array[i] for name, array in mapped.items()}, truths[i], config) for i in range(len(truths))
    ]


def _read_clip(mapped: Arrays, truth: dict[str, Any], config: ModelConfig) -> Clip:
    frames = int(np.isfinite(mapped["times_s"]).sum())
    shown = mapped["present"][:frames] > 0
    arrays: dict[str, npt.NDArray[Any] | Sparse] = {
        name: np.array(mapped[name][:frames]) for name in ("numbers", "present")
    }
    arrays |= {name: Sparse.of(mapped[name][:frames], shown) for name in ("crops", "tracks")}
    arrays["pictures"] = np.array(mapped["pictures"][: -(-frames // PICTURE_EVERY)])
    times_s, ids = np.array(mapped["times_s"][:frames]), np.array(mapped["ids"][:frames])
    targets = frame_targets(times_s, ids, truth["contacts"], config)
    return Clip(arrays, times_s, ids, mapped["sound"], targets, Surroundings.of(truth), truth)


def mirror_cues(parts: Arrays) -> None:
    """Mirror left and right in place: pictures, crops, numbers and tracks of one clip."""
    parts["pictures"] = parts["pictures"][..., ::-1]
    parts["crops"] = parts["crops"][..., ::-1]
    parts["numbers"] = parts["numbers"].copy()
    parts["numbers"][..., MIRRORED_NUMBERS] *= -1
    tracks = parts["tracks"].copy()
    tracks[..., 0], tracks[..., 2] = -parts["tracks"][..., 2], -parts["tracks"][..., 0]
    tracks[..., LEG_SPLIT] *= -1
    if clearance := tracks.shape[-1] - len(TRACK_CHANNELS):
        tracks[..., -clearance:] = mirrored(tracks[..., -clearance:])
    parts["tracks"] = tracks


def jitter_light(parts: Arrays, rng: np.random.Generator) -> None:
    """Another exposure and tint for the picture and crops of one clip, in place, so that grounds are told by more."""
    bytes_in = np.arange(256) / 255
    exposure, gamma = math.exp(rng.normal(0, LIGHT_SPREAD)), math.exp(rng.normal(0, LIGHT_SPREAD))
    for channel in range(3):
        gain = exposure * math.exp(rng.normal(0, TINT_SPREAD))
        table = np.clip(255 * gain * bytes_in**gamma + 0.5, 0, 255).astype(np.uint8)
        for name in ("pictures", "crops"):
            parts[name][..., channel, :, :] = table[parts[name][..., channel, :, :]]


def drawn_drops(rng: np.random.Generator) -> tuple[str, ...]:
    """The cues that one clip goes without, each with its odds."""
    return tuple(name for name, odds in DROP_ODDS.items() if rng.random() < odds)


def drop_cues(parts: Arrays, names: Sequence[str]) -> None:
    """Take the named cues (`CUES_TO_DROP`) of one clip away, in place."""
    for name in names:
        if name in ("pictures", "crops", "tracks"):
            parts[name] = np.zeros_like(parts[name])
        elif name == "depth":
            _drop_depth(parts)
        elif name == "difference":
            _drop_difference(parts)
        else:
            raise UserError(f"there is no cue {name!r} to drop; there are {', '.join(CUES_TO_DROP)}")


def _drop_depth(parts: Arrays) -> None:
    """Make the cues as `cues.encode` gives them without depth, but for the distance, which engines send as position."""
    pictures, crops, tracks = parts["pictures"].copy(), parts["crops"].copy(), parts["tracks"].copy()
    pictures[:, PICTURE_DEPTH], pictures[:, PICTURE_DEPTH + 1] = 255, 0
    crops[:, :, CROP_DEPTH] = 255
    tracks[..., LEG_SPLIT - 1 : LEG_SPLIT + 1] = 0
    tracks[..., len(TRACK_CHANNELS) :] = 0
    parts["pictures"], parts["crops"], parts["tracks"] = pictures, crops, tracks


def _drop_difference(parts: Arrays) -> None:
    """Make the cues as if every frame were the first."""
    pictures, crops, tracks = parts["pictures"].copy(), parts["crops"].copy(), parts["tracks"].copy()
    pictures[:, -1], crops[:, :, -1] = NO_CHANGE_BYTE, NO_CHANGE_BYTE
    tracks[..., LEG_SPLIT + 1] = 0
    parts["pictures"], parts["crops"], parts["tracks"] = pictures, crops, tracks


def shards_in(folders: Sequence[Path]) -> list[Path]:
    """All shards of some folders.

    Raises:
        FileNotFoundError: there is none.
    """
    shards = [path for folder in folders for path in sorted(folder.glob("shard-????")) if path.is_dir()]
    if not shards:
        raise NotThereError(f"no shards in {', '.join(map(str, folders))}; render them with stereosync-walks")
    return shards


class WalkData:
    """Clips in memory."""

    def __init__(self, clips: Sequence[Clip], config: ModelConfig) -> None:
        self.clips, self.config = clips, config
        weight = np.array([LOOSE_WEIGHT if clip.loose else 1.0 for clip in clips])
        self.odds = weight / weight.sum()

    @classmethod
    def read(cls, folders: Sequence[Path], config: ModelConfig) -> WalkData:
        """All clips of some folders of shards."""
        shards = tqdm(shards_in(folders), desc="walks", unit="shard")
        return cls([clip for path in shards for clip in read_shard(path, config)], config)

    def draw(self, count: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
        """Numbers of clips; those with loose boxes, which are harder, come more often."""
        return rng.choice(len(self.clips), size=count, p=self.odds)

    def __len__(self) -> int:
        return len(self.clips)
