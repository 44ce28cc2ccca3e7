"""Evidence of a clip, gathered once, and the figures that pool clips."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stereosync.scene import Float32Array
from stereosync_scenes.walk import WalkTruth
from stereosync_training.measures.av_align import AlignCounts, Sight, align_scores, count_aligned
from stereosync_training.measures.bias_skill import Sides, heard_sides, truth_sides
from stereosync_training.measures.levels import drift, e_l1, rest_levels_dbfs, seam_profile, seam_ratio
from stereosync_training.measures.onsets import (
    WIDE_TOLERANCE_S,
    FloatArray,
    OnsetCounts,
    count_onsets,
    detect_onsets,
    onset_scores,
)
from stereosync_training.measures.panning import measure_steps, panning_scores, same_on_both_sides
from stereosync_training.measures.surfaces import GroundClassifier, IntArray, accuracy
from stereosync_training.measures.timbre import Timbre, measure_timbre, timbre_scores


@dataclass(frozen=True, eq=False)
class Judges:
    """The judges that some figures need besides sound and truth; a figure whose judge is not there is absent.

    `sights` has what each walk's pictures show; `embedding` asks for Frechet distances.
    """

    sights: Sequence[Sight] | None = None
    grounds: GroundClassifier | None = None
    embedding: bool = False


@dataclass(frozen=True, eq=False)
class Evidence:
    """The evidence of one clip of one row."""

    onsets: OnsetCounts
    wide_onsets: OnsetCounts  # within 100 ms instead of 50
    steps: FloatArray  # (k, 5), see `measures.panning.STEP_COLUMNS`
    timbre: Timbre
    loudness_error: float
    truth_sides: Sides  # (windows,)
    heard_sides: Sides  # (windows,)
    same_on_both_sides: bool
    rests_dbfs: list[float]
    seam: FloatArray  # (chunk_samples,)
    drift_db: float
    aligned: AlignCounts
    grounds: IntArray  # (k, 2): true and guessed ground of each clear step


def gather(
    heard: Float32Array,
    true: Float32Array,
    truth: WalkTruth,
    chunk_samples: int,
    sight: Sight | None = None,
    grounds: GroundClassifier | None = None,
) -> Evidence:
    """The evidence of `heard` (n, 2) against the true sound `true` (n, 2) and what is known of the walk."""
    onsets_s = detect_onsets(heard)
    return Evidence(
        onsets=count_onsets(onsets_s, truth.contacts),
        wide_onsets=count_onsets(onsets_s, truth.contacts, WIDE_TOLERANCE_S),
        steps=measure_steps(heard, truth.contacts),
        timbre=measure_timbre(heard, true, truth.contacts),
        loudness_error=e_l1(heard, true),
        truth_sides=truth_sides(true),
        heard_sides=heard_sides(heard),
        same_on_both_sides=same_on_both_sides(heard),
        rests_dbfs=rest_levels_dbfs(heard, truth.contacts),
        seam=seam_profile(heard, chunk_samples),
        drift_db=drift(heard).change_db,
        aligned=AlignCounts(0, 0, 0.0) if sight is None else count_aligned(heard, sight),
        grounds=np.zeros((0, 2), np.int64) if grounds is None else grounds.judge(heard, truth.contacts),
    )


def pooled(clips: Sequence[Evidence]) -> dict[str, float]:
    """The figures that need no chance level, over all `clips`; NaN where undefined."""
    rests = [level for clip in clips for level in clip.rests_dbfs]
    drifts = [clip.drift_db for clip in clips if not math.isnan(clip.drift_db)]
    return {
        **onset_scores([clip.onsets for clip in clips]),
        "onset_f1_100_ms": onset_scores([clip.wide_onsets for clip in clips])["onset_f1"],
        **panning_scores(np.concatenate([clip.steps for clip in clips])),
        **timbre_scores([clip.timbre for clip in clips]),
        **align_scores([clip.aligned for clip in clips]),
        "surface_accuracy": accuracy(np.concatenate([clip.grounds for clip in clips])),
        "e_l1": float(np.mean([clip.loudness_error for clip in clips])),
        "correlated_share": float(np.mean([clip.same_on_both_sides for clip in clips])),
        "drift_db": float(np.mean(drifts)) if drifts else math.nan,
        "silence_dbfs": float(np.median(rests)) if rests else math.nan,
        "seam_ratio": seam_ratio(np.max([clip.seam for clip in clips], axis=0)),
    }
