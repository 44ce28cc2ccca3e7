"""F1 of foreseen contacts on simulated clips that nothing was fitted to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import CueEncoder
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.simulate import SimulatedClip, simulate
from stereosync_training.evaluate.forecast_scores import FEWEST_FRAMES, Counts, peaks_s

LEADS_S = (0.0, 0.1)


def held_out(cycles: Sequence[BodyCycle], config: ModelConfig, clips: int, seed: int) -> list[SimulatedClip]:
    """Whole simulated clips, of all cycles equally many."""
    rng = np.random.default_rng(seed)
    made = [simulate(cycles[number % len(cycles)], config.cue_spec, rng) for number in range(clips)]
    return [clip for clip in made if len(clip.times_s) >= FEWEST_FRAMES]


@torch.no_grad()
def simulated_scores(encoder: CueEncoder, clips: Sequence[SimulatedClip]) -> tuple[float, ...]:
    """F1 within 50 ms at each of `LEADS_S`."""
    counts = [Counts() for _ in LEADS_S]
    for clip in clips:
        numbers, tracks = torch.from_numpy(clip.numbers), torch.from_numpy(clip.tracks)
        chances = encoder.foreseen(numbers, tracks).sigmoid().numpy()
        for lead_s, one in zip(LEADS_S, counts, strict=True):
            heard_s = clip.times_s + lead_s
            foreseen_s = peaks_s(heard_s, chances[:, encoder.bin_of(lead_s)])
            one.add(foreseen_s, clip.contacts_s, (heard_s[0], heard_s[-1]))
    return tuple(one.f1 for one in counts)
