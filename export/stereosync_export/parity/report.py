"""The parity report that goes into the bundle."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TypedDict

import numpy as np

from stereosync.bundle import Bundle
from stereosync.bundle_spec import PARITY_LIMITS
from stereosync_export.graphs import Graph
from stereosync_export.parity.candidates import candidates, open_candidate
from stereosync_export.parity.runners import SMALLEST, ComparedRunner, Deviation, TorchRunner
from stereosync_export.parity.sound import level_difference_db, log_mel_distance_db
from stereosync_export.parity.stream import Sound, play
from stereosync_runners.runner import Form

STREAM_S, STEPS = 60.0, 2

Say = Callable[[str], None]


class GraphFigures(TypedDict):
    """Errors of a graph when fed what PyTorch's is fed; errors over the largest magnitude of a tensor."""

    precision: str
    relative: float
    largest: float
    limit: float


class StreamFigures(TypedDict):
    """Errors of a stream on its own states: of full scale, in dB, and the share of samples that are finite."""

    largest: float
    relative: float
    log_mel_db: float
    level_db: float
    finite: float


GraphReport = dict[str, dict[str, GraphFigures]]  # by graph and candidate
StreamReport = dict[str, StreamFigures]  # by candidate


@dataclass(frozen=True)
class Forced:
    """A stream in PyTorch, and how far every candidate's graphs strayed when fed what PyTorch's were fed.

    `forms`: which form of each graph a candidate was, by candidate and graph.
    """

    sound: Sound
    forms: Mapping[str, Mapping[str, Form]]
    deviations: Mapping[str, Mapping[str, Mapping[str, Deviation]]]  # graph, candidate, tensor

    def relative(self, graph: str, candidate: str) -> float:
        """The worst tensor's relative error."""
        return max(deviation.relative for deviation in self.deviations[graph][candidate].values())

    def largest(self, graph: str, candidate: str) -> float:
        """The largest difference of any tensor."""
        return max(deviation.largest for deviation in self.deviations[graph][candidate].values())


def steps_of(bundle: Bundle) -> int:
    """The sampler steps that parity is measured with: `STEPS`, or the fewest of a bundle that does not offer these."""
    offered = sorted(map(int, bundle.schedules))
    return STEPS if STEPS in offered else offered[0]


def teacher_forced(
    graphs: list[Graph], bundle: Bundle, seconds: float = STREAM_S, heard: Callable[[float], None] = lambda _s: None
) -> Forced:
    """Play a stream in PyTorch with every candidate beside it."""
    forms = candidates(bundle)
    opened = {name: open_candidate(bundle, chosen) for name, chosen in forms.items()}
    compared = {
        graph.name: ComparedRunner(
            TorchRunner(graph, bundle.graphs[graph.name]),
            {name: runners[graph.name] for name, runners in opened.items()},
        )
        for graph in graphs
    }
    sound = play(bundle, compared, seconds, steps_of(bundle), heard)
    return Forced(sound, forms, {name: runner.deviations for name, runner in compared.items()})


def graph_report(forced: Forced, bundle: Bundle) -> GraphReport:
    """By graph and candidate: relative and largest error, and the limit of the precision that ran."""
    return {
        name: {
            candidate: {
                "precision": forms[name].precision,
                "relative": forced.relative(name, candidate),
                "largest": forced.largest(name, candidate),
                "limit": PARITY_LIMITS[forms[name].precision].graph,
            }
            for candidate, forms in candidates(bundle).items()
            if forced.forms[candidate][name] == forms[name]  # else it was left out since
        }
        for name in bundle.graphs
    }


def stream_report(bundle: Bundle, true: Sound, seconds: float, say: Say) -> StreamReport:
    """By candidate: how its own stream differs from PyTorch's."""
    report: StreamReport = {}
    for candidate, forms in candidates(bundle).items():
        made = play(bundle, open_candidate(bundle, forms), seconds, steps_of(bundle))
        report[candidate] = differences(true, made, bundle.clock.sample_rate_hz)
        say(f"  stream {candidate}: {in_words(report[candidate])}")
    return report


def differences(true: Sound, made: Sound, sample_rate_hz: int) -> StreamFigures:
    """The differences between two sounds."""
    largest = float(np.abs(true - made).max())
    return {
        "largest": largest,
        "relative": largest / max(float(np.abs(true).max()), SMALLEST),
        "log_mel_db": log_mel_distance_db(true, made, sample_rate_hz),
        "level_db": level_difference_db(true, made, sample_rate_hz),
        "finite": float(np.isfinite(made).mean()),
    }


def in_words(found: StreamFigures) -> str:
    """One line."""
    return (
        f"largest difference {found['largest']:.1e} of full scale, log-mel {found['log_mel_db']:.3f} dB, "
        f"level between the ears {found['level_db']:.3f} dB"
    )


def breaches(graphs: GraphReport, streams: StreamReport) -> list[str]:
    """The figures past their limits, in words."""
    found = [
        f"graph {name} as {candidate} strays {figures['relative']:.1e} and {figures['precision']} allows "
        f"{figures['limit']:.0e}"
        for name, by_candidate in graphs.items()
        for candidate, figures in by_candidate.items()
        if not figures["relative"] <= figures["limit"]
    ]
    for candidate, figures in streams.items():
        if figures["finite"] < 1:
            found.append(f"the stream as {candidate} has samples that are not finite ({figures['finite']:.1%} are)")
        limit = PARITY_LIMITS[candidate.split()[1]]
        strayed = (
            ("log_mel_db", figures["log_mel_db"], limit.log_mel_db),
            ("level_db", figures["level_db"], limit.level_db),
        )
        for figure, value, allowed in strayed:
            if not value <= allowed:
                found.append(f"the stream as {candidate} has {figure} {value:.3f}, allowed are {allowed}")
    return found


def conditions(seconds: float, steps: int) -> dict[str, object]:
    """The conditions of the figures."""
    import onnxruntime
    import torch

    return {
        "reference": f"torch {torch.__version__} eager, float32",
        "engine": f"onnxruntime {onnxruntime.__version__} CPU",
        "machine": f"{platform.system()} {platform.machine()}",
        "stream_seconds": seconds,
        "steps": steps,
        "frames": "demo tape",
        "limits": {precision: asdict(limit) for precision, limit in PARITY_LIMITS.items()},
    }
