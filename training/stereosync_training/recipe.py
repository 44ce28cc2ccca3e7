"""Recipes: everything that decides a training run, in one TOML file. Unknown keys are errors."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stereosync.errors import UserError
from stereosync_model.config import ModelConfig, from_dict, model_config
from stereosync_training.data.track_worlds import WORLDS
from stereosync_training.data.walk_clips import ClipOptions
from stereosync_training.loop import LoopOptions


@dataclass(frozen=True)
class SoundOptions:
    """Mixed sounds for the codec."""

    clips: int = 1500
    seed: int = 1000
    duration_s: float = 6.0


@dataclass(frozen=True)
class CourseOptions:
    """Feet without pictures: own scenes from `seed` on, varied ones from there too, moments drawn of each course, and
    whether people of levels walk along, which must have been fetched: without them the feet of other bodies are
    foreseen badly."""

    scenes: int = 500
    seed: int = 40_000
    moments: int = 64
    levels: bool = False
    varied_scenes: int = 0


WALKS = "walks"  # among the shares of tracks: the rendered ones


@dataclass(frozen=True)
class TrackOptions:
    """Tracks on which contacts are foreseen: `shares` of a batch by world (`data.track_worlds`), that of the rendered
    walks as `WALKS`. `clips` are simulated of each world, with the gaits of `people` from `seed` on where they are own
    ones; of each rendered walk so many `moments` are read."""

    clips: int = 1200
    people: int = 200
    seed: int = 60_000
    moments: int = 96
    shares: dict[str, float] = field(default_factory=lambda: {WALKS: 1.0})

    def __post_init__(self) -> None:
        unknown = sorted(set(self.shares) - {WALKS, *WORLDS})
        if unknown or not any(share > 0 for share in self.shares.values()) or min(self.shares.values()) < 0:
            raise UserError(
                f"shares of [tracks] are numbers from 0 up, not all 0, by world: {WALKS}, {', '.join(WORLDS)}; "
                f"got {self.shares}"
            )


@dataclass(frozen=True)
class Recipe:
    """One training run. `excerpt_latents`: how long the excerpts of each stage are."""

    name: str
    model: ModelConfig = field(default_factory=ModelConfig)
    sounds: SoundOptions = field(default_factory=SoundOptions)
    walks: ClipOptions = field(default_factory=ClipOptions)
    levels: ClipOptions = field(default_factory=lambda: ClipOptions(clips=0, source="levels"))
    varied: ClipOptions = field(default_factory=lambda: ClipOptions(clips=0, source="varied"))
    floors: ClipOptions = field(default_factory=lambda: ClipOptions(clips=0, source="floors"))
    codec: LoopOptions = field(default_factory=LoopOptions)
    known: ClipOptions = field(default_factory=lambda: ClipOptions(seed=20_000))
    known_levels: ClipOptions = field(default_factory=lambda: ClipOptions(clips=0, seed=320_000, source="levels"))
    known_varied: ClipOptions = field(default_factory=lambda: ClipOptions(clips=0, source="varied"))
    courses: CourseOptions = field(default_factory=CourseOptions)
    tracks: TrackOptions = field(default_factory=TrackOptions)
    forecast: LoopOptions = field(default_factory=LoopOptions)
    ahead: LoopOptions = field(default_factory=lambda: LoopOptions(steps=0))  # none: the forecast stays as it is
    feet: LoopOptions = field(default_factory=LoopOptions)
    generator: LoopOptions = field(default_factory=LoopOptions)
    excerpt_latents: dict[str, int] = field(default_factory=dict)

    @property
    def every_walks(self) -> tuple[ClipOptions, ...]:
        """The sets of walks that are trained on: own scenes, and where the recipe has some, varied ones, those on photo
        floors and levels."""
        return tuple(options for options in (self.walks, self.varied, self.floors, self.levels) if options.clips)

    @property
    def every_known(self) -> tuple[ClipOptions, ...]:
        """The sets of known walks that the generator learns from, likewise."""
        return tuple(options for options in (self.known, self.known_varied, self.known_levels) if options.clips)


SOURCE_OF = {
    "varied": "varied", "known_varied": "varied", "floors": "floors", "levels": "levels", "known_levels": "levels",
}  # fmt: skip
EXCERPT_LATENTS = {"codec": 50, "generator": 150}


def parse_recipe(data: dict[str, Any]) -> Recipe:
    """A recipe from the tables of its TOML file.

    Raises:
        UserError: an unknown section or key; the message names it.
    """
    kinds: dict[str, type[Any]] = {
        "sounds": SoundOptions,
        "walks": ClipOptions,
        "varied": ClipOptions,
        "floors": ClipOptions,
        "levels": ClipOptions,
        "known": ClipOptions,
        "known_varied": ClipOptions,
        "known_levels": ClipOptions,
        "courses": CourseOptions,
        "tracks": TrackOptions,
        "codec": LoopOptions,
        "forecast": LoopOptions,
        "ahead": LoopOptions,
        "feet": LoopOptions,
        "generator": LoopOptions,
    }
    unknown = sorted(set(data) - {*kinds, "name", "model", "excerpt_latents"})
    if unknown:
        raise UserError(f"unknown sections in the recipe: {unknown}; known are {sorted(kinds)}, model, excerpt_latents")
    if "name" not in data:
        raise UserError('the recipe has no name; begin it with name = "..."')
    given = data | {name: {"source": source} | data[name] for name, source in SOURCE_OF.items() if name in data}
    sections = {name: from_dict(kind, given[name], name) for name, kind in kinds.items() if name in given}
    excerpts = EXCERPT_LATENTS | data.get("excerpt_latents", {})
    if set(excerpts) != set(EXCERPT_LATENTS):
        unknown = sorted(set(excerpts) - set(EXCERPT_LATENTS))
        raise UserError(f"unknown keys in excerpt_latents: {unknown}; known are {sorted(EXCERPT_LATENTS)}")
    return Recipe(name=data["name"], model=model_config(data.get("model", {})), excerpt_latents=excerpts, **sections)


def read_recipe(path: Path) -> Recipe:
    """A recipe from a file, or one of those that ship, by name (`tiny`, `walk-cpu`, `walk-gpu`).

    Raises:
        UserError: there is none, it is not TOML, or it has an unknown section or key.
    """
    shipped = Path(__file__).parent / "recipes" / f"{path.name}.toml"
    chosen = path if path.is_file() else shipped
    if not chosen.is_file():
        names = ", ".join(sorted(item.stem for item in shipped.parent.glob("*.toml")))
        raise UserError(f"there is no recipe {path}; recipes that ship: {names}")
    try:
        tables = tomllib.loads(chosen.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{chosen} is not TOML: {error}") from error
    return parse_recipe(tables)
