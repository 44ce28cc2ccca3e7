"""The codec's stage: components fitted to the sounds, excerpts of both sides, and a loss that falls."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stereosync_model.config import ModelConfig
from stereosync_model.model import Model
from stereosync_training.data.sound_clips import SoundClips, to_pcm
from stereosync_training.stages import codec as codec_stage
from stereosync_training.stages.codec import FRAME_POWER_GAIN, Codec, CodecStage, PromisedMel

SECONDS = 3


@pytest.fixture
def clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoundClips:
    """Bursts of a tone over noise, louder on the right."""
    monkeypatch.setattr(codec_stage, "FITTED_EXCERPTS", 50)
    rng, time_s = np.random.default_rng(0), np.arange(SECONDS * 48_000) / 48_000
    envelope = 0.02 + 0.2 * np.exp(-(time_s % 0.4) / 0.05)
    tone = np.sin(2 * np.pi * 900 * time_s)[:, None]
    sound = (tone + 0.1 * rng.standard_normal((2, len(time_s), 2))) * envelope[:, None] * np.array([0.3, 1.0])
    np.save(tmp_path / "sounds.npy", to_pcm(sound))
    return SoundClips(tmp_path / "sounds.npy")


@pytest.fixture
def stage(clips: SoundClips, tiny_model: Model) -> CodecStage:
    torch.manual_seed(0)
    return CodecStage(tiny_model.config, clips, batch=4, excerpt_s=0.3)


def test_components_are_fitted_to_the_sounds_alone(stage: CodecStage) -> None:
    components = stage.module.patches(stage.draw(torch.Generator().manual_seed(1)))
    spread = components[..., : stage.config.codec.sum_components].std((0, 1))
    assert (spread > 0.6).all()
    assert (spread < 1.6).all()
    assert not [name for name, _ in stage.module.named_parameters() if "patches" in name]


def test_excerpts_are_on_either_side(stage: CodecStage) -> None:
    draws = [stage.draw(torch.Generator().manual_seed(seed)) for seed in range(4)]
    right = torch.cat([sound[..., 1].std(1) > sound[..., 0].std(1) for sound in draws])
    assert draws[0].shape == (4, 14_400, 2)
    assert 3 <= int(right.sum()) <= 13


def test_a_few_steps_lower_the_loss(stage: CodecStage) -> None:
    optimiser = torch.optim.Adam(stage.module.parameters(), lr=3e-2)
    losses = []
    for step in range(16):
        loss, metrics = stage.loss(0, torch.Generator().manual_seed(step % 2))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert set(metrics) == {"promised", "mel", "ild", "level", "tone_share"}
    assert sum(losses[-2:]) < 0.85 * sum(losses[:2])


def test_a_step_reaches_every_weight(stage: CodecStage) -> None:
    loss, _ = stage.loss(1, torch.Generator().manual_seed(0))
    loss.backward()
    without = [name for name, value in stage.module.named_parameters() if value.grad is None or not value.grad.any()]
    assert without == []


def test_the_power_promised_of_noise_is_that_of_its_frames(tiny_model: Model) -> None:
    """White noise of a known power per bin: its promise has hardly a loss, and half of it has a loss of log 2 / 2."""
    config = replace(ModelConfig(), codec=tiny_model.config.codec)
    promised, decoder = PromisedMel(config), tiny_model.decoder
    frames = 200
    noise = torch.randn(1, frames, 2, 2 * decoder.bins, generator=torch.Generator().manual_seed(0))
    sound, _ = decoder.overlap_add(0.1 * noise @ decoder.inverse, decoder.initial(1)[2])
    power = torch.full((1, frames, 2, decoder.bins), 2 * 0.1**2)
    wide = slice(-20, None)  # high bands are wide, and their power is a mean of many bins
    right, half = (promised(share * power, sound)[:, 4:-4, :, wide].mean() for share in (1.0, 0.5))
    assert FRAME_POWER_GAIN < 1
    assert float(right) < 0.25
    assert float(half - right) > 0.1


def test_its_picture_is_written(stage: CodecStage, tmp_path: Path) -> None:
    path = tmp_path / "codec.png"
    stage.picture(path)
    assert path.stat().st_size > 1000


def test_rescaling_changes_the_components_and_not_the_sound(tiny_model: Model) -> None:
    codec = Codec(tiny_model.config)
    codec.patches.load_state_dict(tiny_model.patches.state_dict())
    codec.decoder.load_state_dict(tiny_model.decoder.state_dict())
    sound = 0.1 * torch.randn(1, 9600, 2, generator=torch.Generator().manual_seed(0))
    noise = torch.randn(1, *codec.decoder.noise_shape(10), generator=torch.Generator().manual_seed(1))
    std = torch.tensor([0.5, 1.0, 2.0, 0.25])
    with torch.no_grad():
        before = codec.patches(sound)
        heard = codec.decoder.decode(before, noise)
        codec.rescale(std)
        after = codec.patches(sound)
        torch.testing.assert_close(after, before / std)
        torch.testing.assert_close(codec.decoder.decode(after, noise), heard, atol=1e-5, rtol=1e-4)
