"""A tiny trained-looking model for every test: one checkpoint and one bundle a session, made by the real exporter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stereosync_model.model import Model

SEED = 5
VELOCITY_SCALE = 0.5  # of the flow head's last layer, which starts at zero and would make every latent its own noise


def tiny_model() -> Model:
    """The model of the recipe `tiny` with weights drawn from a fixed seed, in evaluation mode."""
    import torch

    from stereosync_model.model import Model
    from stereosync_training.recipe import read_recipe

    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        model = Model(read_recipe(Path("tiny")).model)
        torch.nn.init.normal_(model.generator.flow_head.out.weight, std=VELOCITY_SCALE)
    return model.eval()


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of the tiny model: `tiny.safetensors`."""
    from stereosync_model.checkpoint import save_checkpoint

    path = tmp_path_factory.mktemp("checkpoint") / "tiny.safetensors"
    save_checkpoint(path, tiny_model(), {"recipe": "tiny", "trained": False})
    return path


@pytest.fixture(scope="session")
def tiny_bundle(tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the tiny checkpoint in fp32: the folder `tiny`."""
    from stereosync_export.build import build_bundle
    from stereosync_model.checkpoint import load_checkpoint

    model, provenance = load_checkpoint(tiny_checkpoint)
    return build_bundle(model, provenance, tmp_path_factory.mktemp("bundles") / "tiny", say=lambda _: None).folder
