"""`stereosync-fit GAITS --bundle NAME --out BUNDLE`: fits the contact forecaster to a game's own walk cycles."""

from __future__ import annotations

import argparse
import importlib.util
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from stereosync import commands
from stereosync.bundle_folder import check_bundle_place
from stereosync.bundle_spec import CARD, check_bundle_name
from stereosync.errors import StereoSyncError, UserError, file_troubles
from stereosync.writing import check_output
from stereosync_runtime.bundles import DEFAULT_BUNDLE, open_bundle
from stereosync_scenes.cycles.files import read_cycles
from stereosync_training.cli import MISSING

DEFAULT_CHECKPOINT = Path("checkpoints/walk.safetensors")
LONGEST_MIN = 600.0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    arguments = argparse.ArgumentParser(
        prog="stereosync-fit",
        description="Fit the contact forecaster to a game's own bodies and gaits, in minutes on one CPU core.",
    )
    add = arguments.add_argument
    add("gaits", type=Path, help="file of the walk and run cycles")
    add("--bundle", default=DEFAULT_BUNDLE, metavar="NAME|PATH", help="bundle to begin with (default: %(default)s)")
    add("--checkpoint", type=Path, help=f"that the bundle came from (default: beside it, or {DEFAULT_CHECKPOINT})")
    add("--out", type=Path, required=True, help="folder of the new bundle; its weights go beside it, .safetensors")
    add("--minutes", type=_minutes, default=4.0, help="about how long, on one free core (default: 4)")
    add("--seed", type=int, default=0, help="of all that is drawn at random (default: 0)")
    return arguments


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not 0 < minutes <= LONGEST_MIN:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most {LONGEST_MIN:g}, got {text!r}")
    return minutes


def main(argv: Sequence[str] | None = None) -> int:
    """Fit; 0 when the bundle is written."""
    options = parser().parse_args(argv)
    try:
        import torch

        from stereosync_training.fit.fitting import fit  # noqa: F401  what the extra installs is needed from here on
    except ImportError as error:
        print(MISSING.format(command="stereosync-fit", error=error), file=sys.stderr)
        return 2
    torch.set_num_threads(1)
    try:
        with file_troubles():
            return _fit(options)
    except StereoSyncError as error:
        print(f"stereosync-fit: {error}", file=sys.stderr)
        return 1


def _fit(options: argparse.Namespace) -> int:
    from stereosync_model.checkpoint import load_checkpoint, save_checkpoint
    from stereosync_training.fit.card import fitted_card, provenance_of, table
    from stereosync_training.fit.fitting import FitOptions, fit
    from stereosync_training.fit.origin import check_origin

    weights = _check_places(options.out)
    bundle = open_bundle(options.bundle)
    cycles = read_cycles(options.gaits)
    checkpoint = options.checkpoint or _found_beside(bundle.folder)
    model, provenance = load_checkpoint(checkpoint)
    check_origin(bundle, model.generator.cue_encoder, str(checkpoint))
    found = fit(model, cycles, FitOptions(options.minutes, options.seed))
    print(table(found))
    card = bundle.folder / CARD
    old_card = card.read_text(encoding="utf-8") if card.is_file() else ""
    fitted = [*provenance.get("fitted", []), provenance_of(cycles, found, options.minutes, options.seed)]
    save_checkpoint(weights, model, provenance | {"fitted": fitted, "card": fitted_card(old_card, cycles, found)})
    return _refitted(weights, options)


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


def _refitted(weights: Path, options: argparse.Namespace) -> int:
    """Bundles are written by export, in a process of its own: what passes between the two is the checkpoint."""
    command = [sys.executable, "-m", "stereosync_export.refit", str(weights), "--bundle", options.bundle]
    done = subprocess.run([*command, "--out", str(options.out.resolve())], check=False)
    if done.returncode:
        raise UserError(f"the fitted weights are in {weights}, but their bundle is not written, as said above")
    return 0


if __name__ == "__main__":
    raise SystemExit(commands.run("stereosync-fit"))
