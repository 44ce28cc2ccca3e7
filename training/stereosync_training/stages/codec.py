"""The codec's training stage: components fitted to the sounds, then a decoder that turns them back into sound.

A waveform loss prefers tones to noise, because the spectrum of a random noise never equals that of another one; a
decoder trained by it alone rings like metal. So the mean power that the decoder promises is compared with the true
spectrum, which tones and noise serve equally well, and tones must pay for their share.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from stereosync_model.codec import Decoder
from stereosync_model.config import ModelConfig
from stereosync_model.patches import Patches
from stereosync_model.spectrum import mel_filters
from stereosync_training.data.sound_clips import SoundClips
from stereosync_training.stages.codec_losses import LOG_FLOOR, WINDOWS, LevelDifference, MultiResolutionMel
from stereosync_training.stages.pictures import compare_spectrograms

LATENT_NOISE = 0.08  # teaches the decoder to bear a generator's small errors
MEL_BANDS = 80
FRAME_POWER_GAIN = 0.42  # analysed power of a frame over the power put into it, Hann window, overlap of three hops
WAVEFORM_WEIGHT, DIFFERENCE_WEIGHT, LEVEL_WEIGHT, TONE_WEIGHT = 0.5, 0.15, 0.1, 0.2
WARM_UP_S = 0.1  # heard by the networks, left out of the loss: no history there
FITTED_EXCERPTS, FITTED_S = 600, 2.0


class Codec(nn.Module):
    """Components and decoder as one module."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.patches = Patches(config)
        self.decoder = Decoder(config, self.patches)

    @torch.no_grad()
    def rescale(self, std: Tensor) -> None:
        """Give components that have the standard deviations `std` (R,) on other sounds unit variance there.

        The codec's own sounds are panned wider than people in pictures walk; a generator would see their side as a
        small number under large noise. What the decoder makes of the same sound stays the same.
        """
        self.patches.std *= std
        self.decoder.embed.weight *= std


