"""A whole training run, from sounds to a checkpoint, part by part as `stages.STAGES` has them. Each resumes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from stereosync.writing import whole_file
from stereosync_model.checkpoint import load_checkpoint, save_checkpoint
from stereosync_model.cue_encoder import CueEncoder
from stereosync_model.model import Model
from stereosync_scenes.contact import TRUTH
from stereosync_training.data.feet_courses import feet_examples
from stereosync_training.data.known_data import read_known
from stereosync_training.data.known_walks import build_known_walks
from stereosync_training.data.level_courses import draw_courses
from stereosync_training.data.sound_clips import SoundClips, build_sound_clips
from stereosync_training.data.track_examples import KEPT_TRACKS, simulated_examples, tracks_beside, walk_examples
from stereosync_training.data.track_worlds import world_cycles
from stereosync_training.data.walk_clips import ClipOptions, build_walk_clips
from stereosync_training.data.walk_data import WalkData, shards_in
from stereosync_training.loop import LoopOptions, load_average, train
from stereosync_training.recipe import WALKS, Recipe
from stereosync_training.run_folder import check_run_folder
from stereosync_training.sounds import SoundLibrary
from stereosync_training.sounds.credits import licences
from stereosync_training.stages import STAGES
from stereosync_training.stages.ahead import AheadStage, Part
from stereosync_training.stages.codec import Codec, CodecStage
from stereosync_training.stages.feet import FeetStage
from stereosync_training.stages.forecast import ForecastStage
from stereosync_training.stages.generator import GeneratorModule, GeneratorStage
from stereosync_training.stages.noise_memory import fit_noise_memory

SCALE = "scale.pt"  # standard deviations of the codec's components on the walks
TELLINGS = 8  # of each course of feet: as so many engines would tell it
NOISE = "noise.pt"  # how long the parts of the sampler's noise last


@dataclass(frozen=True)
class Run:
    """The folders of a run, and the device that it computes on. `start_from` is a checkpoint to fine-tune."""

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

    def walk_clips(self, options: ClipOptions) -> Path:
        return self.cache / f"walks-{options.source}-{options.clips}-{options.seed}@{TRUTH}"

    def known_walks(self, options: ClipOptions) -> Path:
        return self.cache / f"known-{options.source}-{options.clips}-{options.seed}@{TRUTH}"

    @property
    def checkpoint(self) -> Path:
        return self.folder / f"{self.recipe.name}.safetensors"

    def options(self, stage: str) -> LoopOptions:
        """The loop options of a stage, bounded by the minutes of this call."""
        options: LoopOptions = getattr(self.recipe, stage)
        return options if self.minutes is None else replace(options, minutes=self.minutes)


def train_run(run: Run, stages: tuple[str, ...] = STAGES, say: Callable[[str], None] = print) -> bool:
    """Do the named parts in order; False when a part ran out of its minutes and wants another call."""
    check_run_folder(run.folder, run.checkpoint, (SCALE, NOISE, tracks_beside(run.checkpoint).name))
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
        stage.module.patches.load_state_dict(start.patches.state_dict())
        stage.module.decoder.load_state_dict(start.decoder.state_dict())
    return train(stage, options, run.folder, run.device)


def _walks(run: Run) -> bool:
    library = SoundLibrary.open(run.sounds, "train")
    for options in run.recipe.every_walks:
        build_walk_clips(run.walk_clips(options), options, library, run.recipe.model.cue_spec)
    return True


def _walk_folders(run: Run) -> list[Path]:
    return [run.walk_clips(options) for options in run.recipe.every_walks]


def _forecast(run: Run) -> bool:
    options, recipe = run.options("forecast"), run.recipe
    data = WalkData.read(_walk_folders(run), recipe.model)
    stage = ForecastStage(recipe.model, data, options.batch, run.device)
    if run.start_from is not None:
        stage.module.load_state_dict(load_checkpoint(run.start_from)[0].generator.cue_encoder.state_dict())
    return train(stage, options, run.folder, run.device)


def _ahead(run: Run) -> bool:
    options, recipe = run.options("ahead"), run.recipe
    encoder = CueEncoder(recipe.model)
    load_average(run.folder / "forecast.pt", encoder)
    return train(AheadStage(encoder, _track_parts(run), options.batch, run.device), options, run.folder, run.device)


def _track_parts(run: Run) -> list[Part]:
    """Examples of every world of the recipe. Those of the rendered walks are kept beside the checkpoint, for fits."""
    recipe, tracks = run.recipe, run.recipe.tracks
    rng = np.random.default_rng(tracks.seed)
    parts = []
    for name, share in tracks.shares.items():
        if name == WALKS:
            examples = walk_examples(WalkData.read(_walk_folders(run), recipe.model), tracks.moments, rng)
            examples.drawn(KEPT_TRACKS, rng).save(tracks_beside(run.checkpoint))
        else:
            cycles = world_cycles(name, tracks.people, tracks.seed)
            examples = simulated_examples(cycles, tracks.clips, recipe.model.cue_spec, recipe.model.generator, rng)
        parts.append((examples, share))
    return parts


def _feet(run: Run) -> bool:
    options, model, courses = run.options("feet"), run.recipe.model, run.recipe.courses
    rng = np.random.default_rng(courses.seed)
    every = draw_courses(courses.scenes, courses.seed, courses.levels, rng, courses.varied_scenes)
    each = max(courses.moments // TELLINGS, 1)
    examples = feet_examples(every * TELLINGS, each, model.cue_spec, model.generator, rng)
    stage = FeetStage(model, examples, options.batch, run.device)
    if run.start_from is not None:
        stage.module.load_state_dict(load_checkpoint(run.start_from)[0].generator.cue_encoder.feet.state_dict())
    return train(stage, options, run.folder, run.device)


def _known(run: Run) -> bool:
    library = SoundLibrary.open(run.sounds, "train")
    for options in run.recipe.every_known:
        build_known_walks(run.known_walks(options), options, library)
    return True


def _generator(run: Run) -> bool:
    options, recipe = run.options("generator"), run.recipe
    codec = Codec(recipe.model)
    load_average(run.folder / "codec.pt", codec, "cpu")
    shards = shards_in([run.known_walks(one) for one in recipe.every_known])
    kept, key = run.folder / "known", fingerprint(codec.patches)
    data = read_known(shards, recipe.model, codec.patches, kept, key, run.device)
    codec.cpu().rescale(data.std)
    with whole_file(run.folder / SCALE) as part:
        torch.save(data.std, part)
    excerpt = recipe.excerpt_latents["generator"]
    grown = run.start_from is not None
    stage = GeneratorStage(recipe.model, data, codec.patches, options.batch, options.steps, excerpt, run.device, grown)
    if run.start_from is not None:
        stage.module.generator.load_state_dict(load_checkpoint(run.start_from)[0].generator.state_dict())
    if not train(stage, options, run.folder, run.device):
        return False
    shares = fit_noise_memory(stage.module.generator.cpu(), data, recipe.model, excerpt)
    with whole_file(run.folder / NOISE) as part:
        torch.save(shares, part)
    return True


def fingerprint(module: nn.Module) -> str:
    """A hash of the module's weights."""
    digest = hashlib.sha256()
    for value in module.state_dict().values():
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _checkpoint(run: Run) -> bool:
    model, codec, trained = Model(run.recipe.model), Codec(run.recipe.model), GeneratorModule(run.recipe.model)
    encoder = CueEncoder(run.recipe.model)
    steps = {
        "codec": load_average(run.folder / "codec.pt", codec),
        "forecast": load_average(run.folder / "forecast.pt", encoder),
        "ahead": load_average(run.folder / "ahead.pt", encoder),  # which goes on from the forecast
        "feet": load_average(run.folder / "feet.pt", encoder.feet),
        "generator": load_average(run.folder / "generator.pt", trained),
    }
    codec.rescale(torch.load(run.folder / SCALE, weights_only=True))
    model.patches.load_state_dict(codec.patches.state_dict())
    model.decoder.load_state_dict(codec.decoder.state_dict())
    model.generator.load_state_dict(trained.generator.state_dict())
    model.generator.noise_shares.copy_(torch.load(run.folder / NOISE, weights_only=True))
    model.generator.cue_encoder.load_state_dict(encoder.state_dict())
    save_checkpoint(run.checkpoint, model, provenance(run, steps))
    return True


def provenance(run: Run, steps: dict[str, int]) -> dict[str, Any]:
    """The provenance of a checkpoint: recipe, steps, data, licences."""
    recipe = asdict(run.recipe)
    return {"recipe": recipe, "steps": steps, "licences": licences(), "torch": torch.__version__}


PARTS: dict[str, Callable[[Run], bool]] = {
    "sounds": _sounds,
    "codec": _codec,
    "walks": _walks,
    "forecast": _forecast,
    "ahead": _ahead,
    "feet": _feet,
    "known": _known,
    "generator": _generator,
    "checkpoint": _checkpoint,
}
