"""The graphs of a bundle are joined by tensor names, so that a model may change what lies between them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from stereosync.bundle import GRAPHS, Bundle, BundleError, GraphSpec, TensorSpec

Shapes = dict[str, tuple[tuple[int, ...], str]]  # by tensor name: shape and dtype


def check_wiring(bundle: Bundle) -> None:
    """Check that every graph's inputs are given by something of the same shape, and that what is needed comes out.

    Raises:
        BundleError: the message names the graph, the tensor and what disagrees.
    """
    for output, shape in _told_shapes(bundle).items():
        _check_output(bundle, "cue_encoder", output, shape)
    given = _given(bundle)
    for name in GRAPHS:
        spec = bundle.graphs[name]
        own = given[name] | {tensor.name: (tensor.shape, tensor.dtype) for tensor in _state_inputs(spec)}
        _check_states(name, spec)
        for tensor in spec.inputs:
            if own.get(tensor.name) != (tensor.shape, tensor.dtype):
                raise BundleError(
                    f"graph {name} wants {tensor.name!r} as {tensor.shape} {tensor.dtype} and is given "
                    f"{own.get(tensor.name, 'nothing')}: export the bundle again"
                )
    _check_output(bundle, "flow_head", "velocity", (1, bundle.latent_dim))
    _check_output(bundle, "decoder", "samples", (1, 2, bundle.clock.samples_per_latent))
    if not bundle.schedules:
        raise BundleError("the bundle has no sampler schedules: export it again")


def takes_feet(bundle: Bundle) -> bool:
    """True if the cue encoder sees the feet that are told."""
    return any(tensor.name == "feet" for tensor in bundle.graphs["cue_encoder"].inputs)


def most_contacts(bundle: Bundle) -> int:
    """So many contacts the decoder can be told; 0 if it takes none."""
    inputs = bundle.graphs["decoder"].inputs
    return sum(math.prod(tensor.shape) for tensor in inputs if tensor.name == "contact_samples")


def _told_shapes(bundle: Bundle) -> dict[str, tuple[int, ...]]:
    """The outputs of the cue encoder in whose place something can be told."""
    slots = bundle.cue_spec.max_characters
    shapes: dict[str, tuple[int, ...]] = {}
    if bundle.forecast is not None:
        shapes["forecast"] = (1, slots, _bins(bundle.graphs["cue_encoder"]))
    if bundle.grounds:
        shapes |= {"grounds": (1, slots, len(bundle.grounds)), "force": (1, slots, 1)}
    if bundle.places:
        shapes |= {"place": (1, len(bundle.places) + 1), "room": (1, 2)}
    return shapes


def carried(spec: GraphSpec) -> tuple[TensorSpec, ...]:
    """The outputs that other graphs may take: all but the next states."""
    states = {out for _, out in spec.states}
    return tuple(tensor for tensor in spec.outputs if tensor.name not in states)


def _given(bundle: Bundle) -> dict[str, Shapes]:
    cue, dim = bundle.cue_spec, bundle.latent_dim
    scalar: tuple[tuple[int, ...], str] = ((1,), "float32")
    latent: tuple[tuple[int, ...], str] = ((1, dim), "float32")
    cues: Shapes = {
        "picture": ((1, *cue.picture_shape), "uint8"),
        "crops": ((1, *cue.crops_shape), "uint8"),
        "numbers": ((1, *cue.numbers_shape), "float32"),
        "tracks": ((1, *cue.tracks_shape), "float32"),
        "feet": ((1, *cue.feet_shape), "float32"),
        "present": ((1, cue.max_characters), "float32"),
    }
    tokens = _shapes(carried(bundle.graphs["cue_encoder"]))
    planned = {"contacts": tokens["forecast"]} if bundle.forecast is not None else {}
    context = _shapes(carried(bundle.graphs["backbone"]))
    noise = _shapes(tuple(tensor for tensor in bundle.graphs["decoder"].inputs if tensor.name == "noise"))
    return {
        "cue_encoder": cues,
        "backbone": tokens | planned | {"age_s": scalar},
        "flow_head": tokens | context | {"z": latent, "r": scalar, "t": scalar},
        "decoder": noise | {"latent": latent, "contact_samples": ((1, most_contacts(bundle)), "float32")},
    }


def _bins(cue_encoder: GraphSpec) -> int:
    """Bins of the forecast; one where there is none, to be told as missing."""
    return next((tensor.shape[-1] for tensor in cue_encoder.outputs if tensor.name == "forecast"), 1)


def _shapes(tensors: tuple[TensorSpec, ...]) -> Shapes:
    return {tensor.name: (tensor.shape, tensor.dtype) for tensor in tensors}


def _state_inputs(spec: GraphSpec) -> tuple[TensorSpec, ...]:
    names = {name for name, _ in spec.states}
    return tuple(tensor for tensor in spec.inputs if tensor.name in names)


def _check_states(name: str, spec: GraphSpec) -> None:
    inputs: Mapping[str, object] = _shapes(spec.inputs)
    outputs: Mapping[str, object] = _shapes(spec.outputs)
    for taken, replaced in spec.states:
        if taken not in inputs or inputs[taken] != outputs.get(replaced):
            raise BundleError(
                f"graph {name} has a state {taken!r} whose next value {replaced!r} is missing or of another shape: "
                "export the bundle again"
            )


def _check_output(bundle: Bundle, graph: str, tensor: str, shape: tuple[int, ...]) -> None:
    found = _shapes(bundle.graphs[graph].outputs).get(tensor)
    if found != (shape, "float32"):
        raise BundleError(
            f"graph {graph} must give {tensor!r} as {shape} float32 and gives {found or 'none'}: "
            "export the bundle again"
        )
