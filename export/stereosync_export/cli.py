"""`stereosync-export CHECKPOINT --out BUNDLE`: a trained model to a bundle of ONNX graphs, and to TensorRT engines."""

from __future__ import annotations

import argparse
import importlib.util
import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stereosync import commands
from stereosync.bundle import read_bundle
from stereosync.bundle_folder import check_bundle_place
from stereosync.bundle_spec import PRECISIONS, check_bundle_name
from stereosync.errors import StereoSyncError, file_troubles
from stereosync_runners.runner import RunnerError

if TYPE_CHECKING:
    from stereosync_export.adapter import ModelAdapter
    from stereosync_export.build import ExportOptions

VERIFY_S = 2.0
OPSETS = (17, 23)  # what torch makes and ONNX Runtime runs
MOST_STEPS, LONGEST_STREAM_S, MOST = 64, 3600.0, 1_000_000
LFS_POINTER = b"version https://git-lfs"
BACKENDS = ("auto", "tensorrt", "rtx")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    out = argparse.ArgumentParser(prog="stereosync-export", description=(__doc__ or "").partition(": ")[2])
    add = out.add_argument
    add("checkpoint", type=Path, help="float16 safetensors that stereosync-train wrote, or what --adapter reads")
    add("--out", type=Path, required=True, help="folder of the bundle; its name names the bundle")
    add(
        "--precision",
        type=_precisions,
        default=("fp32",),
        metavar="P[,P]",
        help="fp32, and beside it int8 (CPU; graph by graph, where it holds and pays), fp16 (devices); default fp32",
    )
    add("--opset", type=_whole(*OPSETS), default=20, help="of the graphs that run everywhere, 17 to 23 (default 20)")
    add(
        "--steps",
        type=_whole(1, MOST_STEPS),
        nargs="+",
        metavar="N",
        help="sampler steps to offer (default: what the model offers)",
    )
    add("--adapter", metavar="MODULE:CLASS", help="says what a model of your own is (docs/own-model.md)")
    add("--card", type=Path, help="a card (Markdown) to put into the bundle")
    add("--stream-seconds", type=_seconds, default=60.0, help="of the stream that parity is measured on (default 60)")
    add(
        "--measures",
        type=_whole(0, MOST),
        default=0,
        metavar="CLIPS",
        help="also evaluate each precision on so many walks",
    )
    add("--allow-parity-loss", action="store_true", help="write the bundle although it is past its limits")
    add("--even-if-slower", action="store_true", help="keep int8 graphs that do not pay on this machine")
    add("--verify", action="store_true", help="read the finished bundle back and measure its parity again")
    add(
        "--tensorrt",
        nargs="?",
        const="auto",
        choices=BACKENDS,
        help="also build TensorRT engines, kept for the user",
    )
    add(
        "--sm", default="native", metavar="N[,N]", help="capabilities to build TensorRT engines for, as 86,120 (native)"
    )
    add(
        "--workspace-mib",
        type=_whole(1, MOST),
        default=1024,
        metavar="N",
        help="memory that building a TensorRT engine may take on the GPU",
    )
    return out


def _precisions(text: str) -> tuple[str, ...]:
    asked = tuple(text.split(","))
    for precision in asked:
        if precision not in PRECISIONS:
            raise argparse.ArgumentTypeError(f"{precision!r} is none of {', '.join(PRECISIONS)}")
    return asked


