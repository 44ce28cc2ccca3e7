"""Stereo codec: an encoder for training, and a causal decoder that also runs live, one latent at a time.

The decoder's head gives, per STFT frame and channel, a tone spectrum (magnitude and unit phase, after Vocos,
arXiv 2306.00814) and the gains of shaped noise (after DDSP, arXiv 2001.04643): steps, wind and water are noise, and
noise that is shaped needs no discriminator to sound like noise. Left and right noise share a part, so that a source
which is panned stays one source. Latent i governs samples [i * 960, ...): no sound is made before its latent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.config import ModelConfig
from stereosync_model.layers import ConvStack
from stereosync_model.spectrum import band_interpolation, inverse_dft, mel_filters

LOG_FLOOR = 1e-5
CHANNELS = 2
PARTS = 3  # noise sources: shared, left only, right only
ENVELOPES_PER_HOP = 4
SHARE_FLOOR = 1e-5  # the slope of a square root at zero has no end


class Encoder(nn.Module):
    """Sound (B, samples, 2) to latent means and log variances (B, T, D). Used in training only."""

    window: Tensor  # (window,)
    filters: Tensor  # (bins, bands)

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        codec, clock = config.codec, config.clock
        self.hop_samples, self.window_samples = codec.hop_samples(clock), codec.window_samples(clock)
        self.frames_per_latent, self.latent_dim = codec.frames_per_latent, codec.latent_dim
        self.register_buffer("window", torch.hann_window(self.window_samples), persistent=False)
        filters = mel_filters(self.window_samples // 2 + 1, codec.mel_bands, clock.sample_rate_hz)
        self.register_buffer("filters", filters, persistent=False)
        self.embed = nn.Linear(CHANNELS * (codec.mel_bands + ENVELOPES_PER_HOP), codec.width)
        self.frames = ConvStack(codec.width, codec.kernel, codec.expansion, 2)
        self.gather = nn.Linear(codec.width * codec.frames_per_latent, codec.latent_width)
        self.latents = ConvStack(codec.latent_width, codec.kernel, codec.expansion, codec.latent_blocks)
        self.norm = nn.LayerNorm(codec.latent_width)
        self.out = nn.Linear(codec.latent_width, 2 * codec.latent_dim)

    def features(self, sound: Tensor) -> Tensor:
        """Log mel and log short-time levels of each hop: (B, samples, 2) -> (B, frames, features)."""
        batch, samples, _ = sound.shape
        planes = sound.transpose(1, 2)  # (B, 2, samples)
        padded = nn.functional.pad(planes, (0, self.window_samples - self.hop_samples))
        frames = padded.unfold(-1, self.window_samples, self.hop_samples)  # (B, 2, F, window)
        spectrum = torch.fft.rfft(frames * self.window).abs() / self.window_samples**0.5
        mel = (spectrum @ self.filters + LOG_FLOOR).log()
        level = planes.reshape(batch, CHANNELS, samples // self.hop_samples, ENVELOPES_PER_HOP, -1)
        level = (level.square().mean(-1).sqrt() + LOG_FLOOR).log()
        return torch.cat([mel, level], dim=-1).transpose(1, 2).flatten(2)  # (B, F, 2 * (bands + 4))

    def forward(self, sound: Tensor) -> tuple[Tensor, Tensor]:
        """sound (B, samples, 2), whole latents long -> mean, log variance (B, T, D)."""
        x = self.embed(self.features(sound) / 5 + 1)
        x, _ = self.frames(x, self.frames.initial(x.shape[0]))
        x = self.gather(x.reshape(x.shape[0], -1, self.frames_per_latent * x.shape[-1]))
        x, _ = self.latents(x, self.latents.initial(x.shape[0]))
        mean, log_variance = self.out(self.norm(x)).float().chunk(2, dim=-1)
        return mean, log_variance.clamp(-10, 2)


class Decoder(nn.Module):
    """The encoder's latents (B, T, D), unit noise and history to sound."""

    inverse: Tensor  # (2 * bins, window)
    bands: Tensor  # (noise bands, bins)

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        codec, clock = config.codec, config.clock
        self.codec = codec
        self.hop_samples, self.window_samples = codec.hop_samples(clock), codec.window_samples(clock)
        self.bins = self.window_samples // 2 + 1
        self.register_buffer("inverse", inverse_dft(self.window_samples), persistent=False)
        bands = band_interpolation(codec.noise_bands, self.bins, clock.sample_rate_hz)
        self.register_buffer("bands", bands, persistent=False)
        self.embed = nn.Linear(codec.latent_dim, codec.latent_width)
        self.latents = ConvStack(codec.latent_width, codec.kernel, codec.expansion, codec.latent_blocks)
        self.spread = nn.Linear(codec.latent_width, codec.width * codec.frames_per_latent)
        self.frames = ConvStack(codec.width, codec.kernel, codec.expansion, codec.blocks)
        self.norm = nn.LayerNorm(codec.width)
        self.tone = nn.Linear(codec.width, CHANNELS * 3 * self.bins)
        self.noise = nn.Linear(codec.width, (CHANNELS + 1) * codec.noise_bands)
        nn.init.constant_(self.tone.bias[: CHANNELS * self.bins], -6.0)
        nn.init.constant_(self.noise.bias[: CHANNELS * codec.noise_bands], -6.0)

    def noise_shape(self, latents: int) -> tuple[int, int, int]:
        """Shape, without the batch, of the unit Gaussian noise that `latents` latents take."""
        return (latents * self.codec.frames_per_latent, PARTS, 2 * self.bins)

    def initial(self, batch: int) -> tuple[Tensor, Tensor, Tensor]:
        """Histories at the start: latent stack, frame stack, the frames that still ring."""
        ringing = torch.zeros(batch, self.codec.overlap - 1, CHANNELS, self.window_samples)
        return self.latents.initial(batch), self.frames.initial(batch), ringing

    def forward(
        self, latents: Tensor, noise: Tensor, history: tuple[Tensor, Tensor, Tensor]
    ) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor]]:
        """latents (B, T, D), noise (B, F, 3, 2 * bins) -> sound (B, 2, samples), next history."""
        latent_history, frame_history, ringing = history
        x, latent_history, frame_history = self.features(latents, latent_history, frame_history)
        spectrum = self.tone_spectrum(x) + self.noise_spectrum(x, noise)  # (B, F, 2, 2 * bins)
        sound, ringing = self.overlap_add(spectrum @ self.inverse, ringing)
        return sound, (latent_history, frame_history, ringing)

    def features(self, latents: Tensor, latent_history: Tensor, frame_history: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """latents (B, T, D) -> features of each STFT frame (B, F, width), next histories."""
        x = self.embed(latents)
        x, latent_history = self.latents(x, latent_history)
        x = self.spread(x).reshape(x.shape[0], -1, self.codec.width)
        x, frame_history = self.frames(x, frame_history)
        return self.norm(x), latent_history, frame_history

    def powers(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean power of the tones and of the noise, each (B, F, 2, bins), for frame features (B, F, width)."""
        log_magnitude = self.tone(x).float().reshape(*x.shape[:2], 3, CHANNELS, -1)[:, :, 0]
        bands = self.noise(x).float().reshape(*x.shape[:2], CHANNELS + 1, -1)[:, :, :CHANNELS]
        tone = (2 * log_magnitude.clamp(max=4.0)).exp()
        return tone, 2 * (2 * (bands @ self.bands).clamp(max=4.0)).exp()

    def tone_spectrum(self, x: Tensor) -> Tensor:
        """Magnitude times unit phase, real and imaginary parts side by side: (B, F, 2, 2 * bins)."""
        log_magnitude, real, imaginary = self.tone(x).float().reshape(*x.shape[:2], 3, CHANNELS, -1).unbind(2)
        scale = log_magnitude.clamp(max=4.0).exp() * (real.square() + imaginary.square() + 1e-6).rsqrt()
        return torch.cat([scale * real, scale * imaginary], dim=-1)

    def noise_spectrum(self, x: Tensor, noise: Tensor) -> Tensor:
        """Shared and own noise under smooth gains: (B, F, 2, 2 * bins)."""
        bands = self.noise(x).float().reshape(*x.shape[:2], CHANNELS + 1, -1)
        gain = (bands[:, :, :CHANNELS] @ self.bands).clamp(max=4.0).exp()  # (B, F, 2, bins)
        own = (bands[:, :, CHANNELS:] @ self.bands).sigmoid()  # (B, F, 1, bins): share of power that is not common
        common, own = ((share + SHARE_FLOOR).sqrt().repeat(1, 1, 1, 2) for share in (1 - own, own))
        shaped: Tensor = gain.repeat(1, 1, 1, 2) * (common * noise[:, :, :1] + own * noise[:, :, 1:])
        return shaped

    def overlap_add(self, frames: Tensor, ringing: Tensor) -> tuple[Tensor, Tensor]:
        """frames (B, F, 2, window) added at their hops -> sound (B, 2, F * hop), frames that still ring."""
        count, hop = frames.shape[1], self.hop_samples
        full = torch.cat([ringing, frames], dim=1)
        last = self.codec.overlap - 1
        parts = [full[:, last - k : last - k + count, :, k * hop : (k + 1) * hop] for k in range(self.codec.overlap)]
        sound = torch.stack(parts).sum(0)  # (B, F, 2, hop)
        return sound.transpose(1, 2).flatten(2), full[:, count:]

    def decode(self, latents: Tensor, noise: Tensor) -> Tensor:
        """A whole sequence from silence: (B, T, D) -> (B, 2, samples)."""
        sound: Tensor = self(latents, noise, self.initial(latents.shape[0]))[0]
        return sound
