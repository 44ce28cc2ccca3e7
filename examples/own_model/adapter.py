"""A model that is not StereoSync's, made into a bundle: a tick for every box, on the box's side.

It is small enough to read: two linear layers, a leaky memory, a decaying burst of noise. What matters is how it is told
to `stereosync-export`: four modules with named inputs and outputs, and how the runtime is to drive them. Run this file
to write its checkpoint, `ticks.pt`, then see docs/own-model.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from stereosync.clock import Clock
from stereosync.cue_spec import NUMBERS, CueSpec
from stereosync.sampler import SCHEDULES
from stereosync_export.adapter import Settings
from stereosync_export.graphs import Graph

LATENT_DIM = 4  # loudness left and right, and two that are spare
KEPT = 0.9  # of the memory, from latent to latent


class See(nn.Module):
    """numbers (B, C, N), present (B, C) -> where and how near the characters are (B, 8)."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = nn.Linear(len(NUMBERS), 8)

    def forward(self, numbers: Tensor, present: Tensor) -> Tensor:
        out: Tensor = (self.seen(numbers) * present.unsqueeze(-1)).sum(1)
        return out


class Remember(nn.Module):
    """A leaky memory of what was seen: seen (B, 8), age_s (B,), memory (B, 8) -> context (B, 8), next memory."""

    def forward(self, seen: Tensor, age_s: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        memory = KEPT * memory + (1 - KEPT) * seen
        return memory * torch.exp(-age_s).unsqueeze(-1), memory * 1.0


class Flow(nn.Module):
    """A straight flow to what the context says: the velocity is z less the target."""

    def __init__(self) -> None:
        super().__init__()
        self.target = nn.Linear(8, LATENT_DIM)

    def forward(self, z: Tensor, context: Tensor) -> Tensor:
        return z - torch.tanh(self.target(context))


class Sound(nn.Module):
    """latent (B, D), noise (B, 2, n), ringing (B, 2, 1) -> samples (B, 2, n), next ringing."""

    fade: Tensor  # (n,)

    def __init__(self, samples: int) -> None:
        super().__init__()
        self.register_buffer("fade", torch.linspace(0, 1, samples))

    def forward(self, latent: Tensor, noise: Tensor, ringing: Tensor) -> tuple[Tensor, Tensor]:
        loudness = latent[:, :2].abs().unsqueeze(-1)  # (B, 2, 1)
        level = ringing + (loudness - ringing) * self.fade
        return (0.1 * level * noise).clamp(-1, 1), loudness * 1.0


class Ticks(nn.Module):
    """The whole model."""

    def __init__(self) -> None:
        super().__init__()
        self.see, self.remember, self.flow = See(), Remember(), Flow()
        self.sound = Sound(Clock().samples_per_latent)


class TicksAdapter:
    """The adapter that export reads."""

    def __init__(self, model: Ticks) -> None:
        self.model = model.eval()

    @classmethod
    def load(cls, checkpoint: Path) -> TicksAdapter:
        model = Ticks()
        model.load_state_dict(torch.load(checkpoint, weights_only=True))
        return cls(model)

    def graphs(self) -> list[Graph]:
        spec, clock, model = CueSpec(), Clock(), self.model
        numbers, present = torch.zeros(1, *spec.numbers_shape), torch.zeros(1, spec.max_characters)
        seen, noise = torch.zeros(1, 8), torch.zeros(1, 2, clock.samples_per_latent)
        memory = {"seen": seen, "age_s": torch.zeros(1), "memory": torch.zeros(1, 8)}
        latent = torch.zeros(1, LATENT_DIM)
        sound = {"latent": latent, "noise": noise, "ringing": torch.zeros(1, 2, 1)}
        return [
            Graph("cue_encoder", model.see, {"numbers": numbers, "present": present}, ("seen",)),
            Graph("backbone", model.remember, memory, ("context", "next_memory"), (("memory", "next_memory"),)),
            Graph("flow_head", model.flow, {"z": latent, "context": seen}, ("velocity",)),
            Graph("decoder", model.sound, sound, ("samples", "next_ringing"), (("ringing", "next_ringing"),)),
        ]

    def settings(self) -> Settings:
        return Settings(Clock(), CueSpec(), LATENT_DIM, max_lead_s=0.2, schedules=SCHEDULES, version="1")

    def provenance(self) -> dict[str, Any]:
        return {"model": "ticks", "trained": False}


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.save(Ticks().state_dict(), "ticks.pt")
