"""The loop: what is stopped and resumed ends bit for bit where an unbroken run ends."""

from __future__ import annotations

import csv
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from stereosync_training import loop
from stereosync_training.loop import LoopOptions, learning_rate, load_average, train

OPTIONS = LoopOptions(steps=4, warmup_steps=2, learning_rate=0.05, average_decay=0.9, save_every_steps=3)


class Toy:
    """Fits a plane through random points; step `broken` has a loss that is not finite."""

    name = "toy"

    def __init__(self, seed: int = 0, broken: int = -1) -> None:
        torch.manual_seed(seed)
        self.module = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        self.broken = broken
        self.shown: list[str] = []
        self.seen: list[float] = []

    def loss(self, step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        points = torch.randn(16, 3, generator=random)
        self.seen.append(points.sum().item())
        error = (self.module(points)[:, 0].float() - points.sum(1)).square().mean()
        return error * (torch.inf if step == self.broken else 1), {"error": error.item()}

    def picture(self, path: Path) -> None:
        self.shown.append(path.name)


def stop_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> LoopOptions:
    """Options whose minutes are over after `steps` steps of a clock that ticks once a look."""
    ticks = count()
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=lambda: 60.0 * next(ticks)))
    return LoopOptions(**(vars(OPTIONS) | {"minutes": steps + 0.5}))


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "toy.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def assert_equal_state(first: Path, second: Path) -> None:
    ours, theirs = (torch.load(folder / "toy.pt", weights_only=True) for folder in (first, second))
    assert ours["step"] == theirs["step"]
    for part in ("module", "average"):
        for name, value in ours[part].items():
            assert torch.equal(theirs[part][name], value), (part, name)


def test_two_and_two_steps_are_four(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, first = Toy(), Toy()
    assert train(whole, OPTIONS, tmp_path / "whole")
    with monkeypatch.context() as patch:
        assert not train(first, stop_after(2, patch), tmp_path / "parts")
    assert [row["step"] for row in rows(tmp_path / "parts")] == ["1", "2"]
    second = Toy(seed=1)  # as after a restart: other weights, until the saved ones are loaded
    assert train(second, OPTIONS, tmp_path / "parts")
    assert_equal_state(tmp_path / "whole", tmp_path / "parts")
    assert rows(tmp_path / "whole") == rows(tmp_path / "parts")
    assert first.shown + second.shown == ["toy-000002.png", "toy-000004.png"]
    for ours, theirs in zip(whole.module.parameters(), second.module.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_a_finished_stage_stays_as_it_is(tmp_path: Path) -> None:
    train(Toy(), OPTIONS, tmp_path)
    before = torch.load(tmp_path / "toy.pt", weights_only=True)["module"]
    assert train(Toy(seed=1), OPTIONS, tmp_path)
    after = torch.load(tmp_path / "toy.pt", weights_only=True)["module"]
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert len(rows(tmp_path)) == OPTIONS.steps


def test_rows_after_the_last_save_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        train(Toy(), stop_after(2, patch), tmp_path)
    with (tmp_path / "toy.csv").open("a", encoding="utf-8") as file:
        file.write("3,9,9,9\n")
    train(Toy(), OPTIONS, tmp_path)
    assert [row["step"] for row in rows(tmp_path)] == ["1", "2", "3", "4"]
    assert rows(tmp_path)[2]["loss"] != "9"


def test_the_module_ends_with_the_averaged_weights(tmp_path: Path) -> None:
    toy, other = Toy(), Toy(seed=1)
    train(toy, OPTIONS, tmp_path)
    assert load_average(tmp_path / "toy.pt", other.module) == OPTIONS.steps
    raw = torch.load(tmp_path / "toy.pt", weights_only=True)["module"]
    for name, value in toy.module.state_dict().items():
        assert torch.equal(other.module.state_dict()[name], value)
        assert not torch.equal(raw[name], value)


def test_a_batch_that_is_not_finite_is_passed_over(tmp_path: Path) -> None:
    toy = Toy(broken=1)
    train(toy, OPTIONS, tmp_path)
    assert all(torch.isfinite(parameter).all() for parameter in toy.module.parameters())
    assert [row["loss"] for row in rows(tmp_path)].count("inf") == 1


def test_every_step_and_every_seed_draws_its_own_batch(tmp_path: Path) -> None:
    toys = [Toy(), Toy()]
    for seed, toy in enumerate(toys):
        train(toy, LoopOptions(**(vars(OPTIONS) | {"seed": seed})), tmp_path / str(seed))
    assert len({*toys[0].seen, *toys[1].seen}) == 2 * OPTIONS.steps


def test_training_lowers_the_loss(tmp_path: Path) -> None:
    options = LoopOptions(**(vars(OPTIONS) | {"steps": 60}))
    train(Toy(), options, tmp_path)
    losses = [float(row["loss"]) for row in rows(tmp_path)]
    assert sum(losses[-10:]) < 0.3 * sum(losses[:10])


def test_the_learning_rate_warms_up_and_falls_to_a_twentieth() -> None:
    options = LoopOptions(steps=100, warmup_steps=10, learning_rate=1.0)
    assert learning_rate(options, 0) == pytest.approx(0.1, rel=0.01)
    assert max(range(100), key=lambda step: learning_rate(options, step)) in (9, 10)
    assert learning_rate(options, 100) == pytest.approx(0.05)
