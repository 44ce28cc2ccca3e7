"""The codec's training stage."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from stereosync_model.codec import Decoder, Encoder
from stereosync_model.config import ModelConfig
from stereosync_training.losses import WINDOWS, LevelDifference, MultiResolutionMel
from stereosync_training.pictures import compare_spectrograms
from stereosync_training.sound_clips import SoundClips

LATENT_NOISE = 0.1  # teaches the decoder to bear a generator's small errors
KL_WEIGHT = 2e-3
DIFFERENCE_WEIGHT, LEVEL_WEIGHT = 0.15, 0.1
WARM_UP_S = 0.1  # heard by the networks, left out of the loss: no history there


class Codec(nn.Module):
    """Encoder and decoder as one trained module."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(config), Decoder(config)


class CodecStage:
    """Excerpts of mixed sound through encoder, noise and decoder."""

    name = "codec"

    def __init__(
        self, config: ModelConfig, clips: SoundClips, batch: int, excerpt_s: float = 1.0, device: str = "cpu"
    ) -> None:
        self.config, self.clips, self.batch, self.device = config, clips, batch, device
        self.excerpt_samples = round(excerpt_s * config.clock.latent_rate_hz) * config.clock.samples_per_latent
        self.warm_up_samples = round(WARM_UP_S * config.clock.sample_rate_hz)
        self.module = Codec(config).to(device)
        self.mel = MultiResolutionMel(config.clock.sample_rate_hz).to(device)
        self.difference = LevelDifference(config.clock.sample_rate_hz).to(device)

    def loss(self, step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss and its parts."""
        sound = self.draw(random)
        mean, log_variance = self.module.encoder(sound)
        made = self.module.decoder.decode(self._disturbed(mean, log_variance, random), self._noise(mean, random))
        true = sound.transpose(1, 2)[..., self.warm_up_samples :]
        made = made[..., self.warm_up_samples :]
        with torch.autocast(made.device.type, enabled=False):
            window = WINDOWS[step % len(WINDOWS)]  # one resolution a step: a CPU spends most of its time here
            mel = self.mel(made, true, (window,))
            difference, level = self.difference(made, true)
        divergence = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).mean()
        loss = mel + DIFFERENCE_WEIGHT * difference + LEVEL_WEIGHT * level + KL_WEIGHT * divergence
        return loss, {
            "mel": mel.item(),
            "ild": difference.item(),
            "level": level.item(),
            "kl": divergence.item(),
        }

    def draw(self, random: torch.Generator) -> Tensor:
        """Excerpts (B, samples, 2), half of them with left and right swapped."""
        sound = self.clips.excerpts(self.batch, self.excerpt_samples, 1, random).to(self.device)
        swap = torch.rand(self.batch, 1, 1, generator=random).to(self.device) < 0.5
        return torch.where(swap, sound.flip(2), sound)

    def _disturbed(self, mean: Tensor, log_variance: Tensor, random: torch.Generator) -> Tensor:
        variance = log_variance.exp() + LATENT_NOISE**2
        return mean + variance.sqrt() * torch.randn(mean.shape, generator=random).to(self.device)

    def _noise(self, latents: Tensor, random: torch.Generator) -> Tensor:
        shape = self.module.decoder.noise_shape(latents.shape[1])
        return torch.randn(latents.shape[0], *shape, generator=random).to(self.device)

    @torch.no_grad()
    def picture(self, path: Path) -> None:
        """Spectrograms of two excerpts, true above, made below."""
        random = torch.Generator().manual_seed(1)
        sound = self.clips.excerpts(2, 3 * self.config.clock.sample_rate_hz, 1, random).to(self.device)
        mean, _ = self.module.encoder(sound)
        made = self.module.decoder.decode(mean, self._noise(mean, random)).transpose(1, 2)
        compare_spectrograms(path, sound.cpu().numpy(), made.cpu().numpy(), self.config.clock.sample_rate_hz)
