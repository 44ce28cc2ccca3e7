"""Peers that make the same length of sound in turns: what each is, and its rounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from one_stream import StreamPlan, StreamTimes, make_stream
from rich.console import Console
from setting import BUNDLES_CHOICE, Setting, runners_for, why
from small import Small, SmallSizes
from tables import tracked

from stereosync.bundle import Bundle
from stereosync_runtime.pipeline import Pipeline

PEERS = ("runtime", "eager", "compiled", "small")
TITLES = {
    "runtime": "StereoSync, ONNX Runtime",
    "eager": "same weights, PyTorch eager",
    "compiled": "same weights, torch.compile",
    "small": "Stable Audio Open Small's architecture, random weights, 8 steps",
}


@dataclass(frozen=True)
class Made:
    """One round: what it took, how much sound it was, and when the first of it could be heard."""

    seconds: float
    audio_s: float
    first_sound_s: float

    @property
    def rtf(self) -> float:
        return self.seconds / self.audio_s


Maker = Callable[[], Made]


@dataclass(frozen=True)
class Peer:
    """One peer on so many threads: all its rounds, or why there are none. `warm_up_s` includes compiling."""

    name: str
    threads: int
    warm_up_s: float = 0.0
    rounds: tuple[Made, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Options:
    """Options of the comparison."""

    bundle: Bundle
    checkpoint: Path
    plan: StreamPlan
    sizes: SmallSizes
    precision: str = BUNDLES_CHOICE


def maker(name: str, threads: int, options: Options) -> Maker:
    """A function that makes one round of a peer.

    Raises:
        Exception: whatever the peer raises when it is not there; a row then says why.
    """
    if name == "runtime":
        return _stream(runners_for(options.bundle, Setting("cpu", options.precision, threads)), options)
    if name == "small":
        return _small(options.sizes)
    from torch_runner import torch_runners

    return _stream(torch_runners(options.checkpoint, options.bundle, compiled=name == "compiled"), options)


def _stream(runners: Mapping[str, Any], options: Options) -> Maker:
    def make() -> Made:
        times = StreamTimes()
        make_stream(Pipeline(options.bundle, runners, time.perf_counter, times.stages), options.plan, times)
        return Made(sum(times.chunks_s), times.audio_s, times.chunks_s[0])

    return make


def _small(sizes: SmallSizes) -> Maker:
    model = Small(sizes)

    def make() -> Made:
        seconds = sum(model.make().values())
        return Made(seconds, sizes.audio_s, seconds)

    return make


def compare(names: Sequence[str], threads: Sequence[int], rounds: int, options: Options, screen: Console) -> list[Peer]:
    """Every peer in every round."""
    makers: dict[tuple[str, int], Maker] = {}
    peers: dict[tuple[str, int], Peer] = {}
    every = [(name, count) for count in threads for name in names]
    for name, count in tracked(every, lambda one: f"warm up: {TITLES[one[0]]}, {threads_told(one[1])}", screen):
        peers[name, count] = _warm(name, count, options, makers)
    turns = [(number, name, count) for number in range(rounds) for name, count in makers]
    found: dict[tuple[str, int], list[Made]] = {key: [] for key in makers}
    for _, name, count in tracked(turns, lambda t: f"round {t[0] + 1}: {TITLES[t[1]]}, {threads_told(t[2])}", screen):
        _use_threads(count)
        found[name, count].append(makers[name, count]())
    return [_with_rounds(peers[key], found.get(key, [])) for key in every]


def _with_rounds(peer: Peer, rounds: Sequence[Made]) -> Peer:
    return Peer(peer.name, peer.threads, peer.warm_up_s, tuple(rounds), peer.reason)


def _warm(name: str, threads: int, options: Options, makers: dict[tuple[str, int], Maker]) -> Peer:
    """Load, compile and run a peer once; its maker is kept if that succeeds."""
    _use_threads(threads)
    began_s = time.perf_counter()
    try:
        make = maker(name, threads, options)
        make()
    except Exception as error:
        return Peer(name, threads, reason=why(error))
    makers[name, threads] = make
    return Peer(name, threads, time.perf_counter() - began_s)


def _use_threads(count: int) -> None:
    """Set PyTorch's threads; ONNX Runtime's belong to its runners."""
    import torch

    torch.set_num_threads(count)


def threads_told(count: int) -> str:
    """A number of threads in words."""
    return f"{count} thread{'s' if count > 1 else ''}"