def _whole(low: int, high: int) -> Callable[[str], int]:
    """The type of an option that is a whole number from `low` to `high`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}, got {text!r}")
        return number

    return read


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST_STREAM_S:
        raise argparse.ArgumentTypeError(f"must be above 0 and at most {LONGEST_STREAM_S:g}, got {text!r}")
    return seconds


def main(argv: Sequence[str] | None = None) -> int:
    """Export; 0 when the bundle is written and within its limits."""
    options = parser().parse_args(argv)
    try:
        import torch

        from stereosync_export.build import ExportOptions  # noqa: F401  what the extra installs is needed from here on
    except ImportError as error:
        return _say_error(f"needs the extra 'export' ({error}): pip install 'stereosync[export]'", 2)
    torch.set_num_threads(1)  # one latent at a time is too little work to share; threads would wait for each other
    try:
        with file_troubles():
            _export(options)
    except StereoSyncError as error:
        return _say_error(str(error), 1)
    return 0


def _say_error(text: str, code: int) -> int:
    print(f"stereosync-export: {text}", file=sys.stderr)
    return code


def _export(arguments: argparse.Namespace) -> None:
    from stereosync_export.build import ExportOptions

    check_bundle_place(arguments.out, "--out")
    check_bundle_name(arguments.out.resolve().name)
    adapter = with_choices(_loaded(arguments), arguments)
    options = ExportOptions(
        precisions=tuple(precision for precision in arguments.precision if precision != "fp32"),
        opset=arguments.opset,
        allow_parity_loss=arguments.allow_parity_loss,
        stream_s=arguments.stream_seconds,
        only_if_faster=not arguments.even_if_slower,
        clips=arguments.measures,
    )
    _build(adapter, arguments.out, options)
    bundle = read_bundle(arguments.out)
    if arguments.verify:
        verify(adapter, arguments.out)
    size_mb = sum(path.stat().st_size for path in arguments.out.iterdir()) / 1e6
    print(f"{arguments.out}: bundle {bundle.name!r}, {len(bundle.graphs)} graphs, {size_mb:.1f} MB")
    if arguments.tensorrt:
        _build_engines(arguments)


def _loaded(arguments: argparse.Namespace) -> ModelAdapter:
    """Raises AdapterError also for what a user's own adapter raises."""
    from stereosync_export.adapter import AdapterError, adapter_troubles, find_adapter

    kind = find_adapter(arguments.adapter)
    if _begins_with(arguments.checkpoint, LFS_POINTER):
        raise AdapterError(f"{arguments.checkpoint} is a Git LFS pointer and not the file itself: run git lfs pull")
    with adapter_troubles("load()"):
        adapter: ModelAdapter = kind.load(arguments.checkpoint)
    return adapter


def _begins_with(path: Path, start: bytes) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(start)) == start


def _build_engines(arguments: argparse.Namespace) -> None:
    """TensorRT engines are built by the runtime, in a process of its own: what passes between the two is the bundle."""
    device = arguments.tensorrt
    if device == "auto":
        device = "tensorrt" if importlib.util.find_spec("tensorrt") else "rtx"
    command = [
        sys.executable,
        "-m",
        "stereosync_runtime.build_engines",
        str(arguments.out.resolve()),
        "--device",
        device,
    ]
    command += ["--sm", arguments.sm, "--workspace-mib", str(arguments.workspace_mib)]
    if subprocess.run(command, check=False).returncode:
        raise RunnerError(f"the bundle is written, but not its engines for {device}, as said above")


def with_choices(adapter: ModelAdapter, arguments: argparse.Namespace) -> ModelAdapter:
    """The adapter with the card and the steps of the command line."""
    from stereosync_export.adapter import Overridden

    card = arguments.card.read_text(encoding="utf-8") if arguments.card else None
    return Overridden(adapter, card, tuple(arguments.steps or ()))


def _build(adapter: ModelAdapter, folder: Path, options: ExportOptions) -> None:
    from rich.progress import Progress

    from stereosync_export.build import build_bundle

    with Progress(transient=True) as progress:
        task = progress.add_task("stream in PyTorch, every form beside it", total=options.stream_s)
        build_bundle(
            adapter,
            folder,
            options,
            lambda text: progress.console.print(text, markup=False, highlight=False, soft_wrap=True),
            lambda seconds: progress.update(task, completed=seconds),
        )


def verify(adapter: ModelAdapter, folder: Path) -> None:
    """Open the bundle as the runtime does and compare it with the model once more."""
    from stereosync_export.parity.report import graph_report, teacher_forced

    bundle = read_bundle(folder, adapter.settings().clock)
    report = graph_report(teacher_forced(adapter.graphs(), bundle, VERIFY_S), bundle)
    errors = {name: max(figures["relative"] for figures in forms.values()) for name, forms in report.items()}
    print("verified:", ", ".join(f"{name} {error:.1e}" for name, error in errors.items()))


if __name__ == "__main__":
    raise SystemExit(commands.run("stereosync-export"))
