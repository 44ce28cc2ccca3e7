"""Cures for the codec's soft attack: `python bench/attack.py [--clips 12] [--cache cache/evaluate]`.

The decoder's frames are 15 ms long, so a step begins to sound before its foot is down and rises slowly. Each cure knows
when a foot comes down, as the runtime's plan does, and nothing of the sound to come; none adds latency. They are tried
on the codec's own latents of the truth, and on those of a bundle that is told the contacts. `attack_cures.py` has them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from attack_cures import CURES
from tables import console, table, write_json
from torch import Tensor

from stereosync.scene import Float32Array
from stereosync_model.checkpoint import load_checkpoint
from stereosync_model.codec import Decoder
from stereosync_model.model import Model
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runners.runner import Array, Runner
from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline
from stereosync_scenes.walk import WalkTruth
from stereosync_training.evaluate.codec import log_mel_l1
from stereosync_training.evaluate.run import walks_to_draw
from stereosync_training.evaluate.told import TELLING
from stereosync_training.evaluate.walks import WARM_UP_S, Walk
from stereosync_training.measures.onsets import count_onsets, detect_onsets, onset_scores
from stereosync_training.measures.timbre import measure_timbre, timbre_by_ground
from stereosync_training.sounds import SoundLibrary, mix_walk

HEARD = ("rise_ms", "band_error_db", "log_mel_l1", "onset_f1", "av_offset_median_ms", "av_offset_mad_ms")


class Listener:
    """A decoder's runner that keeps the latents it is given."""

    def __init__(self, runner: Runner) -> None:
        self._runner, self.latents = runner, list[Array]()

    def __getattr__(self, name: str) -> object:
        return getattr(self._runner, name)

    def run(self, inputs: Mapping[str, Array], states: Sequence[object]) -> object:
        self.latents.append(inputs["latent"].copy())
        return self._runner.run(inputs, states)


def told_latents(bundle_name: str, lead_s: float) -> Callable[[Walk], Tensor]:
    """A function that gives the latents (T, R) of a walk whose contacts a bundle is told."""
    bundle = open_bundle(bundle_name)
    runners = dict(load_runners(bundle, RunnerRequest("cpu", 1, None), lambda _: None))
    listener = Listener(runners["decoder"])
    runners["decoder"] = cast("Runner", listener)
    pipeline = Pipeline(bundle, runners, time.perf_counter)

    def latents(walk: Walk) -> Tensor:
        listener.latents = []
        told = TELLING["told_contacts"](walk.frames, walk.truth)
        frames = (frame.stamped(frame.capture_time_s + WARM_UP_S) for frame in told)
        render_tape(pipeline, bundle.cue_spec, frames, walk.truth.duration_s + WARM_UP_S, lead_s, 2, walk.truth.seed)
        return torch.from_numpy(np.concatenate(listener.latents)[round(WARM_UP_S * bundle.clock.latent_rate_hz) :])

    return latents


@dataclass(frozen=True)
class Source:
    """Latents of every walk, and their truth."""

    truths: tuple[WalkTruth, ...]
    true: tuple[Float32Array, ...]
    latents: Mapping[str, tuple[Tensor, ...]]  # by row: "codec", "told_contacts"


@torch.no_grad()
def read(walks: Iterator[Walk], model: Model, bundle_name: str, lead_s: float) -> Source:
    """Truth and latents of `walks`, one walk in memory at a time."""
    library, of_told = SoundLibrary.open(None, "test"), told_latents(bundle_name, lead_s)
    truths, true, codec, told = [], [], [], []
    for walk in walks:
        truths.append(walk.truth)
        true.append(mix_walk(walk.truth, library, walk.truth.seed))
        codec.append(model.patches(torch.from_numpy(true[-1])[None])[0])
        told.append(of_told(walk))
    return Source(tuple(truths), tuple(true), {"codec": tuple(codec), "told_contacts": tuple(told)})


def figures(sounds: Sequence[Float32Array], source: Source) -> dict[str, float]:
    """Rise, levels by band, log-mel distance and timing of one cure's sounds."""
    steps = [
        measure_timbre(sound, true, truth.contacts)
        for sound, true, truth in zip(sounds, source.true, source.truths, strict=True)
    ]
    counts = [
        count_onsets(detect_onsets(sound), truth.contacts) for sound, truth in zip(sounds, source.truths, strict=True)
    ]
    mel = float(np.mean([*log_mel_l1(sounds, source.true).values()]))
    return {**timbre_by_ground(steps)["all"], **onset_scores(counts), "log_mel_l1": mel}


def compare(source: Source, decoder: Decoder) -> dict[str, dict[str, dict[str, float]]]:
    """Figures by row and cure, and of the truth."""
    found: dict[str, dict[str, dict[str, float]]] = {"truth": {"none": figures(source.true, source)}}
    for row, latents in source.latents.items():
        found[row] = {}
        for name, cure in CURES.items():
            sounds = [
                cure(decoder, part, [contact.time_s for contact in truth.contacts])
                for part, truth in zip(latents, source.truths, strict=True)
            ]
            found[row][name] = figures(sounds, source)
    return found


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", default="walk")
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints", "walk.safetensors"))
    parser.add_argument("--clips", type=int, default=12)
    parser.add_argument("--lead-ms", type=float, default=100.0)
    parser.add_argument("--cache", type=Path, default=Path("cache", "evaluate"))
    parser.add_argument("--out", type=Path, help="write the figures")
    options = parser.parse_args()
    model, _ = load_checkpoint(options.checkpoint)
    walks = (draw("tight") for draw in walks_to_draw("test", options.clips, options.cache))
    found = compare(read(walks, model, options.bundle, options.lead_ms / 1000), model.decoder)
    rows = [
        [row, cure, *(values.get(key) for key in HEARD)]
        for row, cures in found.items()
        for cure, values in cures.items()
    ]
    console().print(table("cures for the attack", ("row", "cure", *HEARD), rows))
    if options.out:
        write_json(options.out, found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
