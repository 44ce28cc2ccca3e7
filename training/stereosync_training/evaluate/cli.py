"""`stereosync-evaluate`: a bundle's sound on unseen walks, beside the controls, as table, report.json and report.html.

The only module of training that knows the runtime: a report is about what is served, so the served code makes it.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from stereosync import commands
from stereosync.bundle import check_steps
from stereosync.bundle_spec import DEVICES, PRECISIONS
from stereosync.errors import StereoSyncError, file_troubles
from stereosync.scene import Float32Array, SceneFrame
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline

if TYPE_CHECKING:
    from rich.console import Console

    from stereosync_training.evaluate.run import Model

SPLITS: tuple[Literal["test"], Literal["train"]] = ("test", "train")
PAGE_COLUMNS = 150  # where the table goes into a file
SETS_TEXT = (
    "test, valid, test-varied: own scenes never trained on, test-floors: with grounds of games never trained on; "
    "test-shift: foreign levels; test-foreign: bodies and gaits of another game, test-close: those from close behind, "
    "with the feet out of the picture"
)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    arguments = argparse.ArgumentParser(prog="stereosync-evaluate", description=(__doc__ or "").partition("\n")[0])
    add = arguments.add_argument
    add("bundle", metavar="BUNDLE", help="name of a packaged bundle, or path of an exported folder")
    add("--set", default="test", metavar="NAME|DIR", help=f"{SETS_TEXT}; or a folder of walk-*.npz (default test)")
    add("--clips", type=_positive, default=32, help="how many walks of six seconds (default 32)")
    add("--steps", type=_positive, default=2, help="sampler steps (default 2)")
    add("--lead-ms", type=float, default=100.0, help="age of the newest frame when a chunk begins (default 100)")
    add("--boxes", default="tight", choices=("tight", "loose"), help="loose: 20 %% wider and higher, whole pixels")
    add(
        "--controls",
        action="store_true",
        help="also the rows training_recordings, codec, mono, pan_by_box, shuffled, and spoilt truth",
    )
    add(
        "--told",
        action="store_true",
        help="also the rows told (all that an engine knows), told_contacts and told_feet; model is told nothing",
    )
    add("--checkpoint", type=Path, help="training checkpoint with the codec's encoder, for the codec row")
    add("--minutes", type=_count, default=0, help="also one stream this long, for drift; 10 is usual (default 0: none)")
    add("--still", type=_count, default=4, help="scenes in which nobody moves, for silence (default 4; 0: none)")
    add("--report", type=Path, required=True, metavar="DIR", help="folder for report.json, report.html and report.png")
    add("--cache", type=Path, default=Path("cache", "evaluate"), help="where drawn walks are kept (cache/evaluate)")
    add("--sounds", type=Path, help="folder of recorded sounds (default: STEREOSYNC_SOUNDS, else the user's cache)")
    add("--seed", type=int, default=0, help="of the model's noise and of the resampling (default 0)")
    add("--threads", type=_positive, default=1, help="of the model (default 1)")
    add("--device", default="cpu", choices=("auto", *DEVICES), help="of the model (default cpu)")
    add("--precision", choices=PRECISIONS, help="of the model (default: what the bundle prefers for the device)")
    return arguments


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, got {number}")
    return number


def _count(text: str) -> int:
    return _positive(text) if text != "0" else 0


def open_model(arguments: argparse.Namespace) -> Model:
    """The bundle, warm. Needs ONNX Runtime (the cpu or gpu extra).

    Raises:
        BundleError, RunnerError, UserError: the bundle, the device or the steps don't serve.
    """
    from stereosync_training.evaluate.run import Model

    bundle = open_bundle(arguments.bundle)
    check_steps(bundle, arguments.steps)
    request = RunnerRequest(arguments.device, arguments.threads, arguments.precision)
    pipeline = Pipeline(bundle, load_runners(bundle, request, lambda _: None), time.perf_counter)
    pipeline.warm_up()
    lead_s = arguments.lead_ms / 1000

    def play(frames: Iterable[SceneFrame], duration_s: float, seed: int) -> Float32Array:
        return render_tape(pipeline, bundle.cue_spec, frames, duration_s, lead_s, arguments.steps, seed)

    return Model(bundle.name, bundle.clock.chunk_samples, play)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    from rich.console import Console

    arguments = parser().parse_args(argv)
    console = Console()
    if not console.is_terminal:
        console.width = PAGE_COLUMNS
    try:
        with file_troubles():
            _evaluate(arguments, console)
    except StereoSyncError as error:
        console.print(f"stereosync-evaluate: {error}", style="red", markup=False)
        return 1
    return 0


def _evaluate(arguments: argparse.Namespace, console: Console) -> None:
    from stereosync_training.evaluate.page import write_page
    from stereosync_training.evaluate.report_folder import PAGE, PICTURE, check_report_folder
    from stereosync_training.evaluate.run import Options, run, write_report
    from stereosync_training.evaluate.show import conditions_text, draw_report, more_tables, report_table, timbre_table
    from stereosync_training.sounds import SoundLibrary

    check_report_folder(arguments.report)
    given = vars(arguments)
    options = Options(**{name: given[name] for name in Options.__dataclass_fields__ if name in given})
    library, trained = (SoundLibrary.open(arguments.sounds, split) for split in SPLITS)
    out, report = run(options, open_model(arguments), library, trained)
    conditions = conditions_text(report, platform.processor() or platform.machine(), arguments.threads)
    path = write_report(arguments.report, report)
    draw_report(arguments.report / PICTURE, out.rows, out.truths, conditions)
    write_page(arguments.report / PAGE, report, out.rows, out.truths, conditions)
    console.print(report_table(report, conditions))
    console.print(timbre_table(report), *more_tables(report))
    _print_reference(console, report["reference"])
    console.print(f"written: {path}, report.html and report.png beside it", markup=False)


def _print_reference(console: Console, reference: Mapping[str, Any]) -> None:
    """Chance levels, and whether the embedding tells known harm in order."""
    numbers = ", ".join(f"{name} {value:.3g}" for name, value in reference.items() if isinstance(value, float))
    console.print(f"reference: {numbers}", markup=False)
    for name, ladder in reference.get("fd_spoilt", {}).items():
        steps = ", ".join(f"{amount}: {value:.3g}" for amount, value in ladder.items())
        console.print(f"FD of truth spoilt by {name}: {steps}", markup=False)
    if "fd_spoilt_in_order" in reference:
        verdict = "raise" if reference["fd_spoilt_in_order"] else "DO NOT raise"
        console.print(f"known harms {verdict} FD in order", markup=False)


if __name__ == "__main__":
    raise SystemExit(commands.run("stereosync-evaluate"))
