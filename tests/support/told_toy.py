"""A toy bundle that can be told everything, in numpy: its sound depends on each array that the backbone is given.

It foresees nothing, and sees the same ground and place in every frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from stereosync.bundle import Bundle, Forecast, TensorSpec

Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]

GROUNDS = ("stone", "gravel", "wood")
PLACES = ("wind", "forest")
FORECAST = Forecast(start_s=-0.06, step_s=0.02)
BINS, SLOTS = 18, 6
SEEN_GROUNDS = (0.7, 0.2, 0.1)
SEEN_FORCE = -0.5
SEEN_PLACE = (0.8, 0.1, 0.3)  # wind, forest, amount
SEEN_ROOM = (2.0, 0.4)

SEEN = (
    TensorSpec("forecast", (1, SLOTS, BINS)),
    TensorSpec("grounds", (1, SLOTS, len(GROUNDS))),
    TensorSpec("force", (1, SLOTS, 1)),
    TensorSpec("place", (1, len(PLACES) + 1)),
    TensorSpec("room", (1, 2)),
)


def can_be_told(bundle: Bundle) -> Bundle:
    """The toy bundle of conftest, with the arrays that can be told."""
    known = (replace(SEEN[0], name="contacts"), *SEEN[1:])
    encoder, backbone = bundle.graphs["cue_encoder"], bundle.graphs["backbone"]
    graphs = {
        "cue_encoder": replace(
            encoder,
            inputs=(*encoder.inputs, TensorSpec("feet", (1, *bundle.cue_spec.feet_shape))),
            outputs=(*encoder.outputs, *SEEN),
        ),
        "backbone": replace(backbone, inputs=(*backbone.inputs, *known)),
    }
    return replace(bundle, graphs=bundle.graphs | graphs, forecast=FORECAST, grounds=GROUNDS, places=PLACES)


def cue_encoder(arrays: Arrays) -> dict[str, Array]:
    """What is seen of frames (B, ...)."""
    count = len(arrays["present"])
    return {
        "tokens": arrays["numbers"] * arrays["present"][:, :, None],
        "forecast": np.zeros((count, SLOTS, BINS), np.float32),
        "grounds": np.tile(np.float32(SEEN_GROUNDS), (count, SLOTS, 1)),
        "force": np.full((count, SLOTS, 1), SEEN_FORCE, np.float32),
        "place": np.tile(np.float32(SEEN_PLACE), (count, 1)),
        "room": np.tile(np.float32(SEEN_ROOM), (count, 1)),
    }


@dataclass
class Backbone:
    """What is heard depends on everything that is known; `given` are the arrays of each run."""

    given: list[dict[str, Array]] = field(default_factory=list)

    def __call__(self, arrays: Arrays) -> dict[str, Array]:
        self.given.append({name: array.copy() for name, array in arrays.items()})
        known = sum(
            float((arrays[name] * np.arange(1, arrays[name].size + 1).reshape(arrays[name].shape)).sum())
            for name in ("contacts", "grounds", "force", "place", "room")
        )
        total = arrays["memory"] * np.float32(0.5) + arrays["age_s"] + np.float32(known / 100)
        return {"context": np.tanh(total), "memory_next": np.tanh(total)}
