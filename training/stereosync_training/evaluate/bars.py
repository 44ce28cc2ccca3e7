"""Bars that the figures of a report are asked to reach. A bar without a figure is not passed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Report = Mapping[str, Any]
Figure = Callable[[Report], float]


@dataclass(frozen=True)
class Bar:
    """A figure with what it must and what it should reach; `higher` says which way is better."""

    name: str
    figure: Figure
    bar: float
    goal: float
    higher: bool

    def judge(self, report: Report) -> Verdict:
        """The report's figure beside the bar; NaN where a figure that it needs is absent."""
        try:
            value = self.figure(report)
        except (KeyError, ZeroDivisionError):
            value = math.nan
        return Verdict(self, value, self._reached(value, self.bar), self._reached(value, self.goal))

    def _reached(self, value: float, wanted: float) -> bool:
        return value >= wanted if self.higher else value <= wanted


@dataclass(frozen=True)
class Verdict:
    """A bar, what was measured, and whether bar and goal hold."""

    bar: Bar
    value: float
    passed: bool
    reached_goal: bool


def _model(key: str) -> Figure:
    return lambda report: float(report["rows"]["model"][key])


def _size(key: str) -> Figure:
    return lambda report: abs(float(report["rows"]["model"][key]))


def _ratio(key: str, row: str) -> Figure:
    """The model's figure over another row's."""
    return lambda report: float(report["rows"]["model"][key]) / float(report["rows"][row][key])


def _apart(key: str) -> Figure:
    """The distance of the model's figure from the truth's."""
    return lambda report: abs(float(report["rows"]["model"][key]) - float(report["rows"]["truth"][key]))


def _told(row: str, key: str) -> Figure:
    """A row in which the model is told."""
    return lambda report: float(report["rows"][row][key])


def _told_over(row: str, key: str, other: str) -> Figure:
    return lambda report: float(report["rows"][row][key]) / float(report["rows"][other][key])


def _recordings(key: str) -> Figure:
    """All told over what the recordings that the model learnt from reach."""
    return _told_over("told", key, "training_recordings")


def _above_chance(report: Report) -> float:
    return float(report["rows"]["shuffled"]["onset_f1"] - report["reference"]["onset_f1_by_chance"])


def _shuffled_correlation(report: Report) -> float:
    return abs(float(report["rows"]["shuffled"]["ild_corr"]))


def _onsets(report: Report) -> Bar:
    """The bar of onsets, by the age of the newest frame and by what boxes tell of the gait."""
    if report.get("boxes") == "loose":
        return Bar("onset F1 with loose boxes", _model("onset_f1"), 0.70, 0.85, True)
    if report["lead_ms"] <= 0:
        return Bar("onset F1 at lead 0", _model("onset_f1"), 0.80, 0.92, True)
    return Bar("onset F1 at a lead up to 100 ms", _model("onset_f1"), 0.70, 0.85, True)


BARS = (
    Bar("AV offset, size of the median, ms", _size("av_offset_median_ms"), 10, 5, False),
    Bar("AV offset, MAD, ms", _model("av_offset_mad_ms"), 15, 10, False),
    Bar("level difference, mean error, dB", _model("ild_mae_db"), 2, 1, False),
    Bar("level difference, correlation", _model("ild_corr"), 0.90, 0.97, True),
    Bar("right side beyond 10 degrees", _model("ild_sign"), 0.97, 0.995, True),
    Bar("level by band, mean error, dB", _model("band_error_db"), 4, 4, False),
    Bar("rise of a step, ms", _model("rise_ms"), 3, 3, False),
    Bar("BiasSkill, %", _model("biasskill"), 60, 90, True),
    Bar("distance slope apart from truth's, dB per doubling", _apart("distance_slope_db"), 1, 0.5, False),
    Bar("Spatial AV-Align over truth's", _ratio("av_align", "truth"), 0.95, 0.99, True),
    Bar("surface accuracy over truth's", _ratio("surface_accuracy", "truth"), 0.6, 0.9, True),
    Bar("FD over the codec's", _ratio("fd", "codec"), 1.5, 1.1, False),
    Bar("drift apart from truth's, last minute against first, dB", _apart("drift_db"), 1, 0.5, False),
    Bar("silence when nobody moves, dBFS", _model("silence_dbfs"), -50, -60, False),
    Bar("shuffled cues: size of the level correlation", _shuffled_correlation, 0.1, 0.1, False),
    Bar("shuffled cues: onset F1 above chance", _above_chance, 0.03, 0.03, False),
    Bar("real-time factor, cues included", _model("rtf"), 0.35, 0.15, False),
)


TOLD_BARS = (
    Bar("contacts told: onset F1 over truth's", _told_over("told_contacts", "onset_f1", "truth"), 0.97, 0.99, True),
    Bar("contacts told: AV offset, MAD, ms", _told("told_contacts", "av_offset_mad_ms"), 5, 3, False),
    Bar("all told: surface accuracy over training recordings'", _recordings("surface_accuracy"), 0.8, 0.95, True),
    Bar("all told: level by band, mean error, dB", _told("told", "band_error_db"), 2.5, 2.5, False),
    Bar("all told: rise of a step, ms", _told("told", "rise_ms"), 3, 3, False),
    Bar("all told: level difference, correlation", _told("told", "ild_corr"), 0.85, 0.95, True),
    Bar("all told: right side beyond 10 degrees", _told("told", "ild_sign"), 0.97, 0.995, True),
    Bar("all told: FD over training recordings'", _recordings("fd"), 1.15, 1.0, False),
    Bar(
        "ambience off: level between steps, dB lower",
        lambda report: report["ambience"]["model"]["lower_db"],
        30,
        50,
        True,
    ),
)


def _feet(report: Report) -> Bar:
    """The bar of told feet, by how far ahead they must be foreseen and by whose they are."""
    if report["set"].partition("@")[0] == "test-shift":
        return Bar("feet told: onset F1", _told("told_feet", "onset_f1"), 0.70, 0.85, True)
    bar, goal = (0.95, 0.99) if report["lead_ms"] <= 0 else (0.85, 0.95)
    return Bar("feet told: onset F1 over truth's", _told_over("told_feet", "onset_f1", "truth"), bar, goal, True)


def verdicts(report: Report) -> list[Verdict]:
    """Every bar against a report; those of what is told only where it was told."""
    told = (_feet(report), *TOLD_BARS) if "told" in report["rows"] else ()
    return [bar.judge(report) for bar in (_onsets(report), *BARS, *told)]
