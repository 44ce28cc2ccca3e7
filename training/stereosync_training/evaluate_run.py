"""An evaluation from walks to report: sounds of every row, then figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from stereosync.scene import Float32Array
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate import Conditions, evaluate
from stereosync_training.evaluate_rows import Play, codec_sounds, model_sound, panned_by_box, shuffled, to_mono
from stereosync_training.evaluate_walks import (
    FIRST_UNSEEN_SEED,
    Walk,
    load_walk,
    nearest_azimuths,
    unseen_walk,
    walks_in,
)
from stereosync_training.sounds import SoundLibrary, mix_walk

TEST_SET = "test"
NO_CHECKPOINT = "a bundle holds no codec encoder: give --checkpoint"
ONE_CLIP = "needs two clips or more"


@dataclass(frozen=True)
class Options:
    """What is evaluated on what. `set` is `TEST_SET` or a folder of walks; `cache` keeps drawn walks."""

    set: str
    clips: int
    steps: int
    lead_ms: float
    seed: int
    cache: Path
    controls: bool = False
    checkpoint: Path | None = None


@dataclass(frozen=True)
class Model:
    """A bundle that is ready to play."""

    name: str
    chunk_samples: int
    play: Play


@dataclass(eq=False)
class Rendered:
    """Sounds of all walks, row by row, and why a row is absent."""

    truths: list[WalkTruth] = field(default_factory=list)
    rows: dict[str, list[Float32Array]] = field(default_factory=lambda: {"truth": [], "model": [], "pan_by_box": []})
    factors: list[float] = field(default_factory=list)  # compute time over audio time
    absent: dict[str, str] = field(default_factory=dict)


def walk_sources(chosen: str, clips: int, cache: Path) -> list[Callable[[], Walk]]:
    """What draws or reads each walk when it is its turn.

    Raises:
        FileNotFoundError: the folder has no walks.
    """
    if chosen == TEST_SET:
        return [partial(unseen_walk, FIRST_UNSEEN_SEED + index, cache) for index in range(clips)]
    return [partial(load_walk, path) for path in walks_in(Path(chosen))[:clips]]


def render(play: Play, sources: Sequence[Callable[[], Walk]], library: SoundLibrary, seed: int) -> Rendered:
    """Truth, model and box-panned sound of every walk, one walk in memory at a time."""
    out = Rendered()
    for source in tqdm(sources, desc="walks", unit="walk"):
        walk = source()
        sound, factor = model_sound(play, walk, seed)
        out.truths.append(walk.truth)
        out.factors.append(factor)
        out.rows["truth"].append(mix_walk(walk.truth, library, walk.truth.seed))
        out.rows["model"].append(sound)
        out.rows["pan_by_box"].append(panned_by_box(sound, *nearest_azimuths(walk.frames)))
    return out


def add_controls(out: Rendered, checkpoint: Path | None) -> None:
    """Add the control rows that need no frames, or why they are absent."""
    out.rows["mono"] = [to_mono(sound) for sound in out.rows["truth"]]
    if len(out.truths) > 1:
        out.rows["shuffled"] = shuffled(out.rows["model"])
    else:
        out.absent["shuffled"] = ONE_CLIP
    if checkpoint is None:
        out.absent["codec"] = NO_CHECKPOINT
    else:
        out.rows["codec"] = codec_sounds(checkpoint, out.rows["truth"])


def run(options: Options, model: Model, library: SoundLibrary) -> tuple[Rendered, dict[str, Any]]:
    """All rows and their report.

    Raises:
        FileNotFoundError: the checkpoint or the folder of walks is not there.
    """
    if options.checkpoint is not None and not options.checkpoint.exists():
        raise FileNotFoundError(f"there is no checkpoint {options.checkpoint}; leave --checkpoint out or correct it")
    out = render(model.play, walk_sources(options.set, options.clips, options.cache), library, options.seed)
    if options.controls:
        add_controls(out, options.checkpoint)
    else:
        del out.rows["pan_by_box"]
    where = Conditions(model.name, options.set, options.steps, options.lead_ms, "own", model.chunk_samples)
    factor = {"model": float(np.median(out.factors))}
    return out, evaluate(out.rows, out.truths, where, rtf=factor, absent=out.absent, seed=options.seed)


def write_report(folder: Path, report: Mapping[str, Any]) -> Path:
    """Write `report.json` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.json"
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return path
