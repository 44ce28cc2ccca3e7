"""Stereo codec's decoder: causal, one latent at a time when live. Its encoder is `patches.Patches`.

The latent's own log-mel spectrum is where the decoder starts from: at once, noise shaped by it (after DDSP, arXiv
2001.04643) has the right loudness, colour and side. The network mends it: finer gains, how much of the noise both
channels share, and tones (magnitude and unit phase per STFT bin, after Vocos, arXiv 2306.00814) that are placed between
left and right like the noise of their band. Latent i governs samples [i * 960, ...): no sound is made before it. Who
knows when feet come down says so, and a step is as sharp as it should be (`attack.py`).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.attack import Attack
from stereosync_model.config import ModelConfig
from stereosync_model.layers import ConvStack
from stereosync_model.patches import CHANNELS, Patches
from stereosync_model.spectrum import inverse_dft, mel_interpolation

PARTS = 3  # noise sources: shared, left only, right only
SHARE_FLOOR = 1e-5  # the slope of a square root at zero has no end
NOISE_LEVEL = 0.087  # log of the gain that makes the analysed amplitude of shaped noise equal to what was asked
TONE_LEVEL = -3.0  # tones begin this far, in nepers, below the noise
LOUDEST = 4.0
INPUT_CENTRE, INPUT_SCALE = 6.0, 0.3  # brings log-mel spectra near zero mean and unit variance

History = tuple[Tensor, Tensor, Tensor, Tensor]


class Decoder(nn.Module):
    """Components (B, T, R), unit noise and history to sound."""

    inverse: Tensor  # (2 * bins, window)
    bands: Tensor  # (mel bands, bins)

    def __init__(self, config: ModelConfig, patches: Patches) -> None:
        super().__init__()
        codec, clock = config.codec, config.clock
        self.codec, self.patches = codec, patches
        self.hop_samples, self.window_samples = codec.hop_samples(clock), codec.window_samples(clock)
        self.bins = self.window_samples // 2 + 1
        self.register_buffer("inverse", inverse_dft(self.window_samples), persistent=False)
        bands = mel_interpolation(codec.mel_bands, self.bins, clock.sample_rate_hz)
        self.register_buffer("bands", bands, persistent=False)
        self.attack = Attack(self.hop_samples, codec.overlap, clock.sample_rate_hz)
        self.embed = nn.Linear(codec.components, codec.latent_width)
        self.latents = ConvStack(codec.latent_width, codec.kernel, codec.expansion, codec.latent_blocks)
        self.spread = nn.Linear(codec.latent_width, codec.width * codec.frames_per_latent)
        self.spectrum = nn.Linear(CHANNELS * codec.mel_bands, codec.width)
        self.frames = ConvStack(codec.width, codec.kernel, codec.expansion, codec.blocks)
        self.norm = nn.LayerNorm(codec.width)
        self.tone = nn.Linear(codec.width, 3 * self.bins)
        self.mend = nn.Linear(codec.width, (CHANNELS + 1) * codec.mel_bands)
        for layer in (self.tone, self.mend):
            nn.init.zeros_(layer.bias)
            layer.weight.data *= 0.1
        nn.init.constant_(self.mend.bias[CHANNELS * codec.mel_bands :], -2.0)

    def noise_shape(self, latents: int) -> tuple[int, int, int]:
        """Shape, without the batch, of the unit Gaussian noise that `latents` latents take."""
        return (latents * self.codec.frames_per_latent, PARTS, 2 * self.bins)

    def initial(self, batch: int) -> History:
        """Histories at the start: latent stack, frame stack, frames that still ring, how loud the last ones were."""
        ringing = torch.zeros(batch, self.codec.overlap - 1, CHANNELS, self.window_samples)
        loudness = torch.zeros(batch, self.codec.overlap, self.bins)
        return self.latents.initial(batch), self.frames.initial(batch), ringing, loudness

    def forward(
        self, latents: Tensor, noise: Tensor, history: History, contacts: Tensor | None = None
    ) -> tuple[Tensor, History]:
        """latents (B, T, R), noise (B, F, 3, 2 * bins) -> sound (B, 2, samples), next history.

        contacts: (B, M), when feet come down, in samples from the first of `latents`; -1: none. Those in the window
        after the last one count as well, for frames that begin in these latents reach there.
        """
        latent_history, frame_history, ringing, earlier = history
        x, levels, latent_history, frame_history = self.features(latents, latent_history, frame_history)
        spectrum = self.tone_spectrum(x, levels) + self.noise_spectrum(x, levels, noise)  # (B, F, 2, 2 * bins)
        loudness = self.loudness(x, levels)
        frames = spectrum @ self.inverse
        if contacts is not None:
            frames = frames + self.sharpened(spectrum, loudness, earlier, contacts)
        sound, ringing = self.overlap_add(frames, ringing)
        earlier = torch.cat([earlier, loudness], dim=1)[:, -self.codec.overlap :]
        return sound, (latent_history, frame_history, ringing, earlier)

    def sharpened(self, spectrum: Tensor, loudness: Tensor, earlier: Tensor, contacts: Tensor) -> Tensor:
        """The change that contacts (B, M) make in frames (B, F, 2, window) of `spectrum`; zero where no foot lands."""
        places = self.attack.places(contacts, spectrum.shape[1])
        rises = self.attack.rises(loudness, earlier, places).repeat(1, 1, 2)  # of real and imaginary parts alike
        risen = rises.unsqueeze(2) * spectrum
        return risen @ self.inverse * (self.attack.windows(places) - 1).unsqueeze(2)

    def loudness(self, x: Tensor, levels: Tensor) -> Tensor:
        """Amplitude (B, F, bins) of tones and noise together, the mean of both channels: what rises in one of them
        begins in both alike, and stays where it is. Without squares, which vanish in half precision."""
        return (self.tone_gain(x, levels)[0] + self.noise_gain(levels)).mean(2)

    def features(
        self, latents: Tensor, latent_history: Tensor, frame_history: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """latents (B, T, R) -> features of each STFT frame (B, F, width), log levels (B, F, 2, bands), histories."""
        base = self.patches.inverse(latents)  # (B, F, 2, bands)
        x = self.embed(latents)
        x, latent_history = self.latents(x, latent_history)
        x = self.spread(x).reshape(x.shape[0], -1, self.codec.width)
        x = x + self.spectrum(((base + INPUT_CENTRE) * INPUT_SCALE).flatten(2))
        x, frame_history = self.frames(x, frame_history)
        x = self.norm(x)
        mended = self.mend(x).float()[..., : CHANNELS * self.codec.mel_bands]
        levels = base + mended.unflatten(-1, (CHANNELS, -1))
        return x, levels.clamp(max=LOUDEST), latent_history, frame_history

    def tone_gain(self, x: Tensor, levels: Tensor) -> tuple[Tensor, Tensor]:
        """Amplitude of each channel's tones (B, F, 2, bins), and their raw phase vector (B, F, 2 parts, bins)."""
        magnitude, *phase = self.tone(x).float().unflatten(-1, (3, -1)).unbind(2)  # (B, F, bins)
        gain = (levels @ self.bands + (magnitude + TONE_LEVEL).unsqueeze(2)).clamp(max=LOUDEST).exp()
        return gain, torch.stack(phase, dim=2)

    def noise_gain(self, levels: Tensor) -> Tensor:
        """Amplitude of the noise's real and imaginary parts (B, F, 2, bins)."""
        return (levels @ self.bands + NOISE_LEVEL).exp()

    def powers(self, x: Tensor, levels: Tensor) -> tuple[Tensor, Tensor]:
        """Mean power of the tones and of the noise, each (B, F, 2, bins)."""
        return self.tone_gain(x, levels)[0].square(), 2 * self.noise_gain(levels).square()

    def tone_spectrum(self, x: Tensor, levels: Tensor) -> Tensor:
        """Real and imaginary parts side by side: (B, F, 2, 2 * bins)."""
        gain, phase = self.tone_gain(x, levels)
        unit = phase * (phase.square().sum(2, keepdim=True) + 1e-6).rsqrt()
        return torch.cat([gain * unit[:, :, :1], gain * unit[:, :, 1:]], dim=-1)

    def noise_spectrum(self, x: Tensor, levels: Tensor, noise: Tensor) -> Tensor:
        """Shared and own noise under smooth gains: (B, F, 2, 2 * bins)."""
        own = self.mend(x).float()[..., CHANNELS * self.codec.mel_bands :].unsqueeze(2)
        own = (own @ self.bands).sigmoid()  # (B, F, 1, bins): share of power that is not common
        common, own = ((share + SHARE_FLOOR).sqrt().repeat(1, 1, 1, 2) for share in (1 - own, own))
        gain = self.noise_gain(levels).repeat(1, 1, 1, 2)
        shaped: Tensor = gain * (common * noise[:, :, :1] + own * noise[:, :, 1:])
        return shaped

    def overlap_add(self, frames: Tensor, ringing: Tensor) -> tuple[Tensor, Tensor]:
        """frames (B, F, 2, window) added at their hops -> sound (B, 2, F * hop), frames that still ring."""
        count, hop = frames.shape[1], self.hop_samples
        full = torch.cat([ringing, frames], dim=1)
        last = self.codec.overlap - 1
        parts = [full[:, last - k : last - k + count, :, k * hop : (k + 1) * hop] for k in range(self.codec.overlap)]
        sound = torch.stack(parts).sum(0)  # (B, F, 2, hop)
        return sound.transpose(1, 2).flatten(2), full[:, count:]

    def decode(self, latents: Tensor, noise: Tensor, contacts: Tensor | None = None) -> Tensor:
        """A whole sequence from silence: (B, T, R) -> (B, 2, samples). `contacts` as in `forward`."""
        sound: Tensor = self(latents, noise, self.initial(latents.shape[0]), contacts)[0]
        return sound