class PromisedMel(nn.Module):
    """Difference between the log-mel of the mean power a decoder promises and that of the true sound's frames."""

    taper: Tensor  # (window,)
    filters: Tensor  # (bins, bands)

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        codec, clock = config.codec, config.clock
        self.hop_samples, self.window_samples = codec.hop_samples(clock), codec.window_samples(clock)
        self.register_buffer("taper", torch.hann_window(self.window_samples), persistent=False)
        filters = mel_filters(self.window_samples // 2 + 1, MEL_BANDS, clock.sample_rate_hz)
        self.register_buffer("filters", filters, persistent=False)

    def forward(self, power: Tensor, true: Tensor) -> Tensor:
        """power (B, F, 2, bins), true (B, 2, samples) -> absolute difference (B, F, 2, bands)."""
        padded = nn.functional.pad(true, (0, self.window_samples - self.hop_samples))
        frames = padded.unfold(-1, self.window_samples, self.hop_samples).transpose(1, 2)  # (B, F, 2, window)
        spectrum = torch.view_as_real(torch.fft.rfft(frames * self.taper)).square().sum(-1) / self.window_samples
        promised = (FRAME_POWER_GAIN * power @ self.filters + LOG_FLOOR**2).log()
        difference: Tensor = 0.5 * (promised - (spectrum @ self.filters + LOG_FLOOR**2).log()).abs()
        return difference


def fit_patches(patches: Patches, clips: SoundClips) -> None:
    """Set the components from excerpts of the training sounds, each also with left and right swapped by symmetry."""
    samples = round(FITTED_S * clips.sample_rate_hz)
    random = torch.Generator().manual_seed(0)
    parts = [
        patches.patches(clips.excerpts(50, samples, patches.hop_samples, random)).flatten(0, 1)
        for _ in range(FITTED_EXCERPTS // 50)
    ]
    patches.fit(torch.cat(parts))


class CodecStage:
    """Excerpts of mixed sound to components, under noise, and back."""

    name = "codec"

    def __init__(
        self, config: ModelConfig, clips: SoundClips, batch: int, excerpt_s: float = 1.0, device: str = "cpu"
    ) -> None:
        self.config, self.clips, self.batch, self.device = config, clips, batch, device
        self.excerpt_samples = round(excerpt_s * config.clock.latent_rate_hz) * config.clock.samples_per_latent
        self.warm_up_samples = round(WARM_UP_S * config.clock.sample_rate_hz)
        module = Codec(config)
        fit_patches(module.patches, clips)
        self.module = module.to(device)
        self.mel = MultiResolutionMel(config.clock.sample_rate_hz).to(device)
        self.difference = LevelDifference(config.clock.sample_rate_hz).to(device)
        self.promised = PromisedMel(config).to(device)

    def loss(self, step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss and its parts."""
        sound = self.draw(random)
        with torch.autocast(self.device.split(":")[0], enabled=False):
            latents = self.module.patches(sound)
        latents = latents + LATENT_NOISE * torch.randn(latents.shape, generator=random).to(self.device)
        decoder = self.module.decoder
        latent_history, frame_history, ringing, _ = (state.to(self.device) for state in decoder.initial(len(latents)))
        x, levels, *_ = decoder.features(latents, latent_history, frame_history)
        spectrum = decoder.tone_spectrum(x, levels) + decoder.noise_spectrum(x, levels, self._noise(latents, random))
        made, _ = decoder.overlap_add(spectrum @ decoder.inverse, ringing)
        with torch.autocast(self.device.split(":")[0], enabled=False):
            return self._compare(step, made.float(), sound.transpose(1, 2), decoder.powers(x.float(), levels.float()))

    def _compare(
        self, step: int, made: Tensor, true: Tensor, powers: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, dict[str, float]]:
        tone, noise = powers
        late = self.warm_up_samples // self.module.decoder.hop_samples
        promised = self.promised(tone + noise, true)[:, late:].mean()
        share = (tone / (tone + noise + LOG_FLOOR**2)).mean()
        made, true = made[..., self.warm_up_samples :], true[..., self.warm_up_samples :]
        mel = self.mel(made, true, (WINDOWS[step % len(WINDOWS)],))  # one resolution a step: most of a step's time
        difference, level = self.difference(made, true)
        loss = promised + WAVEFORM_WEIGHT * mel + DIFFERENCE_WEIGHT * difference + LEVEL_WEIGHT * level
        metrics = {"promised": promised, "mel": mel, "ild": difference, "level": level, "tone_share": share}
        return loss + TONE_WEIGHT * share, {name: value.item() for name, value in metrics.items()}

    def draw(self, random: torch.Generator) -> Tensor:
        """Excerpts (B, samples, 2), half of them with left and right swapped."""
        sound = self.clips.excerpts(self.batch, self.excerpt_samples, 1, random).to(self.device)
        swap = torch.rand(self.batch, 1, 1, generator=random).to(self.device) < 0.5
        return torch.where(swap, sound.flip(2), sound)

    def _noise(self, latents: Tensor, random: torch.Generator) -> Tensor:
        shape = self.module.decoder.noise_shape(latents.shape[1])
        return torch.randn(latents.shape[0], *shape, generator=random).to(self.device)

    @torch.no_grad()
    def picture(self, path: Path) -> None:
        """Spectrograms of two excerpts, true above, made below."""
        random = torch.Generator().manual_seed(1)
        sound = self.clips.excerpts(2, 3 * self.config.clock.sample_rate_hz, 1, random).to(self.device)
        latents = self.module.patches(sound)
        made = self.module.decoder.decode(latents, self._noise(latents, random)).transpose(1, 2)
        compare_spectrograms(path, sound.cpu().numpy(), made.cpu().numpy(), self.config.clock.sample_rate_hz)
