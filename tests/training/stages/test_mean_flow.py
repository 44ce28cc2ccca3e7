"""Mean flow on toys whose answer is known: data at one point, and a head that is linear."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from stereosync.sampler import SCHEDULES, sample
from stereosync_training.stages.mean_flow import WEIGHT_FLOOR, WEIGHT_POWER, _bend, draw_times, mean_flow_loss

POINT = torch.tensor([0.7, -1.2, 0.4])
ROWS = 256


class PointHead(nn.Module):
    """All data at one point p: every path is straight, and u(z, r, t) = (z - p) / t whatever r is."""

    def __init__(self, point: Tensor) -> None:
        super().__init__()
        self.point = nn.Parameter(point.clone())

    def forward(self, z: Tensor, _r: Tensor, t: Tensor, _context: Tensor) -> Tensor:
        return (z - self.point) / t[:, None]


class LinearHead(nn.Module):
    """u = z A + r b + t c, whose derivatives can be written down."""

    def __init__(self) -> None:
        super().__init__()
        random = torch.Generator().manual_seed(0)
        self.matrix, self.by_r, self.by_t = (torch.randn(*shape, generator=random) for shape in ((3, 3), (3,), (3,)))

    def forward(self, z: Tensor, r: Tensor, t: Tensor, _context: Tensor) -> Tensor:
        return z @ self.matrix + r[:, None] * self.by_r + t[:, None] * self.by_t


def loss_of(head: nn.Module, share: float, seed: int = 1) -> tuple[Tensor, Tensor]:
    latents, context = POINT.expand(ROWS, 3), torch.zeros(ROWS, 1)
    return mean_flow_loss(head, latents, context, share, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_the_true_answer_has_no_loss(share: float) -> None:
    loss, plain = loss_of(PointHead(POINT), share)
    assert loss.item() < 1e-4
    assert plain.item() < 1e-6
    assert loss_of(PointHead(POINT + 0.5), share)[0].item() > 0.3


@pytest.mark.parametrize("steps", SCHEDULES)
def test_the_true_answer_reaches_the_data_in_any_number_of_steps(steps: int) -> None:
    head, noise = PointHead(POINT).requires_grad_(False), torch.randn(5, 3, generator=torch.Generator().manual_seed(2))

    def velocity(z: Tensor, r: float, t: float) -> Tensor:
        made: Tensor = head(z, torch.full((5,), r), torch.full((5,), t), torch.zeros(5, 1))
        return made

    torch.testing.assert_close(sample(velocity, noise, SCHEDULES[steps]), POINT.expand(5, 3))


def test_training_finds_the_point() -> None:
    head = PointHead(torch.zeros(3))
    optimiser = torch.optim.Adam(head.parameters(), lr=0.05)
    for step in range(80):
        optimiser.zero_grad()
        loss_of(head, 0.5, seed=step)[0].backward()
        optimiser.step()
    torch.testing.assert_close(head.point.detach(), POINT, atol=0.05, rtol=0)


def test_the_bend_of_a_linear_head_is_its_total_derivative() -> None:
    """du/dt along the path is dz/dt A + c, with r held: r's own coefficient must not appear."""
    head, random = LinearHead(), torch.Generator().manual_seed(3)
    z, velocity = 0.3 * torch.randn(9, 3, generator=random), 0.3 * torch.randn(9, 3, generator=random)
    r, t = draw_times(9, random, "cpu")
    expected = (t - r)[:, None] * (velocity @ head.matrix + head.by_t)
    torch.testing.assert_close(_bend(head, z, r, t, torch.zeros(9, 1), velocity), expected)


def test_rows_beyond_the_share_are_plain_flow_matching() -> None:
    head = LinearHead()
    loss, plain = loss_of(head, 0.0)
    random = torch.Generator().manual_seed(1)
    noise = torch.randn(ROWS, 3, generator=random)
    _, t = draw_times(ROWS, random, "cpu")
    z = (1 - t[:, None]) * POINT + t[:, None] * noise
    error = (head(z, t, t, z) - (noise - POINT)).square().mean(-1)
    torch.testing.assert_close(plain, error.mean())
    assert float(loss) < float(plain)  # large errors weigh less


def test_rows_of_the_share_aim_at_the_velocity_less_the_bend() -> None:
    """Equation 9 of the paper, u = v - (t - r) du/dt, with errors weighed by (error + floor) ** -power."""
    head, random = LinearHead(), torch.Generator().manual_seed(1)
    noise = torch.randn(ROWS, 3, generator=random)
    r, t = draw_times(ROWS, random, "cpu")
    z, velocity = (1 - t[:, None]) * POINT + t[:, None] * noise, noise - POINT
    target = velocity - ((t - r)[:, None] * (velocity @ head.matrix + head.by_t)).clamp(-8, 8)
    error = (head(z, r, t, z) - target).square().mean(-1)
    loss, _ = loss_of(head, 1.0)
    torch.testing.assert_close(loss, (error * (error + WEIGHT_FLOOR) ** -WEIGHT_POWER).mean())


def test_the_target_sends_no_gradient_through_the_bend() -> None:
    head = PointHead(POINT + 0.2)
    context = torch.zeros(ROWS, 1, requires_grad=True)
    loss, _ = mean_flow_loss(head, POINT.expand(ROWS, 3), context, 1.0, torch.Generator().manual_seed(1))
    loss.backward()
    assert context.grad is None or not context.grad.any()
    assert head.point.grad is not None


def test_times_are_ordered_and_cover_the_whole_way() -> None:
    r, t = draw_times(4000, torch.Generator().manual_seed(4), "cpu")
    assert ((r >= 0) & (r <= t) & (t <= 1)).all()
    assert t.max() > 0.98
    assert r.min() < 0.02
    assert 0.05 < float(((t - r) > 0.6).float().mean()) < 0.5
