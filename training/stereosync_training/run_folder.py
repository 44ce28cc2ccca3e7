"""The folder of a training run: what a run left there it goes on with, and what is another's stays."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stereosync.errors import UserError
from stereosync.writing import check_output
from stereosync_model.checkpoint import is_checkpoint
from stereosync_training.stages import STAGES


def check_run_folder(folder: Path, checkpoint: Path, more: Iterable[str]) -> None:
    """Refuse a folder in which a file of a run's names (`more` beside those of its stages) was made by no run.

    Raises:
        UserError: names the file.
    """
    if folder.exists() and not folder.is_dir():
        raise UserError(f"--out {folder} is a file: name a folder")
    if not folder.is_dir():
        return
    check_output(checkpoint, "--out", is_checkpoint)
    begun = any(_is_log(folder / f"{stage}.csv") for stage in STAGES)
    for name in (*(f"{stage}{suffix}" for stage in STAGES for suffix in (".pt", ".csv")), *more):
        check_output(folder / name, "--out", lambda _path: begun)


def _is_log(path: Path) -> bool:
    """True of a table that a stage's training wrote."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(5) in (b"step,", b"")
