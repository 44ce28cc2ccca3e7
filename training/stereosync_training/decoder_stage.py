"""The codec's second stage: the decoder learns to make noise of noise, the encoder stands still.

A waveform loss prefers tones to noise, because the spectrum of a random noise never equals that of another one; a
decoder trained by it alone rings like metal. Here the mean power that the decoder promises is compared with the true
spectrum, which tones and noise serve equally well, and tones must pay for their share.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.config import ModelConfig
from stereosync_model.spectrum import mel_filters
from stereosync_training.codec_stage import DIFFERENCE_WEIGHT, LATENT_NOISE, LEVEL_WEIGHT, CodecStage
from stereosync_training.losses import LOG_FLOOR, WINDOWS
from stereosync_training.sound_clips import SoundClips

MEL_BANDS = 80
FRAME_POWER_GAIN = 0.42  # analysed power of a frame over the power put into it, Hann window, overlap of three hops
WAVEFORM_WEIGHT, TONE_WEIGHT = 0.25, 0.4


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


class DecoderStage(CodecStage):
    """Excerpts through the fixed encoder and the decoder."""

    name = "decoder"

    def __init__(
        self, config: ModelConfig, clips: SoundClips, batch: int, excerpt_s: float = 1.0, device: str = "cpu"
    ) -> None:
        super().__init__(config, clips, batch, excerpt_s, device)
        self.module.encoder.requires_grad_(False)
        self.promised = PromisedMel(config).to(device)

    def loss(self, step: int, random: torch.Generator) -> tuple[Tensor, dict[str, float]]:
        """One batch's loss and its parts."""
        sound = self.draw(random)
        with torch.no_grad():
            mean, _ = self.module.encoder(sound)
        latents = mean + LATENT_NOISE * torch.randn(mean.shape, generator=random).to(self.device)
        decoder = self.module.decoder
        latent_history, frame_history, ringing = decoder.initial(len(latents))
        features, *_ = decoder.features(latents, latent_history.to(self.device), frame_history.to(self.device))
        spectrum = decoder.tone_spectrum(features) + decoder.noise_spectrum(features, self._noise(latents, random))
        made, _ = decoder.overlap_add(spectrum @ decoder.inverse, ringing.to(self.device))
        with torch.autocast(made.device.type, enabled=False):
            made, true = made.float(), sound.transpose(1, 2)
            tone, noise = decoder.powers(features.float())
            late = self.warm_up_samples // decoder.hop_samples
            promised = self.promised(tone + noise, true)[:, late:].mean()
            share = (tone / (tone + noise + LOG_FLOOR**2)).mean()
            made, true = made[..., self.warm_up_samples :], true[..., self.warm_up_samples :]
            mel = self.mel(made, true, (WINDOWS[step % len(WINDOWS)],))
            difference, level = self.difference(made, true)
        loss = promised + WAVEFORM_WEIGHT * mel + DIFFERENCE_WEIGHT * difference + LEVEL_WEIGHT * level
        metrics = {"promised": promised, "mel": mel, "ild": difference, "level": level, "tone_share": share}
        return loss + TONE_WEIGHT * share, {name: value.item() for name, value in metrics.items()}
