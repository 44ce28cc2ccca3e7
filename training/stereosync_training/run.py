"""A whole training run: sounds, codec, walks, latents, forecast, generator, checkpoint. Each part resumes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from stereosync_model.checkpoint import load_checkpoint, save_checkpoint
from stereosync_model.model import Model
from stereosync_training.codec_stage import Codec, CodecStage
from stereosync_training.decoder_stage import DecoderStage
from stereosync_training.forecast_stage import CueHeads, ForecastStage
from stereosync_training.generator_stage import GeneratorModule, GeneratorStage
from stereosync_training.latents import load_scale, walk_latents
from stereosync_training.loop import LoopOptions, load_average, train
from stereosync_training.recipe import Recipe
from stereosync_training.sound_clips import SoundClips, build_sound_clips
from stereosync_training.sounds import SoundLibrary
from stereosync_training.sounds.credits import licences
from stereosync_training.stages import STAGES
from stereosync_training.walk_clips import build_walk_clips
from stereosync_training.walk_data import WalkData


@dataclass(frozen=True)
class Run:
    """Where a run reads and writes, and on what it computes. `start_from` is a checkpoint to fine-tune."""

    recipe: Recipe
    folder: Path
    cache: Path
    sounds: Path | None = None
    device: str = "cpu"
    minutes: float | None = None
    start_from: Path | None = None

    @property
    def sound_clips(self) -> Path:
        return self.cache / f"sounds-{self.recipe.sounds.clips}-{self.recipe.sounds.seed}.npy"

    @property
    def walk_clips(self) -> Path:
        return self.cache / f"walks-{self.recipe.walks.clips}-{self.recipe.walks.seed}"

    @property
    def checkpoint(self) -> Path:
        return self.folder / f"{self.recipe.name}.safetensors"

    def options(self, stage: str) -> LoopOptions:
        """The loop options of a stage, bounded by the minutes of this call."""
        options: LoopOptions = getattr(self.recipe, stage)
        return options if self.minutes is None else replace(options, minutes=self.minutes)


def train_run(run: Run, stages: tuple[str, ...] = STAGES, say: Callable[[str], None] = print) -> bool:
    """Do the named parts in order; False when a part ran out of its minutes and wants another call."""
    for stage in STAGES:
        if stage not in stages:
            continue
        say(f"{run.recipe.name}: {stage}")
        if not PARTS[stage](run):
            say(f"{stage} is not done; run the same command again to go on")
            return False
    return True


def _sounds(run: Run) -> bool:
    options = run.recipe.sounds
    library = SoundLibrary.open(run.sounds, "train")
    build_sound_clips(run.sound_clips, library, options.clips, options.seed, options.duration_s)
    return True


def _codec(run: Run) -> bool:
    options, recipe = run.options("codec"), run.recipe
    excerpt_s = recipe.excerpt_latents["codec"] * recipe.model.clock.latent_s
    stage = CodecStage(recipe.model, SoundClips(run.sound_clips), options.batch, excerpt_s, run.device)
    if run.start_from is not None:
        start, _ = load_checkpoint(run.start_from)
        stage.module.encoder.load_state_dict(start.encoder.state_dict())
        stage.module.decoder.load_state_dict(start.decoder.state_dict())
    return train(stage, options, run.folder, run.device)


def _decoder(run: Run) -> bool:
    options, recipe = run.options("decoder"), run.recipe
    excerpt_s = recipe.excerpt_latents["codec"] * recipe.model.clock.latent_s
    stage = DecoderStage(recipe.model, SoundClips(run.sound_clips), options.batch, excerpt_s, run.device)
    load_average(run.folder / "codec.pt", stage.module, run.device)
    return train(stage, options, run.folder, run.device)


def _walks(run: Run) -> bool:
    library = SoundLibrary.open(run.sounds, "train")
    build_walk_clips(run.walk_clips, run.recipe.walks, library, run.recipe.model.cue_spec)
    return True


def _forecast(run: Run) -> bool:
    options, recipe = run.options("forecast"), run.recipe
    data = WalkData(run.walk_clips, recipe.model)
    stage = ForecastStage(recipe.model, data, options.batch, recipe.excerpt_latents["forecast"], run.device)
    return train(stage, options, run.folder, run.device)


def _generator(run: Run) -> bool:
    options, recipe = run.options("generator"), run.recipe
    data = WalkData(run.walk_clips, recipe.model)
    data.latents = walk_latents(run.folder, recipe.model, data, run.device)
    excerpt = recipe.excerpt_latents["generator"]
    stage = GeneratorStage(recipe.model, data, options.batch, options.steps, excerpt, run.device)
    start_generator(run, stage.module)
    return train(stage, options, run.folder, run.device)


def start_generator(run: Run, module: GeneratorModule) -> None:
    """Begin with the forecast stage's cue encoder, or with the checkpoint that is fine-tuned."""
    if run.start_from is not None:
        module.generator.load_state_dict(load_checkpoint(run.start_from)[0].generator.state_dict())
        return
    heads = CueHeads(run.recipe.model)
    load_average(run.folder / "forecast.pt", heads, "cpu")
    module.heads.load_state_dict(heads.state_dict())


def _checkpoint(run: Run) -> bool:
    recipe = run.recipe
    codec = Codec(recipe.model)
    load_average(run.folder / "decoder.pt", codec)
    model = Model(recipe.model)
    model.encoder.load_state_dict(codec.encoder.state_dict())
    model.decoder.load_state_dict(codec.decoder.state_dict())
    load_scale(run.folder, model.scale)
    trained = GeneratorModule(recipe.model)
    steps = {"generator": load_average(run.folder / "generator.pt", trained)}
    model.generator.load_state_dict(trained.generator.state_dict())
    save_checkpoint(run.checkpoint, model, provenance(run, steps))
    return True


def provenance(run: Run, steps: dict[str, int]) -> dict[str, Any]:
    """What the checkpoint was made from: recipe, steps, data, licences."""
    recipe = asdict(run.recipe)
    return {"recipe": recipe, "steps": steps, "licences": licences(), "torch": torch.__version__}


PARTS: dict[str, Callable[[Run], bool]] = {
    "sounds": _sounds,
    "codec": _codec,
    "decoder": _decoder,
    "walks": _walks,
    "forecast": _forecast,
    "generator": _generator,
    "checkpoint": _checkpoint,
}
