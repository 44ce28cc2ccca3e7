"""Cue encoder: what a frame shows, as the arrays of `backbone.FrameArrays`. Runs once per frame.

Each character gets a contact forecast, how likely a foot comes down in each 20 ms from shortly before the frame to
0.3 s after it, which lets the sound be made ahead of the picture; chances of the grounds that it may walk on; and how
hard it treads. The whole picture gives the place and its room. Where the engine tells feet, the forecast is read from
them.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from stereosync.cues import CROP_CHANNELS, FEET_CHANNELS, NUMBERS, PICTURE_CHANNELS, TRACK_CHANNELS
from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_model.config import ModelConfig
from stereosync_model.layers import fourier

QUIET_FROM = 0.5  # chance of the quiet place
GRID = (2, 4)  # rows and columns of regions
TOLD = FEET_CHANNELS.index("told")
LEGS = slice(TRACK_CHANNELS.index("leg_spread"), TRACK_CHANNELS.index("leg_motion") + 1)
PLACED = (0, 1, 2)  # azimuth, elevation and log distance of NUMBERS get Fourier features
PLACEMENT = tuple(
    NUMBERS.index(name) for name in ("azimuth_rad", "azimuth_rad_per_s", "log_distance", "log_distance_per_s")
)
FREQUENCIES = (2.0, 4.0, 8.0, 16.0)


class Seen(NamedTuple):
    """The cue encoder's outputs for one frame, before any squashing: forecast (B, C, K) and grounds (B, C, G) logits,
    force (B, C, 1) octaves, place (B, 1 + P) logits with the quiet place first, surroundings (B, 3): amount and
    hardness as logits, log(1 + room size). placement (B, C, 4) is as `PLACEMENT` names it."""

    forecast: Tensor
    grounds: Tensor
    force: Tensor
    place: Tensor
    surroundings: Tensor
    placement: Tensor

    def place_array(self) -> Tensor:
        """Chances of `PLACES`, then the amount: (B, P + 1). All zero where the place is more likely quiet than not.

        What is half believed would be half heard.
        """
        chances = self.place.softmax(-1)
        heard = (chances[:, :1] < QUIET_FROM).to(chances.dtype)
        amount = self.surroundings[:, :1].sigmoid() * (1 - chances[:, :1])
        return torch.cat([chances[:, 1:], amount], dim=-1) * heard

    def room_array(self) -> Tensor:
        """Log(1 + size in metres), hardness: (B, 2)."""
        size, hardness = self.surroundings[:, 2:], self.surroundings[:, 1:2].sigmoid()
        return torch.cat([size.clamp(min=0.0), hardness], dim=-1)


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
    """Changes of a box, its legs and its clearance over a track: (M, K, 9 + E) -> (M, K, 32 + 2 E) and the means over
    the track (M, 5 + E).

    The gait is a small ripple on a large drift. Widths, heights and legs are taken against their mean over the track,
    and they and the edges as first and second differences, at scales of about one, before any low-precision product
    can drown them; the clearance against its mean, and its first differences.
    """
    box, clearance = track[..., : len(TRACK_CHANNELS)], track[..., len(TRACK_CHANNELS) :]
    known = box[..., -1:]  # (M, K, 1)
    left, top, right, bottom = (box[..., i] for i in range(4))
    shape = torch.cat([torch.stack([right - left, bottom - top], dim=-1), box[..., LEGS]], dim=-1) * known  # (M, K, 5)
    edges = torch.stack([left, top, right, bottom], dim=-1) * known  # (M, K, 4)
    count = known.sum(1, keepdim=True).clamp(min=1)
    mean, middle = shape.sum(1, keepdim=True) / count, clearance.sum(1, keepdim=True) / count
    lines = torch.cat([shape, edges], dim=-1)
    first = (lines[:, :-1] - lines[:, 1:]) * known[:, 1:]
    second = (first[:, :-1] - first[:, 1:]) * known[:, 2:]
    nearer = (clearance[:, :-1] - clearance[:, 1:]) * known[:, 1:]
    changes = (nn.functional.pad(first * 10, (0, 0, 0, 1)), nn.functional.pad(second * 20, (0, 0, 0, 2)))
    feet = ((clearance - middle) * known * 4, nn.functional.pad(nearer * 8, (0, 0, 0, 1)))
    made = torch.cat([(shape - mean) * known * 5, *changes, box, *feet], dim=-1)
    return made, torch.cat([mean, middle], dim=-1)[:, 0]


class TrackEncoder(nn.Module):
    """A track (M, K, 9 + clearance) -> (M, width). Convolutions over time: a step looks the same whenever it was
    taken."""

    LINES, MEANS, REDUCTION = 23 + len(TRACK_CHANNELS), 5, 4  # as `track_lines` gives them without clearance

    def __init__(self, steps: int, width: int, clearance: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(self.LINES + 2 * clearance, 64, 5, padding=2),
            nn.GELU(),
            nn.Conv1d(64, 96, 5, stride=2, padding=2),
            nn.GELU(),
            nn.Conv1d(96, 128, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Flatten(),
        )
        features = 128 * (-(-steps // self.REDUCTION)) + self.MEANS + clearance
        self.join = nn.Sequential(nn.Linear(features, width), nn.GELU())

    def forward(self, track: Tensor) -> Tensor:
        lines, mean = track_lines(track)
        features = self.layers(lines.transpose(1, 2))
        joined: Tensor = self.join(torch.cat([features, mean.to(features.dtype)], dim=-1))
        return joined


class CropEncoder(nn.Module):
    """Crops (M, 5, S, S) uint8 -> (M, D)."""

    def __init__(self, crop_px: int, dim: int) -> None:
        super().__init__()
        side = crop_px // 8
        self.layers = nn.Sequential(
            nn.Conv2d(len(CROP_CHANNELS), 24, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Conv2d(24, 48, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Conv2d(48, 64, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Flatten(),
            nn.Linear(64 * side * side, dim),
        )

    def forward(self, crops: Tensor) -> Tensor:
        out: Tensor = self.layers(crops.float() / 127.5 - 1)
        return out


class CharacterEncoder(nn.Module):
    """Numbers (M, 10) and tracks (M, K, 9 + E) of characters to tokens (M, D): with what their crops tell (M, D), or
    with the clearance among their tracks."""

    frequencies: Tensor  # (F,)

    def __init__(self, config: ModelConfig, crops: bool) -> None:
        super().__init__()
        spec, dim = config.cue_spec, config.generator.token_dim
        self.register_buffer("frequencies", torch.tensor(FREQUENCIES), persistent=False)
        self.channels = len(TRACK_CHANNELS) if crops else spec.tracks_shape[-1]
        self.track = TrackEncoder(spec.track_steps, 2 * dim, self.channels - len(TRACK_CHANNELS))
        numbers = len(NUMBERS) + 2 * len(FREQUENCIES) * len(PLACED)
        self.join = nn.Sequential(
            nn.Linear(dim * crops + 2 * dim + numbers, 2 * dim),
            nn.GELU(),
            nn.Linear(2 * dim, 2 * dim),
            nn.GELU(),
            nn.Linear(2 * dim, dim),
        )
        self.place = nn.Linear(numbers, dim)  # where the character is goes into its token directly
        nn.init.zeros_(self.place.weight)
        nn.init.zeros_(self.place.bias)

    def forward(self, numbers: Tensor, tracks: Tensor, *crops: Tensor) -> Tensor:
        placed = torch.cat([numbers, fourier(numbers[:, : len(PLACED)], self.frequencies).flatten(1)], dim=-1)
        read = self.track(tracks[..., : self.channels])
        joined = self.join(torch.cat([*crops, read, placed.to(read.dtype)], dim=-1))
        token: Tensor = joined + self.place(placed)
        return token


class FeetEncoder(nn.Module):
    """Told feet of late (M, K, 8) -> forecast logits (M, F). Convolutions over time, as for the box's track."""

    SCALE = (5.0, 0.5, 0.5, 5.0, 0.5, 0.5, 2.0, 1.0)  # of `FEET_CHANNELS`, to about one
    REDUCTION = 4
    scale: Tensor  # (8,)

    def __init__(self, steps: int, bins: int) -> None:
        super().__init__()
        self.register_buffer("scale", torch.tensor(self.SCALE), persistent=False)
        self.layers = nn.Sequential(
            nn.Conv1d(len(FEET_CHANNELS), 64, 5, padding=2),
            nn.GELU(),
            nn.Conv1d(64, 96, 5, stride=2, padding=2),
            nn.GELU(),
            nn.Conv1d(96, 96, 3, stride=2, padding=1),
            nn.GELU(),
            nn.Flatten(),
            nn.Linear(96 * -(-steps // self.REDUCTION), 192),
            nn.GELU(),
            _rare(nn.Linear(192, bins)),
        )

    def forward(self, feet: Tensor) -> Tensor:
        out: Tensor = self.layers((feet * self.scale).transpose(1, 2))
        return out


def _rare(layer: nn.Linear) -> nn.Linear:
    """A layer whose logits begin as those of something that seldom happens."""
    nn.init.constant_(layer.bias, -3.0)
    return layer


def _head(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, inputs), nn.GELU(), nn.Linear(inputs, outputs))


class CueEncoder(nn.Module):
    """Cue arrays of one frame to `Seen`.

    `ahead` sees when feet come down, from boxes and clearance over time; `character` on what and how hard, from crops
    too: a forecast that is trained on does not move the others. `feet` forecasts from told feet, and then wins over
    `ahead`.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        dim, bins = config.generator.token_dim, config.generator.forecast_steps
        self.picture = PictureEncoder(dim)
        self.crop = CropEncoder(config.cue_spec.crop_px, dim)
        self.character, self.ahead = CharacterEncoder(config, crops=True), CharacterEncoder(config, crops=False)
        self.forecast = nn.Sequential(nn.Linear(dim, dim), nn.GELU(), _rare(nn.Linear(dim, bins)))
        self.feet = FeetEncoder(config.cue_spec.track_steps, bins)
        self.grounds, self.force = _head(2 * dim, len(GROUNDS)), _head(dim, 1)
        self.place, self.surroundings = _head(dim, 1 + len(PLACES)), _head(dim, 3)
        self.generator = config.generator

    def bin_of(self, ahead_s: float) -> int:
        """The forecast's bin for a moment this long after the frame."""
        return round((ahead_s - self.generator.forecast_start_s) / self.generator.forecast_step_s)

    def foreseen(self, numbers: Tensor, tracks: Tensor) -> Tensor:
        """Forecast logits (M, F) from what is seen: numbers (M, 10), tracks (M, K, 9 and clearance)."""
        made: Tensor = self.forecast(self.ahead(numbers, tracks))
        return made

    def trodden(self, crops: Tensor, numbers: Tensor, tracks: Tensor, whole: Tensor) -> tuple[Tensor, Tensor]:
        """Ground logits (M, G) and force (M, 1) of characters in pictures whose tokens are whole (M, D)."""
        token = self.character(numbers, tracks, self.crop(crops))
        return self.grounds(torch.cat([token, whole.to(token.dtype)], dim=-1)), self.force(token)

    def forward(self, picture: Tensor, crops: Tensor, numbers: Tensor, tracks: Tensor, feet: Tensor) -> Seen:
        """Shapes as in `stereosync.cues.Cues`, with a batch in front."""
        batch, characters = crops.shape[:2]
        _, whole = self.picture(picture)
        every = whole.unsqueeze(1).expand(batch, characters, whole.shape[-1]).flatten(0, 1)
        crops, numbers_of, tracks = (part.flatten(0, 1) for part in (crops, numbers, tracks))
        grounds, force = self.trodden(crops, numbers_of, tracks, every)
        told = feet[:, :, 0, TOLD].unsqueeze(-1)  # (B, C, 1): 1 where the newest moment is told
        seen = self.foreseen(numbers_of, tracks).reshape(batch, characters, -1)
        from_feet = self.feet(feet.flatten(0, 1)).reshape(batch, characters, -1)
        return Seen(
            told * from_feet + (1 - told) * seen,
            grounds.reshape(batch, characters, -1),
            force.reshape(batch, characters, -1),
            self.place(whole),
            self.surroundings(whole),
            numbers[..., PLACEMENT],
        )
