"""A bundle as they were before words: no grounds, places or feet. It still plays."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import walking_feet
from made_scenes import SceneMaker
from torch import Tensor, nn

from stereosync.bundle import Bundle, Forecast
from stereosync.clock import Clock
from stereosync.cue_spec import NUMBERS, CueSpec
from stereosync.sampler import SCHEDULES
from stereosync.scene import SceneFrame, ToldContact, ToldRoom, ToldScene
from stereosync_export.adapter import Settings
from stereosync_export.build import ExportOptions, build_bundle
from stereosync_export.graphs import Graph
from stereosync_runners.devices import load_runners
from stereosync_runners.forms import RunnerRequest
from stereosync_runtime.bundles import open_bundle
from stereosync_runtime.offline import render_tape
from stereosync_runtime.pipeline import Pipeline

DIM, BINS, TOKEN = 4, 18, 8
SPEC, CLOCK = CueSpec(), Clock()


class See(nn.Module):
    """numbers (B, C, N), present (B, C) -> tokens (B, C, D), forecast (B, C, K) of nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Linear(len(NUMBERS), TOKEN)

    def forward(self, numbers: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        tokens = self.token(numbers) * present.unsqueeze(-1)
        return tokens, 0 * tokens[:, :, :1].expand(-1, -1, BINS)


class Remember(nn.Module):
    """The newest tokens and the planned contacts, and what remains of earlier ones."""

    def forward(self, age_s: Tensor, tokens: Tensor, contacts: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        memory = 0.8 * memory + tokens.sum(1) + 3 * contacts.sum((1, 2)).unsqueeze(-1)
        return memory * torch.exp(-age_s).unsqueeze(-1), memory * 1.0


class Flow(nn.Module):
    def forward(self, z: Tensor, context: Tensor) -> Tensor:
        return z - torch.tanh(context[:, :DIM])


class Sound(nn.Module):
    def forward(self, latent: Tensor, noise: Tensor) -> Tensor:
        return (0.1 * latent[:, :2, None] * noise).clamp(-1, 1)


class EarlierAdapter:
    """As bundle schema 1.1 was used by the first models."""

    def graphs(self) -> list[Graph]:
        torch.manual_seed(0)
        numbers, present = torch.zeros(1, *SPEC.numbers_shape), torch.zeros(1, SPEC.max_characters)
        latent, memory = torch.zeros(1, DIM), torch.zeros(1, TOKEN)
        known = {"age_s": torch.zeros(1), "tokens": torch.zeros(1, SPEC.max_characters, TOKEN)}
        known |= {"contacts": torch.zeros(1, SPEC.max_characters, BINS), "memory": memory}
        context = torch.zeros(1, TOKEN)
        noise = torch.zeros(1, 2, CLOCK.samples_per_latent)
        return [
            Graph("cue_encoder", See().eval(), {"numbers": numbers, "present": present}, ("tokens", "forecast")),
            Graph("backbone", Remember(), known, ("context", "next_memory"), (("memory", "next_memory"),)),
            Graph("flow_head", Flow(), {"z": latent, "context": context}, ("velocity",)),
            Graph("decoder", Sound(), {"latent": latent, "noise": noise}, ("samples",)),
        ]

    def settings(self) -> Settings:
        forecast = Forecast(-0.06, 0.02)
        return Settings(CLOCK, SPEC, DIM, max_lead_s=0.2, schedules=SCHEDULES, forecast=forecast)

    def provenance(self) -> dict[str, Any]:
        return {}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("bundles") / "earlier"
    build_bundle(EarlierAdapter(), folder, ExportOptions(stream_s=0.2), say=lambda _text: None)
    return open_bundle(str(folder))


def sound(bundle: Bundle, frames: list[SceneFrame]) -> np.ndarray:
    pipeline = Pipeline(bundle, load_runners(bundle, RunnerRequest("cpu"), say=lambda _text: None), time.perf_counter)
    broken: list[int] = []
    made = render_tape(pipeline, bundle.cue_spec, frames, 1.0, watch=lambda chunk: broken.append(chunk.broken))
    assert sum(broken) == 0
    return np.asarray(made)


@pytest.fixture(scope="module")
def frames(scene: SceneMaker) -> list[SceneFrame]:
    return [scene(index / 30, index) for index in range(30)]


def told(frames: list[SceneFrame], **words: Any) -> list[SceneFrame]:
    return [replace(frame, boxes=tuple(replace(box, **words) for box in frame.boxes)) for frame in frames]


def test_it_knows_no_words(earlier: Bundle) -> None:
    assert (earlier.grounds, earlier.places) == ((), ())
    assert "feet" not in {tensor.name for tensor in earlier.graphs["cue_encoder"].inputs}


def test_what_it_cannot_be_told_changes_nothing(earlier: Bundle, frames: list[SceneFrame]) -> None:
    scene = ToldScene("rain", 0.7, ToldRoom(8.0, 0.5))
    grounds = [replace(frame, scene=scene) for frame in told(frames, surface="gravel")]
    plain = sound(earlier, frames)
    np.testing.assert_array_equal(sound(earlier, grounds), plain)
    assert plain.std() > 1e-3


def test_contacts_are_told_to_its_plan(earlier: Bundle, frames: list[SceneFrame]) -> None:
    stepping = told(frames, contacts=(ToldContact("left", 0.5, 0.8, "gravel"),))
    assert not np.array_equal(sound(earlier, stepping), sound(earlier, frames))


def test_contacts_of_told_feet_are_read_for_it(earlier: Bundle, frames: list[SceneFrame]) -> None:
    """By the rule, since it cannot look at feet itself."""
    walking = [
        told([frame], feet=walking_feet.feet(frame.capture_time_s + walking_feet.TURN_S / 2))[0] for frame in frames
    ]
    assert not np.array_equal(sound(earlier, walking), sound(earlier, frames))
