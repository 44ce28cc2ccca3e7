"""Peers: ratios are to the runtime on as many threads, and a peer that is missing says why."""

import time
from pathlib import Path
from typing import Any

import comparison
import numpy as np
import pytest
from comparison import Made, Options, Peer, compare
from one_stream import StreamPlan, StreamTimes, make_stream
from peers import TINY, as_json, notes, parser, rows
from rich.console import Console
from setting import Setting, runners_for
from small import Small, SmallSizes
from torch_runner import torch_runners

from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.pipeline import Pipeline


def test_ratios_are_to_the_runtime_on_as_many_threads() -> None:
    one, two = (Made(1.0, 10.0, 0.01),), (Made(0.5, 10.0, 0.01),)
    found = rows([Peer("runtime", 1, rounds=one), Peer("runtime", 2, rounds=two), Peer("eager", 2, rounds=one)])
    assert [row[4] for row in found] == [1.0, 1.0, 2.0]
    assert rows([Peer("eager", 1, rounds=one)])[0][4] is None


def test_a_peer_that_is_missing_says_why_and_the_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def maker(name: str, _threads: int, _options: Options) -> comparison.Maker:
        if name == "compiled":
            raise RuntimeError("no compiler")
        return lambda: Made(1.0, 2.0, 0.5)

    monkeypatch.setattr(comparison, "maker", maker)
    bundle: Any = None
    options = Options(bundle, Path(), StreamPlan(1.0, 2), TINY)
    found = compare(["runtime", "compiled"], [1], 3, options, Console(quiet=True))
    assert [len(peer.rounds) for peer in found] == [3, 0]
    assert notes(found) == ["not measured: same weights, torch.compile, 1 thread: RuntimeError: no compiler"]
    assert as_json(found[0])["median"] == {"rtf": 0.5, "first_sound_ms": 500.0, "audio_s": 2.0}
    assert as_json(found[1])["median"] == {}


def test_pytorch_behind_the_same_pipeline_makes_the_same_sound(tiny_bundle: Path, tiny_checkpoint: Path) -> None:
    bundle, plan, sounds = open_bundle(str(tiny_bundle)), StreamPlan(0.4, 2), []
    for runners in (runners_for(bundle, Setting("cpu", "fp32")), torch_runners(tiny_checkpoint, bundle, False)):
        times = StreamTimes()
        pipeline = Pipeline(bundle, runners, time.perf_counter, times.stages)
        sounds.append(make_stream(pipeline, plan, times).sound)
    assert np.std(sounds[0]) > 0
    assert np.abs(sounds[0] - sounds[1]).max() < 1e-3 * np.abs(sounds[0]).max()


def test_a_state_of_pytorch_can_be_saved_and_loaded(tiny_bundle: Path, tiny_checkpoint: Path) -> None:
    decoder = torch_runners(tiny_checkpoint, open_bundle(str(tiny_bundle)), False)["decoder"]
    saved = decoder.save(decoder.initial())
    assert all(np.array_equal(decoder.save(decoder.load(saved))[name], array) for name, array in saved.items())


def test_the_published_sizes_make_eleven_seconds() -> None:
    assert SmallSizes().audio_s == pytest.approx(11.9, abs=0.05)


def test_the_small_architecture_runs_at_toy_sizes() -> None:
    pytest.importorskip("diffusers")
    model = Small(TINY)
    seconds = model.make()
    assert seconds.keys() == {"sampler_s", "decoder_s"}
    assert all(number > 0 for number in model.parameters.values())


def test_the_command_line_takes_peers() -> None:
    assert parser().parse_args(["--peers", "runtime", "small"]).peers == ["runtime", "small"]
