"""Evaluation: every figure of a report from waveforms and known truth, by the same function for every row.

What a clip has to say is gathered once (`Evidence`); figures pool the clips, so that their intervals come from
resampling clips (B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979). Frechet
distances have no interval: a clip that is drawn twice would count as nearness.
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
from stereosync_training.evaluate.evidence import Evidence, Judges, gather, pooled
from stereosync_training.evaluate.keys import KEYS, ROWS, UNDEFINED
from stereosync_training.measures.av_align import Sight
from stereosync_training.measures.bias_skill import Sides, bias_skill, skill_percent
from stereosync_training.measures.surfaces import confusion
from stereosync_training.measures.timbre import timbre_by_ground

RESAMPLES = 500
INTERVAL_PERCENT = (2.5, 97.5)
NO_JUDGES = Judges()


@dataclass(frozen=True)
class Conditions:
    """The conditions of a report, as they stand at its top."""

    bundle: str
    set: str
    steps: int
    lead_ms: float
    boxes: str = "tight"
    chunk_samples: int = field(default_factory=lambda: Clock().chunk_samples)


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
    judges: Judges = NO_JUDGES,
    rtf: Mapping[str, float] | None = None,
    absent: Mapping[str, str] | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> dict[str, Any]:
    """The report of `rows`, with the keys of `evaluate/keys.py`.

    Args:
        rows: per row one sound (n, 2) at 48 kHz for each of `truths`; the row "truth" must be there.
        judges: what spatial alignment, surfaces and Frechet distances are judged by.
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
        "timbre": {},
        "surfaces": {},
    }
    for row in ROWS:
        if row not in rows:
            report["missing"][row] = dict.fromkeys(KEYS, (absent or {}).get(row, "not asked for"))
            continue
        clips = _clips(rows[row], rows["truth"], truths, conditions.chunk_samples, judges)
        values, report["intervals"][row] = figures(clips, seed, resamples)
        known = {key: value for key, value in values.items() if not math.isnan(value)}
        _enter(report, row, {**known, **_distances(rows, row, judges), **_given(rtf, row)})
        report["timbre"][row] = timbre_by_ground([clip.timbre for clip in clips])
        if judges.grounds is not None:
            judged = np.concatenate([clip.grounds for clip in clips])
            report["surfaces"][row] = confusion(judged, len(judges.grounds.grounds))
    return report


def _clips(
    heard: Sequence[Float32Array],
    true: Sequence[Float32Array],
    truths: Sequence[WalkTruth],
    chunk_samples: int,
    judges: Judges,
) -> list[Evidence]:
    sights: Sequence[Sight | None] = judges.sights or [None] * len(truths)
    return [
        gather(*clip[:3], chunk_samples, clip[3], judges.grounds)
        for clip in zip(heard, true, truths, sights, strict=True)
    ]


def _distances(rows: Mapping[str, Sequence[Float32Array]], row: str, judges: Judges) -> dict[str, Any]:
    """Frechet distances of a row to the truth, of the mono sum and of the side signal."""
    if not judges.embedding:
        return {}
    from stereosync_training.embeddings.distance import frechet_distance
    from stereosync_training.embeddings.sounds import embed_mid, embed_side
    from stereosync_training.embeddings.yamnet import NAME

    fd, fd_side = (frechet_distance(embed(rows[row]), embed(rows["truth"])) for embed in (embed_mid, embed_side))
    return {"fd": fd, "fd_side": fd_side, "fd_embedding": NAME}


def _given(values: Mapping[str, float] | None, row: str) -> dict[str, float]:
    return {"rtf": values[row]} if values and row in values else {}


def _enter(report: dict[str, Any], row: str, values: Mapping[str, Any]) -> None:
    """Put a row's values into the report in the order of the keys, and a reason where there is none."""
    report["rows"][row] = {key: values[key] for key in KEYS if key in values}
    report["intervals"][row] = {key: span for key, span in report["intervals"][row].items() if key in values}
    report["missing"][row] = {key: UNDEFINED[key] for key in KEYS if key not in values}


def replace_figure(report: dict[str, Any], key: str, values: Mapping[str, float]) -> None:
    """Let `values`, by row, stand for `key`; rows that it does not name lose the key."""
    for row in report["rows"]:
        report["intervals"][row].pop(key, None)
        kept = {name: value for name, value in report["rows"][row].items() if name != key}
        _enter(report, row, kept | ({key: values[row]} if row in values else {}))


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
