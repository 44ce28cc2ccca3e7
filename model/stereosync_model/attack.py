"""The attack of steps: what rises in a frame that a contact falls into begins at the contact.

A frame of the decoder is 15 ms long and as loud at its beginning as at its end, so that a step would sound before its
foot is down and rise slowly. That part by which such a frame is louder than the last one before the step is made silent
before the contact and fades from it on, with the energy that it had. After temporal noise shaping (Herre and Johnston,
"Enhancing the performance of perceptual audio coders by using temporal noise shaping", AES 101, 1996), which shapes the
frames of a transform likewise; here the contact is known, so that no envelope is sent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

RAMP_S = 0.0005  # of the rise: no click
FADE_S = 0.0025
LOUDEST_GAIN = 3.0  # a contact at the end of a frame would take all its energy
NONE = -1.0  # no contact
SILENT = 1e-6  # energy or amplitude that is as good as none, and not yet zero in half precision


class Attack(nn.Module):
    """Windows for the frames of steps. B streams, F frames, each of `overlap` hops."""

    taper: Tensor  # (window,): share of a frame's energy at each of its samples

    def __init__(self, hop_samples: int, overlap: int, sample_rate_hz: int) -> None:
        super().__init__()
        self.hop_samples, self.overlap = hop_samples, overlap
        self.ramp_samples, self.fade_samples = RAMP_S * sample_rate_hz, FADE_S * sample_rate_hz
        energy = torch.hann_window(hop_samples * overlap).square()
        self.register_buffer("taper", energy / energy.sum(), persistent=False)

    def places(self, contacts: Tensor, frames: int) -> Tensor:
        """Contacts (B, M), in samples from the beginning of the first frame, to the place (B, F) of the last one in
        each frame, in samples from its beginning; -1: no foot comes down in it."""
        starts = self.hop_samples * torch.arange(frames, device=contacts.device)
        places = contacts.unsqueeze(1) - starts.unsqueeze(1)  # (B, F, M)
        inside = (places >= 0) & (places < len(self.taper))
        return torch.where(inside, places, NONE).amax(-1)

    def windows(self, places: Tensor) -> Tensor:
        """Gain (B, F, window) of what rises in each frame, by the place (B, F) of its contact; 1 where it has none."""
        since = torch.arange(len(self.taper), device=places.device) - places.unsqueeze(-1)
        shape = (since / self.ramp_samples).clamp(0, 1) * (-since.clamp(min=0) / self.fade_samples).exp()
        kept = (shape.square() * self.taper).sum(-1, keepdim=True)
        gain = (shape * (kept + SILENT).rsqrt()).clamp(max=LOUDEST_GAIN)
        return torch.where(places.unsqueeze(-1) < 0, 1.0, gain)

    def rises(self, loudness: Tensor, earlier: Tensor, places: Tensor) -> Tensor:
        """Share (B, F, bins) by which each frame is louder than the last one before the first with its contact.

        Args:
            loudness: amplitudes (B, F, bins) of the frames, not negative.
            earlier: those (B, overlap, bins) of the frames before them.
            places: (B, F), of contacts in the frames.
        """
        frames = loudness.shape[1]
        every = torch.cat([earlier, loudness], dim=1)
        before = every[:, :frames]  # a contact in a frame's first hop is in the two frames before it as well
        for hop in range(1, self.overlap):
            later = (places >= hop * self.hop_samples).unsqueeze(-1)
            before = torch.where(later, every[:, hop : hop + frames], before)
        return 1 - (before / loudness.clamp(min=SILENT)).clamp(max=1)
