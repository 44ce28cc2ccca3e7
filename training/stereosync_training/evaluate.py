"""Evaluation: every figure of a report from waveforms and known truth, by the same function for every row.

What a clip has to say is gathered once (`Evidence`); figures pool the clips, so that their intervals come from
resampling clips (B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from stereosync.clock import Clock
from stereosync.scene import Float32Array
from stereosync_scenes.walk import WalkTruth
from stereosync_training.measures.bias_skill import Sides, bias_skill, heard_sides, skill_percent, truth_sides
from stereosync_training.measures.levels import drift, e_l1, rest_levels_dbfs, seam_profile, seam_ratio
from stereosync_training.measures.onsets import FloatArray, OnsetCounts, count_onsets, detect_onsets, onset_scores
from stereosync_training.measures.panning import measure_steps, panning_scores, same_on_both_sides

ROWS = ("model", "truth", "codec", "mono", "pan_by_box", "shuffled")
KEYS = (
    "onset_f1", "onset_precision", "onset_recall", "av_offset_median_ms", "av_offset_mad_ms", "e_l1", "ild_mae_db",
    "ild_corr", "ild_sign", "distance_slope_db", "biasskill", "biasskill_p", "av_align", "av_align_chance",
    "surface_accuracy", "fd", "fd_side", "fd_embedding", "correlated_share", "drift_db", "silence_dbfs", "seam_ratio",
    "rtf",
)  # fmt: skip
UNDEFINED = {
    "onset_f1": "no onset was heard and no contact was near",
    "onset_precision": "no onset was heard",
    "onset_recall": "no contact was nearer than 8 m",
    "av_offset_median_ms": "no onset matched a contact",
    "av_offset_mad_ms": "no onset matched a contact",
    "ild_mae_db": "no contact nearer than 8 m stood alone",
    "ild_corr": "too few contacts, or the level difference does not vary",
    "ild_sign": "no contact beyond 10 degrees",
    "distance_slope_db": "too few contacts at different distances",
    "biasskill": "needs two clips and truth that leans to both sides",
    "biasskill_p": "needs two clips and truth that leans to both sides",
    "drift_db": "needs two minutes or more of one stream",
    "silence_dbfs": "somebody walks all the time",
    "seam_ratio": "silent, or clips shorter than three chunks",
    "rtf": "nothing is computed live for this row",
}
NOT_BUILT = {
    "av_align": "no sound-event localiser yet",
    "av_align_chance": "no sound-event localiser yet",
    "surface_accuracy": "no ground classifier yet",
    "fd": "no audio embedding yet",
    "fd_side": "no audio embedding yet",
    "fd_embedding": "no audio embedding yet",
}
RESAMPLES = 500
INTERVAL_PERCENT = (2.5, 97.5)


@dataclass(frozen=True)
class Conditions:
    """What a report was measured under, as it stands at the report's top."""

    bundle: str
    set: str
    steps: int
    lead_ms: float
    history: str = "own"  # "own": the model hears itself; "true": it is fed the truth
    chunk_samples: int = field(default_factory=lambda: Clock().chunk_samples)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What one clip of one row has to say."""

    onsets: OnsetCounts
    steps: FloatArray  # (k, 5), see `measures.panning.STEP_COLUMNS`
    loudness_error: float
    truth_sides: Sides  # (windows,)
    heard_sides: Sides  # (windows,)
    same_on_both_sides: bool
    rests_dbfs: list[float]
    seam: FloatArray  # (chunk_samples,)
    drift_db: float


def gather(heard: Float32Array, true: Float32Array, truth: WalkTruth, chunk_samples: int) -> Evidence:
    """The evidence of `heard` (n, 2) against the true sound `true` (n, 2) and what is known of the walk."""
    return Evidence(
        onsets=count_onsets(detect_onsets(heard), truth.contacts),
        steps=measure_steps(heard, truth.contacts),
        loudness_error=e_l1(heard, true),
        truth_sides=truth_sides(true),
        heard_sides=heard_sides(heard),
        same_on_both_sides=same_on_both_sides(heard),
        rests_dbfs=rest_levels_dbfs(heard, truth.contacts),
        seam=seam_profile(heard, chunk_samples),
        drift_db=drift(heard).change_db,
    )


def pooled(clips: Sequence[Evidence]) -> dict[str, float]:
    """The figures that need no chance level, over all `clips`; NaN where undefined."""
    rests = [level for clip in clips for level in clip.rests_dbfs]
    drifts = [clip.drift_db for clip in clips if not math.isnan(clip.drift_db)]
    return {
        **onset_scores([clip.onsets for clip in clips]),
        **panning_scores(np.concatenate([clip.steps for clip in clips])),
        "e_l1": float(np.mean([clip.loudness_error for clip in clips])),
        "correlated_share": float(np.mean([clip.same_on_both_sides for clip in clips])),
        "drift_db": float(np.mean(drifts)) if drifts else math.nan,
        "silence_dbfs": float(np.median(rests)) if rests else math.nan,
        "seam_ratio": seam_ratio(np.max([clip.seam for clip in clips], axis=0)),
    }


def figures(
    clips: Sequence[Evidence], seed: int = 0, resamples: int = RESAMPLES
) -> tuple[dict[str, float], dict[str, list[float]]]:
    """All figures of one row and their 95 % intervals by clip. BiasSkill's chance is that of the whole set."""
    skill = bias_skill(*_sides(clips), seed)

    def measure(chosen: Sequence[Evidence]) -> dict[str, float]:
        percent = skill_percent(*_sides(chosen), skill.chance)
        return {**pooled(chosen), "biasskill": percent}

    intervals = bootstrap(clips, measure, seed, resamples)
    return {**measure(clips), "biasskill_p": skill.p}, intervals


