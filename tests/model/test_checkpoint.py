"""Checkpoints: what is saved is what is loaded, and a file that is not whole says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from stereosync_model.checkpoint import FORMAT, CheckpointError, load_checkpoint, save_checkpoint
from stereosync_model.config import CodecConfig, ModelConfig, from_dict, model_config
from stereosync_model.model import Model


def test_a_checkpoint_comes_back_as_it_was_saved(tiny_checkpoint: Path, tmp_path: Path) -> None:
    first, provenance = load_checkpoint(tiny_checkpoint)
    path = tmp_path / "new" / "again.safetensors"
    save_checkpoint(path, first, provenance | {"note": "ä"})
    again, noted = load_checkpoint(path)
    assert again.config == first.config
    assert noted == {"recipe": "tiny", "trained": False, "note": "ä"}
    assert not again.training
    for name, value in first.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name
        assert value.dtype == torch.float32
    assert [file.name for file in path.parent.iterdir()] == ["again.safetensors"]


def test_a_missing_checkpoint_names_the_cure(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="stereosync-train"):
        load_checkpoint(tmp_path / "none.safetensors")


@pytest.mark.parametrize("kept", [0, 4, 200, 0.5, 0.999])
def test_a_truncated_file_is_refused(tiny_checkpoint: Path, tmp_path: Path, kept: float) -> None:
    content = tiny_checkpoint.read_bytes()
    path = tmp_path / "half.safetensors"
    path.write_bytes(content[: int(kept * len(content)) if kept < 1 else int(kept)])
    with pytest.raises(CheckpointError, match="not a whole safetensors file"):
        load_checkpoint(path)


def rewrite(source: Path, path: Path, **changes: str) -> Path:
    """A copy of a checkpoint with other metadata."""
    with safe_open(str(source), framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata = file.metadata() | changes
    save_file(tensors, path, metadata)
    return path


def test_another_format_is_refused(tiny_checkpoint: Path, tmp_path: Path) -> None:
    path = rewrite(tiny_checkpoint, tmp_path / "later.safetensors", format="stereosync-checkpoint-9")
    with pytest.raises(CheckpointError, match=f"'stereosync-checkpoint-9', not '{FORMAT}'"):
        load_checkpoint(path)


def test_somebody_elses_safetensors_are_refused(tmp_path: Path) -> None:
    save_file({"weight": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(CheckpointError, match="format None"):
        load_checkpoint(tmp_path / "other.safetensors")


@pytest.mark.parametrize(
    ("section", "key"), [("codec", "latent_dims"), ("generator", "depth"), ("clock", "rate"), ("vocoder", "width")]
)
def test_unknown_configuration_keys_are_refused(
    tiny_checkpoint: Path, tiny_model: Model, tmp_path: Path, section: str, key: str
) -> None:
    config = tiny_model.config.to_dict()
    config.setdefault(section, {})[key] = 1
    path = rewrite(tiny_checkpoint, tmp_path / "odd.safetensors", config=json.dumps(config))
    with pytest.raises(CheckpointError, match=f"unknown.*{key if section != 'vocoder' else section}"):
        load_checkpoint(path)


def test_weights_that_do_not_fit_are_refused(tiny_checkpoint: Path, tiny_model: Model, tmp_path: Path) -> None:
    config = tiny_model.config.to_dict()
    config["codec"]["sum_components"] += 1
    path = rewrite(tiny_checkpoint, tmp_path / "wide.safetensors", config=json.dumps(config))
    with pytest.raises(CheckpointError, match="do not fit"):
        load_checkpoint(path)


def test_a_configuration_survives_json() -> None:
    config = ModelConfig(codec=CodecConfig(width=99))
    assert model_config(json.loads(json.dumps(config.to_dict()))) == config
    assert from_dict(CodecConfig, {"width": 3}, "codec") == CodecConfig(width=3)


def test_a_hop_that_does_not_divide_is_refused() -> None:
    with pytest.raises(ValueError, match="not a multiple"):
        CodecConfig(frames_per_latent=7).hop_samples(ModelConfig().clock)
