"""An evaluation from walks to report: sounds of every row, then figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from stereosync.errors import NotThereError
from stereosync.scene import Float32Array
from stereosync.writing import write_json
from stereosync_scenes.walk import WalkTruth
from stereosync_training.data.sources import Bounds
from stereosync_training.evaluate.agreement import agreement_report
from stereosync_training.evaluate.ambience import ambience_report
from stereosync_training.evaluate.by_kind import kinds_report
from stereosync_training.evaluate.codec import codec_distances, codec_report
from stereosync_training.evaluate.evidence import Judges
from stereosync_training.evaluate.figures import RESAMPLES, Conditions, evaluate, replace_figure
from stereosync_training.evaluate.long import drift_report, median_levels, silence_report
from stereosync_training.evaluate.reference import distance_reference, onset_chance
from stereosync_training.evaluate.report_folder import REPORT
from stereosync_training.evaluate.rows import Play, codec_sounds, model_sound, panned_by_box, shuffled, to_mono
from stereosync_training.evaluate.sets import SETS, set_label, walks_of_set
from stereosync_training.evaluate.told import TELLING, lacks_feet
from stereosync_training.evaluate.walks import (
    About,
    Draw,
    Walk,
    load_walk,
    nearest_azimuths,
    walks_in,
    with_loose_boxes,
)
from stereosync_training.measures.av_align import Sight, sight_of
from stereosync_training.measures.onsets import WIDE_TOLERANCE_S, detect_onsets
from stereosync_training.measures.surfaces import TRAINING_WALKS, train_classifier
from stereosync_training.sounds import SoundLibrary, mix_walk

NO_CHECKPOINT = "a bundle holds no codec encoder: give --checkpoint"
NO_FEET = "some of these walks were kept without the feet of their characters"
ONE_CLIP = "needs two clips or more"
NO_RECORDINGS = "some ground of these walks is not among the recordings of the split train"


@dataclass(frozen=True)
class Options:
    """Options of an evaluation."""

    set: str  # one of `evaluate.sets.SETS`, or a folder of walks
    clips: int
    steps: int  # of the sampler
    lead_ms: float
    seed: int
    cache: Path  # keeps drawn walks
    controls: bool = False  # also the rows that the model is held against
    told: bool = False  # also play the model told
    checkpoint: Path | None = None  # its codec encoder is needed for the row "codec"
    boxes: str = "tight"  # or "loose": as the model is given them
    minutes: int = 0  # of one stream; 0: none
    still: int = 0  # scenes in which nothing moves; 0: none
    embedding: bool = True  # also Frechet distances
    lessons: int = TRAINING_WALKS  # of the ground classifier
    resamples: int = RESAMPLES  # of the bootstrap


@dataclass(frozen=True)
class Model:
    """A bundle that is ready to play."""

    name: str
    chunk_samples: int
    play: Play


@dataclass(eq=False)
class Rendered:
    """Sounds of all walks, row by row, what their pictures show, and why a row is absent."""

    truths: list[WalkTruth] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    abouts: list[About | None] = field(default_factory=list)
    rows: dict[str, list[Float32Array]] = field(default_factory=dict)
    factors: list[float] = field(default_factory=list)  # compute time over audio time
    absent: dict[str, str] = field(default_factory=dict)


def walks_to_draw(chosen: str, clips: int, cache: Path) -> list[Draw]:
    """Functions that draw or read each walk when it is its turn.

    Raises:
        FileNotFoundError: the folder has no walks.
    """
    if chosen in SETS:
        return walks_of_set(chosen, clips, cache)
    return [partial(_from_file, path) for path in walks_in(Path(chosen))[:clips]]


def _from_file(path: Path, _bounds: Bounds) -> Walk:
    return load_walk(path)


def render(
    play: Play,
    draws: Sequence[Draw],
    library: SoundLibrary,
    seed: int,
    boxes: str = "tight",
    telling: Sequence[str] = ("model",),
) -> Rendered:
    """Truth, box-panned sound and what the model makes of every walk, once for each of `telling`, the names of rows of
    `evaluate.told.TELLING`; one walk in memory at a time."""
    out = Rendered()
    for draw in tqdm(draws, desc="walks", unit="walk"):
        walk = draw("tight")
        given = with_loose_boxes(draw("static").frames) if boxes == "loose" else walk.frames
        made = _told_sounds(out, play, Walk(walk.truth, tuple(given)), seed, telling)
        out.truths.append(walk.truth)
        out.abouts.append(walk.about)
        out.sights.append(sight_of(walk.frames, walk.truth.duration_s))
        made["truth"] = mix_walk(walk.truth, library, walk.truth.seed)
        made["pan_by_box"] = panned_by_box(made["model"], *nearest_azimuths(walk.frames))
        for row, sound in made.items():
            out.rows.setdefault(row, []).append(sound)
    _drop_partial(out)
    return out


def _told_sounds(out: Rendered, play: Play, walk: Walk, seed: int, telling: Sequence[str]) -> dict[str, Float32Array]:
    """The model's sound of a walk by what it is told."""
    made = {}
    for row in telling:
        if row == "told_feet" and lacks_feet(walk.frames):
            continue
        made[row], factor = model_sound(play, walk.truth, TELLING[row](walk.frames, walk.truth), seed)
        if row == "model":
            out.factors.append(factor)
    return made


