"""Scores of a cue encoder's contacts and grounds, straight from its outputs, without any sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from stereosync_model.cue_encoder import CueEncoder
from stereosync_training.data.walk_data import Arrays, Clip, WalkData, drop_cues
from stereosync_training.measures.onsets import NEAR_M, match

LEADS_S = (0.0, 0.05, 0.1, 0.15)
GRID_S, SMOOTHING, APART = 0.01, 5, 12  # of the forecast's course: its step, and in steps a mean and a peak's reach
LEAST_CHANCE = 0.25
FEWEST_FRAMES = 20

FloatArray = npt.NDArray[np.float64]


@dataclass
class Counts:
    """Contacts that were foreseen within 50 ms, that were not, and forecasts of none."""

    hit: int = 0
    missed: int = 0
    extra: int = 0

    def add(self, foreseen_s: FloatArray, contacts_s: FloatArray, span_s: tuple[float, float]) -> None:
        """Contacts between the two moments of `span_s` count, and all that was foreseen."""
        inside = contacts_s[(contacts_s >= span_s[0]) & (contacts_s <= span_s[1])]
        hit = len(match(foreseen_s, inside)) if len(inside) and len(foreseen_s) else 0
        self.hit, self.missed = self.hit + hit, self.missed + len(inside) - hit
        self.extra += len(foreseen_s) - hit

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(2 * self.hit + self.missed + self.extra, 1)


@torch.no_grad()
def forecast_scores(
    encoder: CueEncoder, data: WalkData, clips: Sequence[int], without: Sequence[str] = ()
) -> dict[str, float]:
    """F1 of the contacts foreseen at each of `LEADS_S` by each near character, and the share of grounds told right."""
    counts, right, told = {lead_s: Counts() for lead_s in LEADS_S}, 0, 0
    for number in clips:
        clip = data.clips[number]
        parts = clip.cues(np.arange(clip.frames), np.arange(1))
        drop_cues(parts, without)
        chances, kinds = _read(encoder, parts)
        known = clip.targets.grounds
        shown = (parts["present"] > 0) & (known >= 0)
        right, told = right + int((kinds == known)[shown].sum()), told + int(shown.sum())
        _count(counts, clip, chances, encoder)
    figures = {f"f1_{round(1000 * lead_s)}_ms": one.f1 for lead_s, one in counts.items()}
    return figures | {"ground_right": right / max(told, 1)}


def _read(encoder: CueEncoder, parts: Arrays) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Chances of a contact (F, C, K) and the likeliest ground of each character (F, C)."""
    shown = parts["present"] > 0
    tensors = [torch.from_numpy(np.ascontiguousarray(parts[name][shown])) for name in ("crops", "numbers", "tracks")]
    seen = (tensors[0], tensors[1].float(), tensors[2].float())
    _, whole = encoder.picture(torch.from_numpy(np.ascontiguousarray(parts["pictures"])))
    grounds, _ = encoder.trodden(*seen, whole[:1].expand(len(seen[0]), -1))
    forecast = encoder.foreseen(*seen[1:])
    chances, kinds = np.zeros((*shown.shape, forecast.shape[-1])), np.full(shown.shape, -1)
    chances[shown], kinds[shown] = forecast.sigmoid().numpy(), grounds.argmax(-1).numpy()
    return chances, kinds


def _count(counts: dict[float, Counts], clip: Clip, chances: FloatArray, encoder: CueEncoder) -> None:
    ids, times_s = clip.ids, clip.times_s.astype(np.float64)
    for character in {int(value) for value in ids[ids >= 0]}:
        frames, slots = np.nonzero(ids == character)
        own = [contact for contact in clip.truth["contacts"] if contact["character_id"] == character]
        if len(frames) < FEWEST_FRAMES or any(np.linalg.norm(contact["position_m"]) >= NEAR_M for contact in own):
            continue
        moments_s = np.array([contact["time_s"] for contact in own])
        for lead_s, one in counts.items():
            column = encoder.bin_of(lead_s)
            foreseen_s = peaks_s(times_s[frames] + lead_s, chances[frames, slots, column])
            one.add(foreseen_s, moments_s, (times_s[frames[0]] + lead_s, times_s[frames[-1]] + lead_s))


def peaks_s(times_s: FloatArray, chances: FloatArray) -> FloatArray:
    """Times of the peaks of a forecast's course."""
    grid_s = np.arange(times_s[0], times_s[-1], GRID_S)
    course = np.convolve(np.interp(grid_s, times_s, chances), np.ones(SMOOTHING) / SMOOTHING, "same")
    reach = range(len(course))
    peaks = [
        at
        for at in reach
        if course[at] > LEAST_CHANCE and course[at] >= course[max(at - APART, 0) : at + APART + 1].max()
    ]
    return grid_s[peaks]
