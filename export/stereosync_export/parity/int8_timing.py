"""Timing of int8: a graph's two forms, timed in turns on this machine, with caches that hold something else."""

from __future__ import annotations

import time

import numpy as np

from stereosync.bundle import Bundle
from stereosync_runners.onnx_runner import OnnxRunner
from stereosync_runners.providers import CPU
from stereosync_runners.runner import Form, plain_inputs, zeros

RUNS, WARM_UP = 60, 10
BETWEEN_RUNS_FLOATS = 4_000_000  # read between runs: when its turn comes again, a graph finds its weights gone
WORTH_IT = 0.9  # of the plain form's time


def time_ratio(bundle: Bundle, graph: str, form: Form) -> float:
    """Median time of one run of `form` over that of the plain form: one stream, one thread, in turns."""
    spec = bundle.graphs[graph]
    inputs = {tensor.name: zeros(tensor) for tensor in plain_inputs(spec)}
    runners = [OnnxRunner(bundle.folder, spec, [CPU], 1, one) for one in (spec, form)]
    elsewhere = np.ones(BETWEEN_RUNS_FLOATS, np.float32)
    times_s: tuple[list[float], list[float]] = ([], [])
    for run in range(WARM_UP + RUNS):
        for runner, taken in zip(runners, times_s, strict=True):
            states = [runner.initial()] if spec.states else []
            elsewhere.sum()
            started_s = time.perf_counter()
            runner.run(inputs, states)
            if run >= WARM_UP:
                taken.append(time.perf_counter() - started_s)
    plain_s, form_s = (float(np.median(taken)) for taken in times_s)
    return form_s / plain_s
