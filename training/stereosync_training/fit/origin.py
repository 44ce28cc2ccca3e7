"""The origin of a bundle: the checkpoint whose cue encoder it runs, bit for bit but for rounding."""

from __future__ import annotations

import numpy as np
import torch

from stereosync.bundle import Bundle
from stereosync.errors import UserError
from stereosync_model.cue_encoder import CueEncoder
from stereosync_runners.onnx_runner import OnnxRunner
from stereosync_runners.providers import CPU
from stereosync_runners.runner import Array, RunnerError

FARTHEST = 1e-3  # of chances; what int8 or another training changes is far more


@torch.no_grad()
def check_origin(bundle: Bundle, encoder: CueEncoder, checkpoint: str) -> None:
    """Refuse a checkpoint that the bundle was not made of.

    Raises:
        UserError: its forecasts are others, or its arrays have other shapes.
    """
    spec, rng = bundle.graphs["cue_encoder"], np.random.default_rng(0)
    inputs: dict[str, Array] = {}
    for tensor in spec.inputs:
        drawn = rng.integers(0, 256, tensor.shape) if tensor.dtype == "uint8" else rng.standard_normal(tensor.shape)
        inputs[tensor.name] = drawn.astype(tensor.dtype)
    seen = [torch.from_numpy(inputs[name]) for name in ("picture", "crops", "numbers", "tracks", "feet")]
    try:
        made, _ = OnnxRunner(bundle.folder, spec, [CPU]).run(inputs)
        same = np.abs(made["forecast"] - encoder(*seen).forecast.sigmoid().numpy()).max() <= FARTHEST
    except (RuntimeError, ValueError, KeyError) as error:
        if isinstance(error, RunnerError):
            raise
        same = False
    if not same:
        raise UserError(
            f"the bundle {bundle.name} was not made of {checkpoint}: give the one that it came from as --checkpoint"
        )
