"""The thirty lines, run as they stand against the real service; only the sound card is a file."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

EXAMPLE = Path(__file__).parents[2] / "examples" / "python_client.py"
SECONDS = 8.0
CARD = """
import os, time
class OutputStream:
    latency = 0.0
    def __init__(self, rate_hz, channels, dtype, latency):
        assert (rate_hz, channels, dtype) == (48_000, 2, "float32")
        self.file, self.taken, self.began_s = open(os.environ["CARD"], "wb"), 0, time.perf_counter()
    def write(self, samples):
        self.file.write(samples.tobytes()); self.file.flush()
        self.taken += len(samples)
        time.sleep(max(0.0, self.began_s + self.taken / 48_000 - time.perf_counter()))
    def __enter__(self): return self
    def __exit__(self, *_): self.file.close()
"""


def test_the_example_is_as_short_as_it_says() -> None:
    code = ast.parse(EXAMPLE.read_text(encoding="utf-8"))
    body = [line for node in code.body if not isinstance(node, ast.Import | ast.ImportFrom) for line in lines_of(node)]
    assert len(body) <= 32


def lines_of(node: ast.stmt) -> list[int]:
    return list(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def test_the_figure_is_heard(tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text(CARD, encoding="utf-8")
    heard = tmp_path / "heard.f32"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]), "CARD": str(heard)}
    serve = [sys.executable, "-m", "stereosync_runtime.serve", "--bundle", "walk", "--device", "cpu", "--seed", "3"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        try:
            assert any(line.startswith("ready ") for line in service.stdout), "the usual port is taken"
            with subprocess.Popen([sys.executable, str(EXAMPLE)], env=environment, stdout=subprocess.PIPE) as example:
                time.sleep(SECONDS)
                assert example.poll() is None
                example.terminate()
        finally:
            service.terminate()
    sound = np.fromfile(heard, "<f4").reshape(-1, 2).astype(np.float64)
    assert len(sound) > 0.6 * SECONDS * 48_000
    levels_db = 10 * np.log10((sound[: len(sound) // 480 * 480].reshape(-1, 480, 2) ** 2).mean(axis=(1, 2)) + 1e-12)
    assert np.percentile(levels_db, 98) > -60
    assert np.percentile(levels_db, 98) - np.percentile(levels_db, 40) > 12  # steps stand out of the quiet
    assert np.abs(sound[:, 0] - sound[:, 1]).max() > 0.005  # stereo
