"""The four graphs of a bundle, declared once: module, named inputs and outputs, states. Export runs the declaration."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from stereosync_model.attack import NONE
from stereosync_model.backbone import FrameArrays
from stereosync_model.cue_encoder import Seen
from stereosync_model.model import Generator, Model

MOST_CONTACTS = 8  # of all characters, in the time of two latents


@dataclass(frozen=True)
class Graph:
    """A module with flat tensors in and out. `states` pairs state inputs with the outputs that replace them.

    `batched`: the module takes any number of streams along the first dimension, and mixes none with another.
    `trimmed`: inputs whose second dimension, the characters, may be shorter: empty slots at its end are left out.
    """

    name: str
    module: nn.Module
    inputs: dict[str, Tensor]  # name -> example of one stream, whose shape and dtype are the signature
    outputs: tuple[str, ...]
    states: tuple[tuple[str, str], ...] = ()
    batched: bool = True
    trimmed: tuple[str, ...] = ()

    def run(self, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """The module on named tensors, as a runner would run the graph."""
        with torch.no_grad():
            made = self.module(*(inputs[name] for name in self.inputs))
        made = made if isinstance(made, tuple) else (made,)
        return dict(zip(self.outputs, made, strict=True))


class CueEncoderGraph(nn.Module):
    """Cue arrays to everything that later graphs need to know of a frame.

    `crops`, `numbers`, `tracks` and `feet` may leave out slots at the end in which nobody is; `present` has them all.
    """

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(
        self, picture: Tensor, crops: Tensor, numbers: Tensor, tracks: Tensor, feet: Tensor, present: Tensor
    ) -> tuple[Tensor, ...]:
        # TensorRT takes bytes as inputs only where a cast follows at once
        seen: Seen = self.generator.cue_encoder(picture.float(), crops.float(), numbers, tracks, feet)
        slots = present.shape[1]
        forecast, grounds, force, placement = (
            filled_up(part, slots)
            for part in (seen.forecast.sigmoid(), seen.grounds.softmax(-1), seen.force, seen.placement)
        )
        return forecast, grounds, force, seen.place_array(), seen.room_array(), placement, present * 1.0


def filled_up(part: Tensor, slots: int) -> Tensor:
    """Characters that were left out at the end (B, C, ...) as zeros (B, slots, ...); nobody looks at who is absent."""
    if part.shape[1] == slots:
        return part
    return torch.cat([part, part.new_zeros(part.shape[0], slots, part.shape[2])], dim=1)[:, :slots]


class BackboneGraph(nn.Module):
    """One latent's context."""

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.backbone = generator.backbone

    def forward(
        self,
        age_s: Tensor,
        grounds: Tensor,
        force: Tensor,
        place: Tensor,
        room: Tensor,
        placement: Tensor,
        character_present: Tensor,
        contacts: Tensor,
        window: Tensor,
        filled: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        arrays = FrameArrays(
            contacts[:, None],
            grounds[:, None],
            force[:, None],
            place[:, None],
            room[:, None],
            placement[:, None],
            character_present[:, None],
        )
        context, window, filled = self.backbone.step(arrays, age_s, window, filled)
        return context, window, filled


class DecoderGraph(nn.Module):
    """One latent to its samples, sharp where feet come down."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.decoder = model.decoder

    def forward(
        self,
        latent: Tensor,
        noise: Tensor,
        contact_samples: Tensor,
        latent_history: Tensor,
        frame_history: Tensor,
        ringing: Tensor,
        loudness: Tensor,
    ) -> tuple[Tensor, ...]:
        history = (latent_history, frame_history, ringing, loudness)
        samples, history = self.decoder(latent[:, None], noise, history, contact_samples)
        return samples, *history


def declare(model: Model) -> list[Graph]:
    """The graphs of `model`, in the order in which the pipeline runs them."""
    cue_encoder = _cue_encoder(model)
    backbone = _backbone(model, cue_encoder)
    return [cue_encoder, backbone, _flow_head(model), _decoder(model)]


def _cue_encoder(model: Model) -> Graph:
    spec = model.config.cue_spec
    inputs = {
        "picture": torch.zeros(1, *spec.picture_shape, dtype=torch.uint8),
        "crops": torch.zeros(1, *spec.crops_shape, dtype=torch.uint8),
        "numbers": torch.zeros(1, *spec.numbers_shape),
        "tracks": torch.zeros(1, *spec.tracks_shape),
        "feet": torch.zeros(1, *spec.feet_shape),
        "present": torch.zeros(1, spec.max_characters),
    }
    outputs = ("forecast", "grounds", "force", "place", "room", "placement", "character_present")
    trimmed = ("crops", "numbers", "tracks", "feet")
    return Graph("cue_encoder", CueEncoderGraph(model.generator), inputs, outputs, trimmed=trimmed)


def _backbone(model: Model, cue_encoder: Graph) -> Graph:
    window, filled = model.generator.backbone.initial(1)
    inputs = {"age_s": torch.zeros(1)}
    inputs |= cue_encoder.run(cue_encoder.inputs)
    inputs["contacts"] = torch.zeros_like(inputs.pop("forecast"))
    inputs |= {"window": window, "filled": filled}
    states = (("window", "next_window"), ("filled", "next_filled"))
    outputs = ("context", *(output for _, output in states))
    return Graph("backbone", BackboneGraph(model.generator), inputs, outputs, states)


def _flow_head(model: Model) -> Graph:
    inputs = {
        "z": torch.zeros(1, model.config.codec.components),
        "r": torch.zeros(1),
        "t": torch.ones(1),
        "context": torch.zeros(1, model.generator.backbone.context_dim),
    }
    return Graph("flow_head", model.generator.flow_head, inputs, ("velocity",))


def _decoder(model: Model) -> Graph:
    names = ("latent_history", "frame_history", "ringing", "loudness")
    inputs = {
        "latent": torch.zeros(1, model.config.codec.components),
        "noise": torch.zeros(1, *model.decoder.noise_shape(1)),
        "contact_samples": torch.full((1, MOST_CONTACTS), NONE),
    }
    inputs |= dict(zip(names, model.decoder.initial(1), strict=True))
    states = tuple((name, f"next_{name}") for name in names)
    return Graph("decoder", DecoderGraph(model), inputs, ("samples", *(output for _, output in states)), states)
