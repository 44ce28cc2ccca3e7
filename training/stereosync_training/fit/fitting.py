"""A model fitted to a game's cycles: its forecaster before and after, on courses that it never walked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from stereosync.errors import UserError
from stereosync_model.model import Model
from stereosync_scenes.cycles.body_cycle import BodyCycle
from stereosync_scenes.cycles.outline import outlined
from stereosync_scenes.cycles.own import own_cycles
from stereosync_training.data.track_examples import TrackExamples, simulated_examples
from stereosync_training.fit.scores import held_out, simulated_scores
from stereosync_training.loop import LoopOptions, train
from stereosync_training.stages.ahead import AheadStage, Part

CLIPS_PER_MINUTE, STEPS_PER_MINUTE = 750, 750  # on one core; examples of own figures come besides
OWN_PEOPLE, FIRST_OWN_SEED, UNSEEN_OWN_SEED = 60, 30_000, 810_000
GAME_SHARE, WALKS_SHARE, OWN_SHARE = 0.5, 0.35, 0.15  # of a batch
BATCH, LEARNING_RATE, WARMUP_STEPS, AVERAGE_DECAY = 256, 1e-3, 30, 0.99

F1 = tuple[float, ...]  # at each of `scores.LEADS_S`


@dataclass(frozen=True)
class FitOptions:
    """Options of a fit. `minutes` is about how long it takes on a free core."""

    minutes: float = 4.0
    seed: int = 0
    held_out_clips: int = 80  # of the game, and of own figures

    @property
    def clips(self) -> int:
        return max(round(CLIPS_PER_MINUTE * self.minutes), 2)

    @property
    def steps(self) -> int:
        return max(round(STEPS_PER_MINUTE * self.minutes), 1)


@dataclass(frozen=True)
class FitFigures:
    """F1 within 50 ms on simulated courses that nothing was fitted to, of the game's bodies and of own figures."""

    game: F1 = ()
    own: F1 = ()


@dataclass
class Fit:
    """The figures of a fit."""

    before: FitFigures = field(default_factory=FitFigures)
    after: FitFigures = field(default_factory=FitFigures)


def fit(
    model: Model,
    cycles: Sequence[BodyCycle],
    options: FitOptions = FitOptions(),
    walks: TrackExamples | None = None,
    say: Callable[[str], None] = print,
) -> Fit:
    """Fit the model's forecaster in place. `walks` are rendered ones that it was trained on, not to be forgotten.

    Raises:
        UserError: there is no cycle.
    """
    if not cycles:
        raise UserError("there is no gait to fit to: give at least one walk cycle")
    config, encoder = model.config, model.generator.cue_encoder
    game = [outlined(cycle) for cycle in cycles]
    own, strangers = (
        [outlined(cycle) for cycle in own_cycles(OWN_PEOPLE, seed)] for seed in (FIRST_OWN_SEED, UNSEEN_OWN_SEED)
    )
    unseen = [
        held_out(part, config, options.held_out_clips, options.seed + number)
        for number, part in ((1, game), (2, strangers))
    ]

    def figures() -> FitFigures:
        return FitFigures(*(simulated_scores(encoder.eval(), clips) for clips in unseen))

    found = Fit(before=figures())
    say(f"simulating {options.clips} walks of {len(cycles)} gaits and {options.clips // 2} of own figures")
    rng = np.random.default_rng([options.seed, 3])
    parts: list[Part] = [
        (simulated_examples(part, clips, config.cue_spec, config.generator, rng), share)
        for part, clips, share in ((game, options.clips, GAME_SHARE), (own, options.clips // 2, OWN_SHARE))
    ]
    if walks is not None:
        parts.append((walks, WALKS_SHARE))
    stage = AheadStage(encoder, parts, BATCH)
    with tempfile.TemporaryDirectory() as folder:
        train(stage, _loop(options), Path(folder))
    encoder.requires_grad_(False)
    found.after = figures()
    return found


def _loop(options: FitOptions) -> LoopOptions:
    return LoopOptions(
        steps=options.steps,
        batch=BATCH,
        learning_rate=LEARNING_RATE,
        warmup_steps=WARMUP_STEPS,
        average_decay=AVERAGE_DECAY,
        seed=options.seed,
    )
