"""Latents of the walks: both sides of every clip through the trained encoder, kept until what made them changes."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from stereosync_model.latent_scale import LatentScale
from stereosync_model.model import Model
from stereosync_training.codec_stage import Codec
from stereosync_training.latents import load_scale, walk_latents
from stereosync_training.walk_data import WalkData


def save_codec(folder: Path, codec: Codec, step: int) -> None:
    torch.save({"average": codec.state_dict(), "step": step}, folder / "codec.pt")


@pytest.fixture
def codec(tiny_model: Model, tmp_path: Path) -> Codec:
    """A codec whose training left its average in `tmp_path`."""
    codec = Codec(tiny_model.config).requires_grad_(False)
    codec.encoder.load_state_dict(tiny_model.encoder.state_dict())
    save_codec(tmp_path, codec, step=3)
    return codec


def test_latents_are_those_of_the_sound_and_of_its_mirror(
    codec: Codec, tiny_model: Model, walk_folder: Path, tmp_path: Path
) -> None:
    config = tiny_model.config
    data = WalkData(walk_folder, config)
    made = walk_latents(tmp_path, config, data, "cpu")
    assert made.shape == (2, 2, 100, config.codec.components)
    assert float(made.std()) == pytest.approx(1, abs=0.01)
    scale = LatentScale(config.codec)
    load_scale(tmp_path, scale)
    for clip in range(2):
        for mirrored, sound in enumerate((data.sound(clip), data.sound(clip).flip(1))):
            expected = scale.components(codec.encoder(sound[None])[0])[0]
            torch.testing.assert_close(made[clip, mirrored], expected, atol=1e-3, rtol=1e-3)


def test_latents_are_kept_until_the_codec_changes(
    codec: Codec, tiny_model: Model, walk_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = WalkData(walk_folder, tiny_model.config)
    first = walk_latents(tmp_path, tiny_model.config, data, "cpu")
    heard: list[int] = []
    sound = data.sound
    monkeypatch.setattr(data, "sound", lambda clip: heard.append(clip) or sound(clip))
    torch.testing.assert_close(walk_latents(tmp_path, tiny_model.config, data, "cpu"), first, atol=5e-3, rtol=0)
    assert heard == []
    save_codec(tmp_path, codec, step=4)
    walk_latents(tmp_path, tiny_model.config, data, "cpu")
    assert heard == [0, 1]
