"""One training loop for every stage: resumable, with a bar, a CSV log and pictures.

A stage is anything with a module, a loss for a step and a picture; the loop owns optimiser, schedule, moving average
of the weights, clock limit and files.
"""

from __future__ import annotations

import csv
import math
import time
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn
from tqdm import tqdm

from stereosync.writing import whole_file


@dataclass(frozen=True)
class LoopOptions:
    """Options of a stage's training."""

    steps: int = 1000
    batch: int = 8
    learning_rate: float = 1e-3
    warmup_steps: int = 50
    weight_decay: float = 0.01
    average_decay: float = 0.995  # of the weights' running mean, per step
    gradient_norm: float = 1.0  # the largest
    save_every_steps: int = 250
    minutes: float = 1e9  # of one call; the next goes on where it stopped
    seed: int = 0


class Stage(Protocol):
    """A stage that the loop trains. `loss` must depend on nothing but the weights and the generator it is given."""

    name: str

    @property
    def module(self) -> nn.Module: ...

    def loss(self, step: int, random: torch.Generator, /) -> tuple[Tensor, dict[str, float]]: ...

    def picture(self, path: Path) -> None: ...


def learning_rate(options: LoopOptions, step: int) -> float:
    """Linear warm-up, then a half cosine to a twentieth."""
    warm = min(1.0, (step + 1) / max(options.warmup_steps, 1))
    done = min(1.0, step / max(options.steps, 1))
    return options.learning_rate * warm * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done)))


def train(stage: Stage, options: LoopOptions, folder: Path, device: str = "cpu") -> bool:
    """Train `stage` until its steps are done or the minutes are over; True when done.

    The stage's module ends with the averaged weights. State lives in `folder/NAME.pt`, the log in `folder/NAME.csv`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    trainable = [parameter for parameter in stage.module.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trainable, lr=1.0, betas=(0.9, 0.98), weight_decay=options.weight_decay)
    average = deepcopy(stage.module)
    step = _resume(folder / f"{stage.name}.pt", stage.module, average, optimiser, device)
    began_s = time.monotonic()
    bar = tqdm(total=options.steps, initial=step, desc=stage.name, unit="step", mininterval=2)
    with Log(folder / f"{stage.name}.csv", step) as log:
        while step < options.steps and time.monotonic() - began_s < 60 * options.minutes:
            metrics = _step(stage, options, optimiser, trainable, step, device)
            _follow(average, stage.module, min(options.average_decay, (step + 1) / (step + 10)))
            step += 1
            bar.update(1)
            bar.set_postfix({key: f"{value:.3f}" for key, value in metrics.items()}, refresh=False)
            log.write(step, metrics)
            if step % options.save_every_steps == 0 or step == options.steps:
                _save(folder / f"{stage.name}.pt", stage.module, average, optimiser, step)
    bar.close()
    _save(folder / f"{stage.name}.pt", stage.module, average, optimiser, step)
    stage.module.load_state_dict(average.state_dict())
    stage.picture(folder / f"{stage.name}-{step:06d}.png")
    return step >= options.steps


def load_average(path: Path, module: nn.Module, device: str = "cpu") -> int:
    """Load a stage's averaged weights into `module`; returns the step they are from."""
    state = torch.load(path, map_location=device, weights_only=True)
    module.load_state_dict(state["average"])
    return int(state["step"])


class Log:
    """CSV of step and metrics; resuming drops rows that were logged after the last save."""

    def __init__(self, path: Path, step: int) -> None:
        self.path, self.rows_from = path, step
        self.names: list[str] = []

    def __enter__(self) -> Log:
        kept: list[dict[str, str]] = []
        if self.rows_from and self.path.is_file():
            with self.path.open(encoding="utf-8", newline="") as file:
                kept = [row for row in csv.DictReader(file) if int(row["step"]) <= self.rows_from]
        with whole_file(self.path) as part, part.open("w", encoding="utf-8", newline="") as file:
            if kept:
                self.names = list(kept[0])[1:]
                csv.writer(file).writerows([list(kept[0]), *(list(row.values()) for row in kept)])
        self.file = self.path.open("a", encoding="utf-8", newline="")
        self.writer = csv.writer(self.file)
        return self

    def write(self, step: int, metrics: dict[str, float]) -> None:
        """Append one row; the first row fixes the columns."""
        if not self.names:
            self.names = list(metrics)
            self.writer.writerow(["step", *self.names])
        self.writer.writerow([step, *(f"{metrics[name]:.5g}" for name in self.names)])
        if step % 20 == 0:
            self.file.flush()

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _step(
    stage: Stage,
    options: LoopOptions,
    optimiser: torch.optim.Optimizer,
    trainable: list[nn.Parameter],
    step: int,
    device: str,
) -> dict[str, float]:
    random = torch.Generator().manual_seed(options.seed * 1_000_003 + step)
    for group in optimiser.param_groups:
        group["lr"] = learning_rate(options, step)
    with torch.autocast(device.split(":")[0], torch.bfloat16):
        loss, metrics = stage.loss(step, random)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    norm = torch.nn.utils.clip_grad_norm_(trainable, options.gradient_norm)
    if torch.isfinite(norm):  # one bad batch must not end a long run
        optimiser.step()
    return {"loss": loss.item(), **metrics, "gradient": norm.item()}


@torch.no_grad()
def _follow(average: nn.Module, module: nn.Module, decay: float) -> None:
    ours, theirs = list(average.state_dict().values()), list(module.state_dict().values())
    for mean, value in zip(ours, theirs, strict=True):
        if mean.is_floating_point():
            mean.lerp_(value, 1 - decay)


def _resume(path: Path, module: nn.Module, average: nn.Module, optimiser: torch.optim.Optimizer, device: str) -> int:
    if not path.is_file():
        return 0
    state = torch.load(path, map_location=device, weights_only=True)
    module.load_state_dict(state["module"])
    average.load_state_dict(state["average"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


def _save(path: Path, module: nn.Module, average: nn.Module, optimiser: torch.optim.Optimizer, step: int) -> None:
    """Write beside the old state and swap, so that a full disk or a kill leaves one whole file."""
    state = {
        "module": module.state_dict(),
        "average": average.state_dict(),
        "optimiser": optimiser.state_dict(),
        "step": step,
    }
    with whole_file(path) as part:
        torch.save(state, part)