def bootstrap(
    clips: Sequence[Evidence], measure: Callable[[Sequence[Evidence]], dict[str, float]], seed: int, resamples: int
) -> dict[str, list[float]]:
    """Percentile intervals of every figure of `measure` over `clips` drawn with replacement."""
    rng = np.random.default_rng(seed)
    draws = [measure([clips[k] for k in rng.integers(len(clips), size=len(clips))]) for _ in range(resamples)]
    columns = {key: np.array([draw[key] for draw in draws]) for key in (draws[0] if draws else ())}
    known = {key: column[~np.isnan(column)] for key, column in columns.items()}
    return {key: np.percentile(column, INTERVAL_PERCENT).tolist() for key, column in known.items() if len(column)}


def _sides(clips: Sequence[Evidence]) -> tuple[Sides, Sides]:
    """Sides of truth and output, (clips, windows) each; a shorter clip asks for nothing at its end."""
    windows = max(len(clip.truth_sides) for clip in clips)
    truth, heard = np.zeros((2, len(clips), windows), dtype=np.int8)
    for row, clip in enumerate(clips):
        truth[row, : len(clip.truth_sides)] = clip.truth_sides
        heard[row, : len(clip.heard_sides)] = clip.heard_sides
    return truth, heard


def evaluate(
    rows: Mapping[str, Sequence[Float32Array]],
    truths: Sequence[WalkTruth],
    conditions: Conditions,
    *,
    rtf: Mapping[str, float] | None = None,
    absent: Mapping[str, str] | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> dict[str, Any]:
    """The report of `rows`, in the form of the measures' page.

    Args:
        rows: per row one sound (n, 2) at 48 kHz for each of `truths`; the row "truth" must be there.
        rtf: real-time factor per row that was computed live.
        absent: why a row that is not in `rows` is not there.

    Raises:
        ValueError: the row "truth" is missing, a row is unknown, or a row's clips don't fit the truths.
    """
    _check(rows, truths)
    report: dict[str, Any] = {
        **{key: value for key, value in asdict(conditions).items() if key != "chunk_samples"},
        "clips": len(truths),
        "seconds": float(sum(truth.duration_s for truth in truths)),
        "rows": {},
        "intervals": {},
        "missing": {},
    }
    for row in ROWS:
        if row not in rows:
            report["missing"][row] = dict.fromkeys(KEYS, (absent or {}).get(row, "not asked for"))
            continue
        heard = zip(rows[row], rows["truth"], truths, strict=True)
        clips = [gather(sound, true, truth, conditions.chunk_samples) for sound, true, truth in heard]
        values, intervals = figures(clips, seed, resamples)
        values["rtf"] = (rtf or {}).get(row, math.nan)
        report["rows"][row] = {key: values[key] for key in KEYS if not math.isnan(values.get(key, math.nan))}
        report["intervals"][row] = {key: intervals[key] for key in KEYS if key in intervals}
        reasons = NOT_BUILT | UNDEFINED
        report["missing"][row] = {key: reasons[key] for key in KEYS if key not in report["rows"][row]}
    return report


def _check(rows: Mapping[str, Sequence[Float32Array]], truths: Sequence[WalkTruth]) -> None:
    if "truth" not in rows:
        raise ValueError("the row 'truth' is missing; every figure is told beside the truth's own")
    for row, sounds in rows.items():
        if row not in ROWS:
            raise ValueError(f"unknown row {row!r}; rows are {ROWS}")
        if len(sounds) != len(truths):
            raise ValueError(f"row {row!r} has {len(sounds)} clips for {len(truths)} walks; give one sound per walk")
        for sound, true in zip(sounds, rows["truth"], strict=True):
            if sound.shape != true.shape or sound.ndim != 2 or sound.shape[1] != 2:
                raise ValueError(f"row {row!r} has a clip of shape {sound.shape} beside truth of {true.shape}")
