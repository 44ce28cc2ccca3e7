"""Reads the JSON of `bundle.json` as a `Bundle`, and refuses whatever disagrees with itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from stereosync.bundle_spec import (
    DEVICES,
    GRAPHS,
    MANIFEST,
    PRECISIONS,
    SCHEMA,
    Bundle,
    BundleError,
    Forecast,
    GraphForm,
    GraphSpec,
    NoiseMemory,
    TensorSpec,
    WeightsFile,
    check_bundle_name,
)
from stereosync.clock import Clock
from stereosync.cue_spec import CueSpec

Record = TypeVar("Record")


def check_schema(data: object) -> None:
    """Refuse a manifest of another major schema.

    Raises:
        BundleError: the schema is missing or its major version is not this one.
    """
    schema = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(schema, str) or schema.split(".")[0] != SCHEMA.split(".")[0]:
        raise BundleError(
            f"the bundle's schema is {schema!r} and this program reads {SCHEMA}; "
            "update the program or export the bundle again with this version"
        )


def parse(data: dict[str, Any], folder: Path) -> Bundle:
    """A manifest of the right schema to a `Bundle` read from `folder`.

    Raises:
        BundleError: a key is missing, unknown or of the wrong kind, or two parts of the manifest disagree.
    """
    try:
        return _bundle(data, folder)
    except BundleError:
        raise
    except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError, RecursionError) as error:
        raise BundleError(f"the bundle's {MANIFEST} is not valid ({error}); export the bundle again") from error


def _bundle(data: dict[str, Any], folder: Path) -> Bundle:
    check_bundle_name(data.get("name"))
    converted = dict(data)
    converted["clock"] = _record(Clock, data.get("clock"), "clock")
    converted["cue_spec"] = _record(CueSpec, data.get("cue_spec"), "cue_spec")
    graphs = _object(data.get("graphs"), "graphs")
    missing = [name for name in GRAPHS if name not in graphs]
    if missing:
        raise BundleError(f"the bundle lacks the graphs {missing}; export it again")
    converted["graphs"] = {name: _graph(graph, name) for name, graph in graphs.items()}
    schedules = _object(data.get("schedules"), "schedules")
    converted["schedules"] = {steps: _schedule(steps, times) for steps, times in schedules.items()}
    dim = data.get("latent_dim")
    converted["noise_memory"] = tuple(_noise_memory(item, dim) for item in data.get("noise_memory", ()))
    if data.get("forecast") is not None:
        converted["forecast"] = _forecast(data["forecast"])
    if data.get("weights") is not None:
        converted["weights"] = _record(WeightsFile, data["weights"], "weights")
        _check_name(converted["weights"].file, "weights")
    for name in ("grounds", "places"):
        converted[name] = _words(data.get(name, ()), name)
    converted["licences"] = tuple(data.get("licences", ()))
    converted["folder"] = folder
    return _record(Bundle, converted, MANIFEST)


def _object(data: object, what: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise BundleError(f"the bundle's {what} must be an object; export the bundle again")
    return data


def _record(kind: type[Record], data: object, what: str) -> Record:
    """A dataclass from a JSON object; unknown and missing keys are errors."""
    values = _object(data, what)
    unknown = sorted(set(values) - {item.name for item in fields(kind)})  # type: ignore[arg-type]
    if unknown:
        raise BundleError(f"the bundle's {what} has unknown keys {unknown}; it was written by another version")
    try:
        return kind(**values)
    except (TypeError, ValueError) as error:
        raise BundleError(f"the bundle's {what} is not valid: {error}; export the bundle again") from error


def _words(data: Sequence[Any], what: str) -> tuple[str, ...]:
    words = tuple(data)
    if isinstance(data, str) or not all(isinstance(word, str) for word in words) or len(set(words)) < len(words):
        raise BundleError(f"the bundle's {what} must be a list of words, each once; export the bundle again")
    return words


def _schedule(steps: str, times: Sequence[float]) -> tuple[float, ...]:
    falling = all(later < earlier for earlier, later in pairwise(times))
    if len(times) != int(steps) + 1 or times[0] != 1 or times[-1] != 0 or not falling:
        raise BundleError(f"the bundle's schedule of {steps} steps must fall from 1 to 0 in {steps} steps, got {times}")
    return tuple(float(time) for time in times)


def _noise_memory(data: object, latent_dim: object) -> NoiseMemory:
    values = _object(data, "noise_memory")
    memory = _record(NoiseMemory, {**values, "shares": tuple(map(float, values.get("shares", ())))}, "noise_memory")
    if memory.seconds <= 0 or len(memory.shares) != latent_dim or not all(0 <= share <= 1 for share in memory.shares):
        raise BundleError(
            f"the bundle's noise_memory needs seconds above 0 and {latent_dim} shares from 0 to 1; "
            "export the bundle again"
        )
    return memory


def _forecast(data: object) -> Forecast:
    forecast = _record(Forecast, data, "forecast")
    if not (_is_number(forecast.start_s) and _is_number(forecast.step_s) and forecast.step_s > 0):
        raise BundleError(f"the bundle's forecast needs bins of some length, got {forecast}; export the bundle again")
    return forecast


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _graph(data: object, name: str) -> GraphSpec:
    converted = dict(_object(data, f"graph {name}"))
    for key in ("inputs", "outputs"):
        converted[key] = tuple(_tensor(item, f"graph {name} {key}") for item in converted.get(key, ()))
    converted["states"] = tuple((str(before), str(after)) for before, after in converted.get("states", ()))
    converted["variants"] = tuple(_form(item, name) for item in converted.get("variants", ()))
    graph = _record(GraphSpec, converted, f"graph {name}")
    _check_name(graph.file, f"graph {name}")
    _check_states(graph, name)
    return graph


def _form(data: object, name: str) -> GraphForm:
    values = _object(data, f"graph {name} form")
    form = _record(GraphForm, {**values, "devices": tuple(values.get("devices", ()))}, f"graph {name} form")
    _check_name(form.file, f"graph {name}")
    if form.precision not in PRECISIONS or not set(form.devices) <= set(DEVICES):
        raise BundleError(
            f"graph {name} has a form of precision {form.precision!r} for {list(form.devices)}; known are "
            f"{list(PRECISIONS)} and {list(DEVICES)}: update the program or export the bundle again"
        )
    return form


def _check_name(file: str, what: str) -> None:
    if Path(file).name != file:
        raise BundleError(f"{what} names the file {file!r}; it must lie in the bundle's own folder")


def _tensor(data: object, what: str) -> TensorSpec:
    spec = _record(TensorSpec, data, what)
    if not isinstance(spec.name, str):
        raise BundleError(f"the bundle's {what} have the name {spec.name!r}, which is no text; export the bundle again")
    if not all(isinstance(size, int) and size >= 0 for size in spec.shape):
        raise BundleError(f"the bundle's {what} {spec.name} must have a static shape, got {spec.shape}")
    np.dtype(spec.dtype)
    return TensorSpec(spec.name, tuple(spec.shape), spec.dtype)


def _check_states(graph: GraphSpec, name: str) -> None:
    """Each state's output must fit the input that it replaces."""
    inputs = {spec.name: (spec.shape, spec.dtype) for spec in graph.inputs}
    outputs = {spec.name: (spec.shape, spec.dtype) for spec in graph.outputs}
    for before, after in graph.states:
        if before not in inputs or inputs[before] != outputs.get(after):
            raise BundleError(
                f"graph {name} carries its state {after!r} to {before!r}, and the two differ in shape or dtype or one "
                "is missing; export the bundle again"
            )