def _drop_partial(out: Rendered) -> None:
    """A row that some walk lacks is none."""
    for row in [row for row, sounds in out.rows.items() if len(sounds) < len(out.truths)]:
        del out.rows[row]
        out.absent[row] = NO_FEET


def add_controls(out: Rendered, checkpoint: Path | None, trained: SoundLibrary | None = None) -> None:
    """Add the control rows that need no frames, or why they are absent.

    `training_recordings` are the same walks mixed from what the model learnt from: who hears a walk perfectly and
    sounds exactly like its teachers reaches these figures and no more.
    """
    out.rows["mono"] = [to_mono(sound) for sound in out.rows["truth"]]
    walked_on = {contact.ground for truth in out.truths for contact in truth.contacts}
    if trained is not None and walked_on <= set(trained.steps_by_ground):
        out.rows["training_recordings"] = [mix_walk(truth, trained, truth.seed) for truth in out.truths]
    else:
        out.absent["training_recordings"] = NO_RECORDINGS
    if len(out.truths) > 1:
        out.rows["shuffled"] = shuffled(out.rows["model"])
    else:
        out.absent["shuffled"] = ONE_CLIP
    if checkpoint is None:
        out.absent["codec"] = NO_CHECKPOINT
    else:
        out.rows["codec"] = codec_sounds(checkpoint, out.rows["truth"], out.truths)


def run(
    options: Options, model: Model, library: SoundLibrary, trained: SoundLibrary | None = None
) -> tuple[Rendered, dict[str, Any]]:
    """All rows and their report. `trained` has the recordings that the model learnt from.

    Raises:
        FileNotFoundError: the checkpoint or the folder of walks is not there.
    """
    if options.checkpoint is not None and not options.checkpoint.exists():
        raise NotThereError(f"there is no checkpoint {options.checkpoint}; leave --checkpoint out or correct it")
    draws = walks_to_draw(options.set, options.clips, options.cache)
    out = render(
        model.play, draws, library, options.seed, options.boxes, tuple(TELLING) if options.told else ("model",)
    )
    if options.controls:
        add_controls(out, options.checkpoint, trained)
    else:
        del out.rows["pan_by_box"]
    judges = Judges(out.sights, train_classifier(library, options.lessons), options.embedding)
    where = Conditions(
        model.name,
        set_label(options.set),
        options.steps,
        options.lead_ms,
        boxes=options.boxes,
        chunk_samples=model.chunk_samples,
    )
    factor = {"model": float(np.median(out.factors))}
    report = evaluate(
        out.rows,
        out.truths,
        where,
        judges=judges,
        rtf=factor,
        absent=out.absent,
        seed=options.seed,
        resamples=options.resamples,
    )
    report["reference"] = _reference(options, out, judges)
    onsets_s = {row: list(map(detect_onsets, out.rows[row])) for row in ("truth", *TELLING) if row in out.rows}
    report["agreement"] = agreement_report(onsets_s, out.truths, out.abouts)
    report["kinds"] = kinds_report(onsets_s, out.truths, out.abouts)
    if options.told:
        report["ambience"] = ambience_report(model.play, draws, library, options.seed)
    _add_codec(report, out, options.checkpoint)
    _add_long(report, options, model.play, library)
    return out, report


def _reference(options: Options, out: Rendered, judges: Judges) -> dict[str, Any]:
    reference: dict[str, Any] = {}
    if len(out.truths) > 1:
        reference["onset_f1_by_chance"] = onset_chance(out.rows["truth"], out.truths)
        reference["onset_f1_100_ms_by_chance"] = onset_chance(out.rows["truth"], out.truths, WIDE_TOLERANCE_S)
    if judges.grounds is not None:
        grounds = list(judges.grounds.grounds)
        reference |= {"grounds": grounds, "surface_chance": 1 / len(grounds)}
    if options.embedding:
        reference |= distance_reference(out.rows["truth"], options.controls)
    return reference


def _add_codec(report: dict[str, Any], out: Rendered, checkpoint: Path | None) -> None:
    """The section "codec", where there is such a row."""
    if checkpoint is not None and "codec" in out.rows:
        again = codec_sounds(checkpoint, out.rows["truth"], out.truths, draw=1)
        report["codec"] = codec_report(out.rows["truth"], out.rows["codec"], again) | codec_distances(report["rows"])


def _add_long(report: dict[str, Any], options: Options, play: Play, library: SoundLibrary) -> None:
    """The sections "drift" and "silence", and their figures in the rows that were made anew."""
    if options.minutes:
        report["drift"] = drift_report(play, options.minutes, library, options.seed)
        rows = report["drift"]["rows"]
        replace_figure(report, "drift_db", {row: rows[row]["drift_db"] for row in rows if "drift_db" in rows[row]})
    if options.still:
        report["silence"] = silence_report(play, options.still, library, options.seed)
        replace_figure(report, "silence_dbfs", median_levels(report["silence"]))


def write_report(folder: Path, report: Mapping[str, Any]) -> Path:
    """Write `report.json` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / REPORT
    write_json(path, report)
    return path
