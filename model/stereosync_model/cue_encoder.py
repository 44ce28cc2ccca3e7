"""Cue encoder: what a frame shows, as tokens. Runs once per frame.

Eight tokens for the picture's regions, one for the whole, one per character. Each character also gets a contact
forecast: how likely a foot comes down in each 20 ms from shortly before the frame to 0.3 s after it. That is what lets
the sound be made ahead of the picture.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from stereosync.cues import CROP_CHANNELS, NUMBERS, PICTURE_CHANNELS, TRACK_CHANNELS
from stereosync_model.config import ModelConfig
from stereosync_model.layers import fourier

GRID = (2, 4)  # rows and columns of regions
LEGS = slice(TRACK_CHANNELS.index("leg_spread"), TRACK_CHANNELS.index("leg_motion") + 1)
PLACED = (0, 1, 2)  # azimuth, elevation and log distance of NUMBERS get Fourier features
PLACEMENT = tuple(
    NUMBERS.index(name) for name in ("azimuth_rad", "azimuth_rad_per_s", "log_distance", "log_distance_per_s")
)
FREQUENCIES = (2.0, 4.0, 8.0, 16.0)


class CueTokens(NamedTuple):
    """Tokens of one frame: picture (B, 8, D), whole (B, D), characters (B, C, D), forecast logits (B, C, K).

    placement (B, C, 4): where each character is and how that changes, as `PLACEMENT` names it.
    """

    picture: Tensor
    whole: Tensor
    characters: Tensor
    forecast: Tensor
    placement: Tensor


class PictureEncoder(nn.Module):
    """(B, 7, 72, 128) uint8 -> region tokens (B, 8, D) and a whole-picture token (B, D)."""

    def __init__(self, token_dim: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(len(PICTURE_CHANNELS), 40, 4, stride=4),  # (B, 40, 18, 32)
            nn.GELU(),
            nn.Conv2d(40, 72, 3, stride=2, padding=1),  # (B, 72, 9, 16)
            nn.GELU(),
            nn.Conv2d(72, 112, (5, 4), stride=4),  # (B, 112, 2, 4)
            nn.GELU(),
        )
        regions = GRID[0] * GRID[1]
        self.region = nn.Linear(112, token_dim)
        self.position = nn.Parameter(torch.randn(regions, token_dim) * 0.02)
        self.whole = nn.Sequential(
            nn.Linear(token_dim * regions, token_dim), nn.GELU(), nn.Linear(token_dim, token_dim)
        )

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        x = self.layers(picture.float() / 127.5 - 1)
        regions = self.region(x.flatten(2).transpose(1, 2)) + self.position
        return regions, self.whole(nn.functional.gelu(regions).flatten(1))


def track_lines(track: Tensor) -> tuple[Tensor, Tensor]:
    """How a box breathes and its legs move: (M, K, 9) -> (M, K, 32) and the means over the track (M, 5).

    The gait is a small ripple on a large drift. Widths, heights and legs are taken against their mean over the track,
    and they and the edges as first and second differences, at scales of about one, before any low-precision product
    can drown them.
    """
    known = track[..., -1:]  # (M, K, 1)
    left, top, right, bottom = (track[..., i] for i in range(4))
    shape = (
        torch.cat([torch.stack([right - left, bottom - top], dim=-1), track[..., LEGS]], dim=-1) * known
    )  # (M, K, 5)
    edges = torch.stack([left, top, right, bottom], dim=-1) * known  # (M, K, 4)
    mean = shape.sum(1, keepdim=True) / known.sum(1, keepdim=True).clamp(min=1)
    lines = torch.cat([shape, edges], dim=-1)
    first = (lines[:, :-1] - lines[:, 1:]) * known[:, 1:]
    second = (first[:, :-1] - first[:, 1:]) * known[:, 2:]
    changes = (nn.functional.pad(first * 10, (0, 0, 0, 1)), nn.functional.pad(second * 20, (0, 0, 0, 2)))
    return torch.cat([(shape - mean) * known * 5, *changes, track], dim=-1), mean[:, 0]


class TrackEncoder(nn.Module):
    """A track (M, K, 9) -> (M, width). Convolutions over time: a step looks the same whenever it was taken."""

    LINES, MEANS, REDUCTION = 23 + len(TRACK_CHANNELS), 5, 4  # as `track_lines` gives them

    def __init__(self, steps: int, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(self.LINES, 64, 5, padding=2),
            nn.GELU(),
            nn.Conv1d(64, 96, 5, stride=2, padding=2),
            nn.GELU(),
            nn.Conv1d(96, 128, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Flatten(),
        )
        self.join = nn.Sequential(nn.Linear(128 * (-(-steps // self.REDUCTION)) + self.MEANS, width), nn.GELU())

    def forward(self, track: Tensor) -> Tensor:
        lines, mean = track_lines(track)
        features = self.layers(lines.transpose(1, 2))
        joined: Tensor = self.join(torch.cat([features, mean.to(features.dtype)], dim=-1))
        return joined


class CharacterEncoder(nn.Module):
    """One character's crop (B, 5, 32, 32), numbers (B, 10) and track (B, 32, 9) -> token (B, D)."""

    frequencies: Tensor  # (F,)

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        spec, dim = config.cue_spec, config.generator.token_dim
        side = spec.crop_px // 8
        self.crop = nn.Sequential(
            nn.Conv2d(len(CROP_CHANNELS), 24, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Conv2d(24, 48, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Conv2d(48, 64, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Flatten(),
            nn.Linear(64 * side * side, dim),
        )
        self.register_buffer("frequencies", torch.tensor(FREQUENCIES), persistent=False)
        self.track = TrackEncoder(spec.track_steps, 2 * dim)
        numbers = len(NUMBERS) + 2 * len(FREQUENCIES) * len(PLACED)
        self.join = nn.Sequential(
            nn.Linear(dim + 2 * dim + numbers, 2 * dim),
            nn.GELU(),
            nn.Linear(2 * dim, 2 * dim),
            nn.GELU(),
            nn.Linear(2 * dim, dim),
        )
        self.place = nn.Linear(numbers, dim)  # where the character is goes into its token directly
        nn.init.zeros_(self.place.weight)
        nn.init.zeros_(self.place.bias)

    def forward(self, crop: Tensor, numbers: Tensor, track: Tensor) -> Tensor:
        placed = torch.cat([numbers, fourier(numbers[:, : len(PLACED)], self.frequencies).flatten(1)], dim=-1)
        parts = [self.crop(crop.float() / 127.5 - 1), self.track(track), placed]
        joined = self.join(torch.cat([part.to(parts[0].dtype) for part in parts], dim=-1))
        token: Tensor = joined + self.place(placed)
        return token


class CueEncoder(nn.Module):
    """Cue arrays of one frame to `CueTokens`.

    `ahead` sees when feet come down, `character` everything else: a forecast that is trained on does not move the
    tokens from which the generator has learned.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        dim = config.generator.token_dim
        self.picture = PictureEncoder(dim)
        self.character, self.ahead = CharacterEncoder(config), CharacterEncoder(config)
        inner, outer = nn.Linear(dim, dim), nn.Linear(dim, config.generator.forecast_steps)
        nn.init.constant_(outer.bias, -3.0)
        self.forecast = nn.Sequential(inner, nn.GELU(), outer)
        self.generator = config.generator

    def bin_of(self, ahead_s: float) -> int:
        """The forecast's bin for a moment this long after the frame."""
        return round((ahead_s - self.generator.forecast_start_s) / self.generator.forecast_step_s)

    placement = PLACEMENT  # columns of the numbers that travel with the tokens

    def characters(self, crops: Tensor, numbers: Tensor, tracks: Tensor) -> tuple[Tensor, Tensor]:
        """crops (M, 5, S, S), numbers (M, 10), tracks (M, K, 9) -> tokens (M, D), forecast logits (M, K)."""
        return self.character(crops, numbers, tracks), self.forecast(self.ahead(crops, numbers, tracks))

    def forward(self, picture: Tensor, crops: Tensor, numbers: Tensor, tracks: Tensor) -> CueTokens:
        """Shapes as in `stereosync.cues.Cues`, with a batch in front."""
        batch, characters = crops.shape[:2]
        regions, whole = self.picture(picture)
        token, forecast = self.characters(crops.flatten(0, 1), numbers.flatten(0, 1), tracks.flatten(0, 1))
        return CueTokens(
            regions,
            whole,
            token.reshape(batch, characters, -1),
            forecast.reshape(batch, characters, -1),
            numbers[..., PLACEMENT],
        )
