"""The whole model: codec decoder and generator, offline and streaming."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.backbone import Backbone, FrameTokens
from stereosync_model.codec import Decoder
from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import CueEncoder, CueTokens
from stereosync_model.flow_head import FlowHead
from stereosync_model.patches import Patches


class Generator(nn.Module):
    """Cue encoder, backbone and flow head: frames to latents.

    `noise_shares` (M, R): how much of the power of the sampler's noise lasts for each of `noise_memory_s`.
    """

    noise_shares: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        shares = torch.zeros(len(config.generator.noise_memory_s), config.codec.components)
        self.register_buffer("noise_shares", shares)
        self.cue_encoder = CueEncoder(config)
        self.backbone = Backbone(config)
        self.flow_head = FlowHead(config)

    def frame(self, tokens: CueTokens, contacts: Tensor, present: Tensor) -> FrameTokens:
        """Cue tokens of one frame (B, ...), contacts (B, C, K) and present (B, C) -> what the backbone takes, with a
        step axis of 1."""
        every = joined(tokens.picture, tokens.whole, tokens.characters)
        keys, values = self.backbone.keys_values(every)
        return FrameTokens(
            keys=tuple(key[:, None] for key in keys),
            values=tuple(value[:, None] for value in values),
            absent=absent(present, every.shape[1])[:, None],
            whole=tokens.whole[:, None],
            characters=tokens.characters[:, None],
            contacts=contacts[:, None],
            placement=tokens.placement[:, None],
            present=present[:, None],
        )


def joined(picture: Tensor, whole: Tensor, characters: Tensor) -> Tensor:
    """All tokens of a frame in one row: (B, 8, D), (B, D), (B, C, D) -> (B, 9 + C, D)."""
    return torch.cat([picture, whole.unsqueeze(-2), characters], dim=-2)


def absent(present: Tensor, tokens: int) -> Tensor:
    """1 where a token may not be looked at: present (..., C) -> (..., tokens), the characters last."""
    return nn.functional.pad(1 - present, (tokens - present.shape[-1], 0))


class Model(nn.Module):
    """What a checkpoint holds and export reads. `patches` is the codec's encoder; the decoder reads its bases too."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.patches = Patches(config)
        self.decoder = Decoder(config, self.patches)
        self.generator = Generator(config)
