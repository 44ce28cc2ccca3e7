"""Graphs in ONNX Runtime on a device: bound buffers, states that never leave it, CUDA graphs.

A batch is padded up to one of a few sizes, so that every run has fixed shapes and fixed addresses. For each size there
is a session with its buffers; all share the pools of states. Two pools take turns: a run reads one and writes the
other. Runs on the CPU provider too, without CUDA graphs; that is how it is tested where there is no GPU.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stereosync.bundle import GraphSpec, TensorSpec
from stereosync.bundle_spec import POOL
from stereosync_runners.onnx_runner import Provider, check_provider, check_signature, device_name, open_session
from stereosync_runners.pool_rows import PoolRows, padded, preset_for, presets_up_to
from stereosync_runners.runner import Array, Form, RunnerError, plain_inputs, plain_outputs, state_inputs

log = logging.getLogger("stereosync.runners")

ROWS, FRESH = "slots", "fresh"  # inputs by the names that bundles give them
ROW_INPUTS = (TensorSpec(ROWS, (1,), "int64"), TensorSpec(FRESH, (1,), "bool"))
WARM_UP_RUNS = 3
GRAPH_ID = "gpu_graph_id"  # ONNX Runtime's name for which captured CUDA graph a run is


@dataclass(frozen=True, eq=False)
class Sized:
    """Session, buffers and bindings for one size of batch."""

    session: Any
    host: Mapping[str, Array]  # what the device copies its inputs from
    device: Mapping[str, Any]  # OrtValues of inputs and outputs
    bindings: tuple[Any, ...]  # one for each pool that is read
    runs: tuple[Any, ...]  # run options that go with them


class DeviceRunner:
    """One graph on one device, for up to `sessions` streams.

    Args:
        form: the file to run; pooled where the graph has states.
        providers: execution providers in order of preference; the first must really serve.
        together: the largest batch.
        cuda_graphs: capture each run once and replay it; nothing may then be left to the CPU.

    Raises:
        RunnerError: the provider does not serve, or the file is not what the manifest says.
    """

    def __init__(
        self,
        folder: Path,
        spec: GraphSpec,
        form: Form,
        providers: Sequence[Provider],
        sessions: int,
        together: int = 1,
        cuda_graphs: bool = False,
    ) -> None:
        if bool(spec.states) != getattr(form, "pooled", False):
            raise RunnerError(f"{form.file} keeps no pool of its states: export the bundle again for this device")
        self.form = form
        self.provider = providers[0][0]
        self.device = device_name(self.provider)
        self._path, self._spec, self._providers = folder / form.file, spec, providers
        self._memory = "cpu" if self.device == "cpu" else "cuda"
        self._captures = cuda_graphs
        self._rows = PoolRows(sessions)
        self._pools = [{tensor.name: self._pool(tensor) for tensor in state_inputs(spec)} for _ in range(2)]
        self._read = 0  # which of the two pools the next run reads
        self._presets = presets_up_to(together)
        self._sized = {size: self._open(size) for size in self._presets}
        self._warm_up()

    def initial(self) -> object:
        """A row of the pools that starts from zero."""
        return self._rows.take()

    def run(self, inputs: Mapping[str, Array], states: Sequence[object] = ()) -> tuple[dict[str, Array], list[object]]:
        """Outputs and next states."""
        count = len(next(iter(inputs.values())))
        size = preset_for(count, self._presets)
        sized = self._sized[size]
        for name, array in inputs.items():
            sized.host[name][:count] = array
        if states:
            rows, fresh = padded(*self._rows.use(states), size, self._rows.spare)
            sized.host[ROWS][:], sized.host[FRESH][:] = rows, fresh
        for name, array in sized.host.items():
            sized.device[name].update_inplace(array)
        sized.session.run_with_iobinding(sized.bindings[self._read], sized.runs[self._read])
        made = {tensor.name: sized.device[tensor.name].numpy()[:count].copy() for tensor in plain_outputs(self._spec)}
        if not states:
            return made, []
        self._read = 1 - self._read
        return made, list(self._rows.advance(states))

    def _warm_up(self) -> None:
        """Run every size on every pool, in the spare row: memory settles, and CUDA graphs are captured."""
        for sized in self._sized.values():
            if self._spec.states:
                sized.host[ROWS][:], sized.host[FRESH][:] = self._rows.spare, True
            for name, array in sized.host.items():
                sized.device[name].update_inplace(array)
            for binding, options in zip(sized.bindings, sized.runs, strict=True):
                for _ in range(WARM_UP_RUNS):
                    sized.session.run_with_iobinding(binding, options)

    def save(self, state: Any) -> dict[str, Array]:
        """Copies of the state's row of the pools."""
        row_state = self._rows.checked(state)
        if row_state.fresh or row_state.lease is None:
            return {tensor.name: np.zeros(tensor.shape, tensor.dtype) for tensor in state_inputs(self._spec)}
        row = row_state.lease.row
        return {name: pool.numpy()[row : row + 1].copy() for name, pool in self._pools[self._read].items()}

    def load(self, arrays: Mapping[str, Array]) -> object:
        """A row with these values. Takes the pools to the host and back: for changes of runner, not for every run."""
        row_state = self._rows.load()
        assert row_state.lease is not None
        for name, array in arrays.items():
            pool = self._pools[self._read][name]
            values = pool.numpy().copy()
            values[row_state.lease.row] = array[0]
            pool.update_inplace(values)
        return row_state

    def _pool(self, tensor: TensorSpec) -> Any:
        """Rows for every session and a spare one, all zero."""
        return self._on_device(np.zeros((self._rows.count + 1, *tensor.shape[1:]), tensor.dtype))

    def _on_device(self, array: Array) -> Any:
        import onnxruntime

        return onnxruntime.OrtValue.ortvalue_from_numpy(array, self._memory, 0)

    def _open(self, size: int) -> Sized:
        session = self._session(size)
        given = (*plain_inputs(self._spec), *(ROW_INPUTS if self._spec.states else ()))
        host = {tensor.name: self._host(size, tensor) for tensor in given}
        outputs = {tensor.name: self._host(size, tensor) for tensor in plain_outputs(self._spec)}
        device = {name: self._on_device(array.copy()) for name, array in {**host, **outputs}.items()}
        turns = range(len(self._pools) if self._spec.states else 1)
        bindings = tuple(self._bound(session, tuple(host), tuple(outputs), device, turn) for turn in turns)
        return Sized(session, host, device, bindings, tuple(self._run_options(turn) for turn in turns))

    def _session(self, size: int) -> Any:
        name, options = self._providers[0]
        config: dict[str, str] = {}
        providers = list(self._providers)
        if self._captures:  # then nothing may be left to the CPU, which must not even be named
            config = {"session.disable_cpu_ep_fallback": "1"}
            providers = [(name, {**options, "enable_cuda_graph": "1"})]
        session = open_session(self._path, providers, 1, size, config, {POOL: self._rows.count + 1})
        check_provider(session.get_providers()[0], name, self._path)
        pools = tuple(TensorSpec(f"pool_{one.name}", one.shape, one.dtype) for one in state_inputs(self._spec))
        rows = ROW_INPUTS if self._spec.states else ()
        check_signature(self._path, "inputs", (*plain_inputs(self._spec), *pools, *rows), session.get_inputs())
        following = tuple(TensorSpec(f"next_{pool.name}", pool.shape, pool.dtype) for pool in pools)
        check_signature(self._path, "outputs", (*plain_outputs(self._spec), *following), session.get_outputs())
        return session

    def _host(self, size: int, tensor: TensorSpec) -> Array:
        """An array on the host that the device can copy from at once."""
        shape = (size, *tensor.shape[1:])
        if self._memory == "cpu":
            return np.zeros(shape, tensor.dtype)
        from stereosync_runners.tensorrt.cuda import pinned

        try:
            return pinned(shape, np.dtype(tensor.dtype))
        except RunnerError as error:
            log.warning("%s is copied from ordinary memory, which is slower: %s", tensor.name, error)
            return np.zeros(shape, tensor.dtype)

    def _bound(
        self, session: Any, inputs: Sequence[str], outputs: Sequence[str], device: Mapping[str, Any], read: int
    ) -> Any:
        """A binding in which pool `read` is read and the other is written."""
        binding = session.io_binding()
        for name in inputs:
            binding.bind_ortvalue_input(name, device[name])
        for name in outputs:
            binding.bind_ortvalue_output(name, device[name])
        for name in self._pools[0]:
            binding.bind_ortvalue_input(f"pool_{name}", self._pools[read][name])
            binding.bind_ortvalue_output(f"next_pool_{name}", self._pools[1 - read][name])
        return binding

    def _run_options(self, turn: int) -> Any:
        import onnxruntime

        options = onnxruntime.RunOptions()
        if self._captures:
            options.add_run_config_entry(GRAPH_ID, str(turn + 1))
        return options
