"""In step at the ear: a step that the engine tells is heard when the foot comes down, whatever device lies in between.

In simulated time, with a toy whose sound is the planned contacts themselves: each latent is as loud as a contact is
near to its beginning, so that the middle of what is heard around a step is the moment of the step.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import told_toy
from by_hand import RATE, Loop, Player, drain
from made_scenes import SceneAt, SceneMaker
from toy_graphs import Array, Arrays, Toy

from stereosync.scene import SceneFrame, ToldContact

STEP_S, FIRST_S, SECONDS = 0.53, 101.5, 8.0
AHEAD_S, AROUND_S = 0.35, 0.06
SETTLED_S = 2.0  # until then the buffer finds its size
LATENT = 960


def backbone(arrays: Arrays) -> dict[str, Array]:
    """How near each stream's contacts are to its latent, read between bins as the model does."""
    bins = (arrays["age_s"][:, None] - told_toy.FORECAST.start_s) / told_toy.FORECAST.step_s
    weights = np.maximum(1 - np.abs(bins - np.arange(told_toy.BINS)), 0)  # (B, K)
    near = (arrays["contacts"].max(axis=1) * weights).sum(axis=1, keepdims=True)  # (B, 1)
    context = np.repeat(near, 8, axis=1).astype(np.float32)
    return {"context": context, "memory_next": context}


def decoder(arrays: Arrays) -> dict[str, Array]:
    samples = np.broadcast_to(arrays["latent"].mean(axis=1)[:, None, None], (len(arrays["latent"]), 2, LATENT))
    return {"samples": samples.astype(np.float32), "overlap_next": arrays["overlap"]}


def clicking(toy: Toy) -> Toy:
    """The toy, which plays nothing but its contacts."""
    toy.bundle = replace(toy.bundle, sampler_noise=0.0)
    toy.runners["backbone"].function, toy.runners["decoder"].function = backbone, decoder
    toy.runners["flow_head"].function = lambda arrays: {"velocity": arrays["z"] - arrays["context"]}
    toy.runners["decoder"].cost_s = 0.004
    return toy


def steps_s(until_s: float) -> np.ndarray:
    return np.arange(FIRST_S, until_s, STEP_S)


def telling(scene: SceneAt) -> SceneAt:
    """A game that knows its steps ahead."""

    def frame(time_s: float, index: int) -> SceneFrame:
        shown = scene(time_s, index)
        ahead = [step_s for step_s in steps_s(time_s + AHEAD_S).tolist() if step_s > time_s]
        contacts = tuple(ToldContact("left", step_s) for step_s in ahead)
        return replace(shown, boxes=(replace(shown.boxes[0], contacts=contacts),))

    return frame


def late_s(player: Player, device_s: float, until_s: float) -> np.ndarray:
    """How much later than its foot each step was heard, behind a device."""
    sound = np.concatenate([chunk.samples[:, 0] for chunk in player.chunks])
    assert player.started_s is not None
    heard_s = player.started_s + np.arange(len(sound)) / RATE + device_s
    found = []
    for step_s in steps_s(until_s):
        if step_s < player.started_s + SETTLED_S:
            continue
        near = np.abs(heard_s - step_s) < AROUND_S + device_s
        assert sound[near].any(), step_s
        middle_s = np.average(heard_s[near], weights=sound[near]) - 0.5 * LATENT / RATE
        found.append(middle_s - step_s)
    return np.array(found)


@pytest.mark.parametrize("device_ms", [0.0, 40.0, 120.0])
@pytest.mark.parametrize("reports", [True, False])
def test_a_client_that_reports_its_device_is_in_step(
    telling_toy: Toy, scene: SceneMaker, device_ms: float, reports: bool
) -> None:
    loop = Loop(clicking(telling_toy), chunk_latents=1)
    (player,) = loop.players
    player.device_ms = device_ms if reports else 0.0
    drain(loop.run(SECONDS, telling(scene)))
    late_ms = 1000 * late_s(player, device_ms / 1000, 100.0 + SECONDS - 0.5)
    assert len(late_ms) >= 8
    assert np.median(late_ms) == pytest.approx(0.0 if reports else device_ms, abs=5)
    assert np.abs(late_ms - np.median(late_ms)).max() < 12
    assert loop.count("underruns") == loop.count("late_chunks") == 0


def test_a_device_does_not_change_what_waits_at_the_client(telling_toy: Toy, scene: SceneMaker) -> None:
    waiting = []
    for device_ms in (0.0, 120.0):
        loop = Loop(clicking(telling_toy), chunk_latents=1)
        loop.players[0].device_ms = device_ms
        drain(loop.run(SECONDS, telling(scene)))
        waiting.append(loop.players[0].received - loop.players[0].played())
    assert waiting[0] == pytest.approx(waiting[1], abs=2 * LATENT)


def test_a_device_that_flickers_is_smoothed_and_one_that_changes_is_followed(
    telling_toy: Toy, scene: SceneMaker
) -> None:
    loop = Loop(clicking(telling_toy), chunk_latents=1)
    (player,) = loop.players
    ages_s = []
    for index, _ in enumerate(loop.run(SECONDS, telling(scene))):
        player.device_ms = 40.0 + 10 * (-1) ** index + (80 if index > 150 else 0)
        ages_s.append(player.chunks[-1].age_s)
    settled, changed = np.array(ages_s[100:150]), np.array(ages_s[200:])
    assert np.median(changed) - np.median(settled) == pytest.approx(0.08, abs=0.015)
    assert np.ptp(settled) < 0.06  # the phase of frames and chunks, as without a device
