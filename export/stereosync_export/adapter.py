"""Adapters: what export is told of a model, its four graphs and how the runtime drives them.

`CheckpointAdapter` says it of this project's checkpoints. For a model of your own, write a class with the same four
methods and give it to the command: `stereosync-export MY.ckpt --adapter my_module:MyAdapter --out BUNDLE`.
`examples/own_model/` has one. Which tensors the graphs may take and must give is the step contract, in
`docs/own-model.md`; the runtime checks it when it opens the bundle.
"""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from stereosync.bundle import Forecast, NoiseMemory
from stereosync.clock import Clock
from stereosync.cue_spec import CueSpec
from stereosync.errors import StereoSyncError
from stereosync.sampler import SCHEDULES, even_schedule
from stereosync.vocabulary import GROUNDS, PLACES
from stereosync_export.graphs import Graph, declare
from stereosync_model.checkpoint import load_checkpoint
from stereosync_model.model import Model


class AdapterError(StereoSyncError, ValueError):
    """An adapter that cannot be had or used; the message says why."""


@dataclass(frozen=True)
class Settings:
    """The runtime's settings for the graphs; fields as in `stereosync.bundle.Bundle`."""

    clock: Clock
    cue_spec: CueSpec
    latent_dim: int
    max_lead_s: float
    schedules: dict[int, tuple[float, ...]]
    sampler_noise: float = 1.0
    noise_memory: tuple[NoiseMemory, ...] = ()
    forecast: Forecast | None = None
    grounds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    version: str = "0"


class ModelAdapter(Protocol):
    """A trained model as export sees it. Its class has a classmethod `load(checkpoint: Path)` that gives it; what that
    raises as ValueError or OSError is told to the user."""

    def graphs(self) -> list[Graph]:
        """Cue encoder, backbone, flow head and decoder, as modules in evaluation mode."""
        ...

    def settings(self) -> Settings:
        """The settings with which the runtime drives them."""
        ...

    def provenance(self) -> dict[str, Any]:
        """The origin of the weights; `licences` and `card` have places of their own in the bundle."""
        ...


class CheckpointAdapter:
    """The adapter of this project's own checkpoints."""

    VERSION = "0.5.3"

    def __init__(self, model: Model, provenance: dict[str, Any] | None = None) -> None:
        self.model = model
        self._provenance = provenance or {}

    @classmethod
    def load(cls, checkpoint: Path) -> CheckpointAdapter:
        """Raises CheckpointError with cause and cure."""
        return cls(*load_checkpoint(checkpoint))

    def graphs(self) -> list[Graph]:
        """The four graphs of the model."""
        return declare(self.model)

    def settings(self) -> Settings:
        """The settings by the model's configuration."""
        config = self.model.config
        return Settings(
            clock=config.clock,
            cue_spec=config.cue_spec,
            latent_dim=config.codec.components,
            max_lead_s=config.generator.max_lead_s,
            schedules=SCHEDULES,
            sampler_noise=config.generator.sampler_noise,
            noise_memory=noise_memory(self.model),
            forecast=Forecast(config.generator.forecast_start_s, config.generator.forecast_step_s),
            grounds=GROUNDS,
            places=PLACES,
            version=self.VERSION,
        )

    def provenance(self) -> dict[str, Any]:
        """The provenance that the checkpoint has."""
        return self._provenance


@contextmanager
def adapter_troubles(what: str) -> Iterator[None]:
    """Turn what an adapter raises in `what` into `AdapterError`, with the place in its code."""
    try:
        yield
    except StereoSyncError:
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {error}; {Path(place.filename).name}, line {place.lineno}"
        raise AdapterError(f"the adapter's {what} failed ({said}): see docs/own-model.md") from error


class Overridden:
    """Another adapter with a card and sampler steps of the user's choice; none: its own."""

    def __init__(self, adapter: ModelAdapter, card: str | None = None, steps: tuple[int, ...] = ()) -> None:
        self._adapter, self._card, self._steps = adapter, card, steps

    def graphs(self) -> list[Graph]:
        with adapter_troubles("graphs()"):
            return self._adapter.graphs()

    def settings(self) -> Settings:
        with adapter_troubles("settings()"):
            settings = self._adapter.settings()
        if not self._steps:
            return settings
        return replace(settings, schedules={steps: even_schedule(steps) for steps in sorted(self._steps)})

    def provenance(self) -> dict[str, Any]:
        with adapter_troubles("provenance()"):
            provenance = self._adapter.provenance()
        return provenance | ({} if self._card is None else {"card": self._card})


def noise_memory(model: Model) -> tuple[NoiseMemory, ...]:
    """The sampler's noise memory as the manifest has it; nothing where a model has no shares of it."""
    times_s, shares = model.config.generator.noise_memory_s, model.generator.noise_shares
    if not shares.any():
        return ()
    return tuple(NoiseMemory(time_s, tuple(row.tolist())) for time_s, row in zip(times_s, shares, strict=True))


def find_adapter(name: str | None) -> Any:
    """The adapter class `MODULE:CLASS`; None: this project's own.

    Raises:
        AdapterError: there is no such class, or it lacks a method.
    """
    if name is None:
        return CheckpointAdapter
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError, SyntaxError) as error:
        raise AdapterError(
            f"--adapter {name}: {error}; give MODULE:CLASS, with the module's folder on PYTHONPATH"
        ) from error
    lacking = [method for method in ("load", "graphs", "settings", "provenance") if not hasattr(found, method)]
    if lacking:
        raise AdapterError(f"--adapter {name} lacks {', '.join(lacking)}: see stereosync_export.adapter.ModelAdapter")
    return found
