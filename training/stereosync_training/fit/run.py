"""A whole fit: from gait files and a bundle to a bundle and its checkpoint."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from stereosync.bundle_folder import check_bundle_place
from stereosync.bundle_spec import CARD, check_bundle_name
from stereosync.errors import UserError
from stereosync.writing import check_output
from stereosync_model.checkpoint import load_checkpoint, save_checkpoint
from stereosync_runtime.bundles import open_bundle
from stereosync_scenes.cycles.files import read_cycles
from stereosync_training.data.track_examples import TrackExamples, tracks_beside
from stereosync_training.fit.card import fitted_card, provenance_of, table
from stereosync_training.fit.fitting import FitOptions, fit
from stereosync_training.fit.origin import check_origin

DEFAULT_CHECKPOINT = Path("checkpoints/walk.safetensors")


@dataclass(frozen=True)
class FitRun:
    """Inputs and outputs of a fit."""

    gaits: Path
    bundle: str  # name or path
    checkpoint: Path | None  # None: beside the bundle, or `DEFAULT_CHECKPOINT`
    out: Path
    options: FitOptions


def run_fit(run: FitRun) -> None:
    """Fit, print the figures, and write checkpoint and bundle.

    Raises:
        UserError: something that is asked for cannot be used, or would be lost.
    """
    weights = _check_places(run.out)
    bundle = open_bundle(run.bundle)
    cycles = read_cycles(run.gaits)
    checkpoint = run.checkpoint or _found_beside(bundle.folder)
    model, provenance = load_checkpoint(checkpoint)
    check_origin(bundle, model.generator.cue_encoder, str(checkpoint))
    found = fit(model, cycles, run.options, known_walks(checkpoint))
    print(table(found))
    card = bundle.folder / CARD
    old_card = card.read_text(encoding="utf-8") if card.is_file() else ""
    fitted = [*provenance.get("fitted", []), provenance_of(cycles, found, run.options)]
    save_checkpoint(weights, model, provenance | {"fitted": fitted, "card": fitted_card(old_card, cycles, found)})
    _write_bundle(weights, run)


def _check_places(out: Path) -> Path:
    """The file for the weights, once nothing is there that would be lost.

    Raises:
        UserError: something is there, or cannot be; or what writes bundles is not installed.
    """
    if importlib.util.find_spec("onnxscript") is None:
        raise UserError("bundles are written with the extra 'export': pip install 'stereosync[export]'")
    check_bundle_name(out.resolve().name)
    check_bundle_place(out, "--out")
    if out.exists() and any(out.iterdir()):
        raise UserError(f"--out {out} exists already: name another folder, or move that one away")
    weights = out.resolve().with_name(f"{out.resolve().name}.safetensors")
    if weights.parent.exists():
        check_output(weights, "--out, whose weights go to")
    return weights


def _found_beside(folder: Path) -> Path:
    beside = folder.with_name(f"{folder.name}.safetensors")
    return beside if beside.is_file() else DEFAULT_CHECKPOINT


def known_walks(checkpoint: Path) -> TrackExamples | None:
    """Tracks of the walks that the checkpoint was trained on, if they lie beside it."""
    path = tracks_beside(checkpoint)
    if path.is_file():
        return TrackExamples.read(path)
    print(f"there is no {path}: bodies that the bundle knew may be foreseen worse than before")
    return None


def _write_bundle(weights: Path, run: FitRun) -> None:
    """Bundles are written by export, in a process of its own: what passes between the two is the checkpoint."""
    command = [sys.executable, "-m", "stereosync_export.refit", str(weights), "--bundle", run.bundle]
    done = subprocess.run([*command, "--out", str(run.out.resolve())], check=False)
    if done.returncode:
        raise UserError(f"the fitted weights are in {weights}, but their bundle is not written, as said above")
