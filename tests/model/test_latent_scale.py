"""Principal components: unit variance, uncorrelated, strongest first, and a way back that loses only the weakest."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from stereosync_model.config import CodecConfig
from stereosync_model.latent_scale import LatentScale

DIM, KEPT = 6, 3
STD = torch.tensor([4.0, 2.0, 1.0, 0.1, 0.01, 0.0])  # of the directions that the latents are mixed from


@pytest.fixture(scope="module")
def latents() -> Tensor:
    """(40, 100, DIM): independent directions of known strength, turned and moved."""
    random = torch.Generator().manual_seed(0)
    turn, _ = torch.linalg.qr(torch.randn(DIM, DIM, generator=random))
    return torch.randn(40, 100, DIM, generator=random) * STD @ turn + torch.arange(DIM)


@pytest.fixture(scope="module")
def scale(latents: Tensor) -> LatentScale:
    scale = LatentScale(CodecConfig(latent_dim=DIM, components=KEPT))
    scale.fit(latents)
    return scale


def test_components_have_unit_variance_and_no_correlation(scale: LatentScale, latents: Tensor) -> None:
    components = scale.components(latents).flatten(0, 1)
    assert components.shape == (4000, KEPT)
    torch.testing.assert_close(components.mean(0), torch.zeros(KEPT), atol=1e-3, rtol=0)
    torch.testing.assert_close(torch.cov(components.T), torch.eye(KEPT), atol=1e-3, rtol=0)


def test_the_strongest_comes_first(scale: LatentScale) -> None:
    torch.testing.assert_close(scale.basis.norm(dim=1), STD[:KEPT], atol=0.1, rtol=0.05)


def test_the_way_back_loses_only_the_weakest(scale: LatentScale, latents: Tensor) -> None:
    lost = scale.latents(scale.components(latents)) - latents
    assert float(lost.square().sum(-1).mean().sqrt()) == pytest.approx(float(STD[KEPT:].norm()), rel=0.05)
    components = torch.randn(5, KEPT, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(scale.components(scale.latents(components)), components, atol=1e-4, rtol=1e-4)


def test_before_it_is_fitted_it_keeps_the_first_numbers() -> None:
    scale = LatentScale(CodecConfig(latent_dim=DIM, components=KEPT))
    given = torch.arange(2.0 * DIM).reshape(2, DIM)
    torch.testing.assert_close(scale.components(given), given[:, :KEPT])


def test_directions_that_carry_nothing_stay_finite() -> None:
    scale = LatentScale(CodecConfig(latent_dim=DIM, components=DIM))
    scale.fit(torch.ones(10, DIM))
    assert torch.isfinite(scale.components(torch.ones(3, DIM))).all()
