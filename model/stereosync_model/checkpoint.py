"""Checkpoints: float16 safetensors with the configuration and provenance in their metadata. No pickles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from stereosync.errors import StereoSyncError
from stereosync.writing import whole_file
from stereosync_model.config import model_config
from stereosync_model.model import Model

FORMAT = "stereosync-checkpoint-1"


class CheckpointError(StereoSyncError, ValueError):
    """A checkpoint that cannot be read; the message says why."""


def save_checkpoint(path: Path, model: Model, provenance: dict[str, Any]) -> None:
    """Write the model's weights as float16, beside the old file first so that a full disk leaves one whole file."""
    tensors = {name: value.detach().cpu().to(torch.float16).contiguous() for name, value in model.state_dict().items()}
    metadata = {
        "format": FORMAT,
        "config": json.dumps(model.config.to_dict()),
        "provenance": json.dumps(provenance),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as part:
        save_file(tensors, part, metadata)


def is_checkpoint(path: Path) -> bool:
    """True of a file that `save_checkpoint` wrote."""
    try:
        with safe_open(str(path), framework="pt") as file:
            return (file.metadata() or {}).get("format") == FORMAT
    except (SafetensorError, OSError):
        return False


def load_checkpoint(path: Path) -> tuple[Model, dict[str, Any]]:
    """The model, in float32 and evaluation mode, and its provenance.

    Raises:
        CheckpointError: missing, damaged, of another format, or with weights that do not fit its configuration.
    """
    if not path.is_file():
        raise CheckpointError(f"there is no checkpoint {path}; train one with stereosync-train")
    try:
        with safe_open(str(path), framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path} is not a whole safetensors file ({error}); copy it again") from error
    if metadata.get("format") != FORMAT:
        raise CheckpointError(f"{path} has the format {metadata.get('format')!r}, not {FORMAT!r}")
    try:
        model = Model(model_config(json.loads(metadata["config"])))
    except (KeyError, ValueError) as error:
        raise CheckpointError(f"{path} has a configuration of another version ({error}); train it again") from error
    strays = _strays(model.state_dict(), tensors)
    if strays:
        raise CheckpointError(
            f"{path}: {len(strays)} weights do not fit the model ({strays[0]} is one); train it again with this version"
        )
    model.load_state_dict(tensors)
    return model.eval(), json.loads(metadata.get("provenance", "{}"))


def _strays(expected: dict[str, Tensor], found: dict[str, Tensor]) -> list[str]:
    """Names of the weights that are missing, unknown or of another shape."""
    common = expected.keys() & found.keys()
    return sorted((expected.keys() ^ found.keys()) | {x for x in common if expected[x].shape != found[x].shape})
