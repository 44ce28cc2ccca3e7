"""The whole model: codec decoder and generator, offline and streaming."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from stereosync_model.backbone import Backbone
from stereosync_model.codec import Decoder
from stereosync_model.config import ModelConfig
from stereosync_model.cue_encoder import CueEncoder
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


class Model(nn.Module):
    """The networks of a checkpoint. `patches` is the codec's encoder; the decoder reads its bases too."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.patches = Patches(config)
        self.decoder = Decoder(config, self.patches)
        self.generator = Generator(config)
