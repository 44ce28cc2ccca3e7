"""The sound of a bundle for a shot, with boxes as they are, mirrored, and none."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from report import with_boxes
from shot import Shot, frames, read_tape, write_tape
from stereosync.bundle import MANIFEST, check_steps
from stereosync.scene import Float32Array, SceneFrame
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runtime.bundles import find_bundle, open_bundle
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline
from stereosync_tools.audition.saving import open_sink
from stereosync_training.evaluate.rows import panned_by_box
from stereosync_training.measures.onsets import SAMPLE_RATE_HZ
from walking import Walkers

Play = Callable[[Iterable[SceneFrame], float], Float32Array]  # frames, seconds -> (n, 2)
MADE = ("model", "mirrored", "none")


@dataclass(frozen=True)
class Playing:
    """The bundle and its options."""

    bundle: str
    steps: int
    lead_ms: float
    seed: int


def open_player(playing: Playing) -> Play:
    """A warm function from frames to the bundle's sound.

    Raises:
        BundleError: the bundle can't be used.
        UserError: it has no schedule for the steps.
        RunnerError: ONNX Runtime can't run it.
    """
    bundle = open_bundle(playing.bundle)
    check_steps(bundle, playing.steps)
    pipeline = Pipeline(bundle, load_runners(bundle, RunnerRequest("cpu"), say=lambda _: None), time.perf_counter)
    pipeline.warm_up()

    def play(source: Iterable[SceneFrame], seconds: float) -> Float32Array:
        spec, lead_s = bundle.cue_spec, playing.lead_ms / 1000
        return render_tape(pipeline, spec, source, seconds, lead_s, playing.steps, playing.seed)

    return play


def kept_sounds(out: Path, shot: Shot, playing: Playing, play: Play) -> dict[str, Float32Array]:
    """Sounds by what the boxes were: `MADE`. Kept in `sounds.npz`, with a line that says what they were made from."""
    key, path = _key(shot, playing), out / "sounds.npz"
    if path.exists():
        with np.load(path) as kept:
            if str(kept["key"]) == key:
                return {name: kept[name] for name in MADE}
    sounds = _make_sounds(shot, play, out / "pedestrians.tape")
    np.savez(path, key=np.array(key), **sounds)  # type: ignore[arg-type]
    return sounds


def _key(shot: Shot, playing: Playing) -> str:
    manifest = (find_bundle(playing.bundle) / MANIFEST).read_bytes()
    boxes = hashlib.sha256(b"".join(track.corners_px.tobytes() for track in shot.tracks)).hexdigest()
    about = (shot.video.path.name, shot.begin_s, shot.seconds, shot.fps, shot.depth, shot.camera, shot.ground)
    return f"{hashlib.sha256(manifest).hexdigest()} {boxes} {playing} {about}"


def _make_sounds(shot: Shot, play: Play, tape: Path) -> dict[str, Float32Array]:
    def bar(source: Iterable[SceneFrame], name: str) -> Iterable[SceneFrame]:
        return tqdm(source, f"sound, boxes {name}", len(shot.times_s), unit="frame")

    write_tape(shot, tape)
    sounds = {"model": play(bar(read_tape(tape), "as they are"), shot.seconds)}
    for name in MADE[1:]:
        sounds[name] = play(bar(frames(shot, name), name), shot.seconds)
    return sounds


def with_panned(sounds: dict[str, Float32Array], walkers: Walkers) -> dict[str, Float32Array]:
    """The sounds, and the bundle's in mono, panned to the nearest walker: what a right pan would reach."""
    azimuth_rad, _ = walkers.nearest()
    panned = panned_by_box(sounds["model"], walkers.times_s, np.nan_to_num(azimuth_rad))
    return {**sounds, "panned": panned}


def write_video(shot: Shot, sound: Float32Array, path: Path) -> None:
    """Pictures with boxes, and the sound."""
    sink = open_sink(path, SAMPLE_RATE_HZ)
    edges = np.rint(np.arange(len(shot.times_s) + 1) / shot.fps * SAMPLE_RATE_HZ).astype(int)
    for frame in tqdm(frames(shot), path.name, len(shot.times_s), unit="frame"):
        sink.write_frame(frame.capture_time_s, with_boxes(frame))
        sink.write_sound(sound[edges[frame.index] : edges[frame.index + 1]])
    sink.close()
