"""Many streams made together in one process, without sockets and without waiting: what a device could hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from one_stream import LEAD_S, StreamPlan
from setting import Setting, runners_for, why
from tables import percentiles_ms
from walkers import Reel

from stereosync.bundle import Bundle
from stereosync.cues import Cues, CueState, encode
from stereosync_runtime.pipeline import Pipeline
from stereosync_runtime.sight import latent_ages
from stereosync_runtime.stream import CueTokens, Part

WARM_CHUNKS = 5  # not counted
COLUMNS = (
    *(
        "setting",
        "streams",
        "cues p50 ms",
        "graphs p50 ms",
        "graphs p99 ms",
        "chunk of all p50 ms",
        "chunk of all p99 ms",
    ),
    *("RTF of all", "RTF of graphs", "in time"),
)


@dataclass(frozen=True)
class Batched:
    """`streams` made together: times of one chunk of all of them, or why there are none."""

    setting: Setting
    streams: int
    chunk_ms: int
    cues_ms: Mapping[str, float]
    graphs_ms: Mapping[str, float]
    whole_ms: Mapping[str, float]
    reason: str = ""

    @property
    def in_time(self) -> bool:
        """Whether nearly every chunk of all streams was done in a chunk's time."""
        return not self.reason and self.whole_ms["p99_ms"] <= self.chunk_ms


class Streams:
    """Streams, each with its own frames and state."""

    def __init__(self, pipeline: Pipeline, count: int, plan: StreamPlan) -> None:
        self._pipeline, self._plan = pipeline, plan
        self._states = [pipeline.initial(seed) for seed in range(count)]
        self._cue_states = [CueState() for _ in range(count)]
        self._reels = [Reel(seed=seed) for seed in range(min(count, 4))]  # more would only fill memory
        self._frame = 0
        self._tokens: list[CueTokens] = []

    def see(self, until_s: float) -> list[Cues]:
        """Cues of the newest frame of every stream; those of frames between are made too, as live."""
        newest: list[Cues] = []
        while self._frame / self._plan.fps <= until_s:
            newest = [self._cues(number) for number in range(len(self._states))]
            self._frame += 1
        return newest

    def _cues(self, number: int) -> Cues:
        frame = self._reels[number % len(self._reels)].frame(self._frame, self._frame / self._plan.fps)
        self._cue_states[number], cues = encode(self._pipeline.bundle.cue_spec, self._cue_states[number], frame)
        return cues

    def make(self, newest: Sequence[Cues], start_s: float) -> None:
        """One chunk of every stream."""
        bundle, plan = self._pipeline.bundle, self._plan
        if newest:
            self._tokens = self._pipeline.encode_batch(newest)
        captured_s = (self._frame - 1) / plan.fps
        ages_s, _ = latent_ages(
            start_s + LEAD_S, captured_s, plan.latents(bundle), bundle.clock.latent_s, bundle.max_lead_s
        )
        parts = [Part(state, tokens, ages_s) for state, tokens in zip(self._states, self._tokens, strict=True)]
        self._states = [made.state for made in self._pipeline.step_batch(parts, plan.steps)]


def batched(bundle: Bundle, setting: Setting, plan: StreamPlan) -> Batched:
    """One measurement of `setting.sessions` streams."""
    pipeline = Pipeline(bundle, runners_for(bundle, setting), time.perf_counter)
    streams, cues_s, graphs_s = Streams(pipeline, setting.sessions, plan), [], []
    for number in range(plan.chunks + WARM_CHUNKS):
        start_s = number * plan.chunk_ms / 1000
        began_s = time.perf_counter()
        newest = streams.see(start_s)
        seen_s = time.perf_counter()
        streams.make(newest, start_s)
        cues_s.append(seen_s - began_s)
        graphs_s.append(time.perf_counter() - seen_s)
    cues_s, graphs_s = cues_s[WARM_CHUNKS:], graphs_s[WARM_CHUNKS:]
    whole_s = [cues + graphs for cues, graphs in zip(cues_s, graphs_s, strict=True)]
    spans = (percentiles_ms(cues_s), percentiles_ms(graphs_s), percentiles_ms(whole_s))
    return Batched(setting, setting.sessions, plan.chunk_ms, *spans)


def upwards(
    bundle: Bundle, settings: Iterable[Setting], plan: StreamPlan, out_of_time: Callable[[], bool]
) -> Iterator[Batched]:
    """Each setting, until one of them fails, is too slow, or there is no time left."""
    for setting in settings:
        if out_of_time():
            return
        try:
            one = batched(bundle, setting, plan)
        except Exception as error:
            yield Batched(setting, setting.sessions, plan.chunk_ms, {}, {}, {}, why(error))
            return
        yield one
        if not one.in_time:
            return


def row(one: Batched) -> list[object]:
    """A measurement as the table has it."""
    if one.reason:
        return [str(one.setting), one.streams]
    graphs, whole = one.graphs_ms, one.whole_ms
    times = [one.cues_ms["p50_ms"], graphs["p50_ms"], graphs["p99_ms"], whole["p50_ms"], whole["p99_ms"]]
    rtf = [whole["p50_ms"] / one.chunk_ms, graphs["p50_ms"] / one.chunk_ms]
    return [str(one.setting), one.streams, *times, *rtf, "yes" if one.in_time else "no"]


def as_json(one: Batched) -> dict[str, Any]:
    """A measurement as the file has it."""
    spans = {"cues_ms": one.cues_ms, "graphs_ms": one.graphs_ms, "whole_ms": one.whole_ms}
    told = {name: dict(span) for name, span in spans.items()}
    return {"setting": str(one.setting), "streams": one.streams, **told, "in_time": one.in_time, "reason": one.reason}
