"""`stereosync-export CHECKPOINT --out BUNDLE [--precision fp32|fp16|int8] [--verify]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stereosync.bundle import BundleError, read_bundle


def parser() -> argparse.ArgumentParser:
    """The command line."""
    arguments = argparse.ArgumentParser(prog="stereosync-export", description="Checkpoint to bundle of ONNX graphs.")
    arguments.add_argument("checkpoint", type=Path, help="float16 safetensors that stereosync-train wrote")
    arguments.add_argument("--out", type=Path, required=True, help="folder of the bundle; its name names the bundle")
    arguments.add_argument("--precision", choices=("fp32", "fp16", "int8"), default="fp32")
    arguments.add_argument("--card", type=Path, help="a card (Markdown) to put into the bundle")
    arguments.add_argument(
        "--verify", action="store_true", help="read the finished bundle back and measure its parity again"
    )
    return arguments


def main(argv: list[str] | None = None) -> int:
    """Export; 0 when the bundle is written and within its limits."""
    options = parser().parse_args(argv)
    try:
        import torch

        from stereosync_export.build import ParityError, build_bundle
        from stereosync_model.checkpoint import CheckpointError, load_checkpoint
    except ImportError as error:
        print(
            f"stereosync-export needs the extra 'export' ({error}): pip install 'stereosync[export]'", file=sys.stderr
        )
        return 2
    torch.set_num_threads(1)  # one latent at a time is too little work to share; threads would wait for each other
    try:
        model, provenance = load_checkpoint(options.checkpoint)
        if options.card:
            provenance["card"] = options.card.read_text(encoding="utf-8")
        bundle = build_bundle(model, provenance, options.out, options.precision)
        if options.verify:
            verify(options.checkpoint, options.out)
    except (CheckpointError, BundleError, ParityError, OSError) as error:
        print(f"stereosync-export: {error}", file=sys.stderr)
        return 1
    size_mb = sum(path.stat().st_size for path in options.out.iterdir()) / 1e6
    print(f"{options.out}: bundle {bundle.name!r}, {len(bundle.graphs)} graphs, {size_mb:.1f} MB")
    return 0


def verify(checkpoint: Path, folder: Path) -> None:
    """Open the bundle as the runtime does and compare it with the checkpoint once more."""
    from stereosync_export.graphs import declare
    from stereosync_export.parity import graph_errors
    from stereosync_model.checkpoint import load_checkpoint

    model, _ = load_checkpoint(checkpoint)
    errors = graph_errors(declare(model), read_bundle(folder, model.config.clock))
    print("verified:", ", ".join(f"{name} {error:.1e}" for name, error in errors.items()))


if __name__ == "__main__":
    raise SystemExit(main())
