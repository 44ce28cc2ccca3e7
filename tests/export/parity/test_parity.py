"""Parity figures: they tell what differs, by how much, and do not fail to fail."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stereosync.bundle_spec import PARITY_LIMITS
from stereosync.cues import CueSpec, CueState, encode
from stereosync.scene import Box, Foot, ToldScene
from stereosync_export.build import graph_spec
from stereosync_export.graphs import declare
from stereosync_export.parity import measures
from stereosync_export.parity.measures import MeasureError, effects, evaluated
from stereosync_export.parity.report import breaches, differences
from stereosync_export.parity.runners import ComparedRunner, Deviation, TorchRunner
from stereosync_export.parity.stream import demo_frames, telling
from stereosync_model.model import Model

RATE_HZ = 48_000


def sound(seconds: float = 1.0, level: float = 0.1) -> np.ndarray[Any, Any]:
    return (level * np.random.default_rng(0).standard_normal((round(seconds * RATE_HZ), 2))).astype(np.float32)


def test_a_deviation_is_taken_over_all_runs() -> None:
    deviation = Deviation()
    deviation.add(np.array([1e-9]), np.array([2e-9]))  # silence alone would make any error large
    deviation.add(np.array([2.0]), np.array([2.1]))
    assert deviation.relative == pytest.approx(0.05)
    deviation.add(np.array([1.0]), np.array([np.nan]))
    assert deviation.relative == np.inf


def test_a_bundle_of_before_is_compared_in_what_it_has(tiny_model: Model) -> None:
    """Its decoder takes no contacts and keeps one state less: the model's is then told that no foot comes down."""
    (graph,) = (one for one in declare(tiny_model) if one.name == "decoder")
    spec = graph_spec(graph, "decoder.onnx", "", 20)
    new = ("contact_samples", "loudness", "next_loudness")
    earlier = replace(
        spec,
        inputs=tuple(tensor for tensor in spec.inputs if tensor.name not in new),
        outputs=tuple(tensor for tensor in spec.outputs if tensor.name not in new),
        states=tuple(pair for pair in spec.states if pair[0] not in new),
    )
    given = {name: value.numpy() for name, value in graph.inputs.items() if name in ("latent", "noise")}
    sounds = []
    for one in (earlier, spec):
        runner = TorchRunner(graph, one)
        made, (state,) = runner.run(given, [runner.initial()])
        assert set(made) == {"samples"}
        assert set(runner.save(state)) == {name for name, _ in one.states}
        sounds.append(made["samples"])
    np.testing.assert_array_equal(*sounds)


def test_equal_sounds_differ_in_nothing() -> None:
    found = differences(sound(), sound(), RATE_HZ)
    assert found == {"largest": 0, "relative": 0, "log_mel_db": 0, "level_db": 0, "finite": 1}


def test_a_gain_on_one_ear_is_found_in_both_distances() -> None:
    made = sound() * np.array([1.0, 10 ** (1 / 20)], np.float32)  # right 1 dB louder
    found = differences(sound(), made, RATE_HZ)
    assert found["level_db"] == pytest.approx(1.0, abs=0.01)
    assert 0.3 < found["log_mel_db"] < 0.8


def test_silence_against_sound_is_far_and_silence_against_silence_is_not() -> None:
    silence = np.zeros_like(sound())
    assert differences(sound(), silence, RATE_HZ)["log_mel_db"] > 10
    assert differences(silence, silence, RATE_HZ)["log_mel_db"] == 0


def a_report(
    relative: float = 0.0, log_mel_db: float = 0.0, level_db: float = 0.0, finite: float = 1.0
) -> dict[str, Any]:
    figures = {"precision": "int8", "relative": relative, "limit": PARITY_LIMITS["int8"].graph}
    return {
        "graphs": {"decoder": {"cpu int8": figures}},
        "stream": {"cpu int8": {"log_mel_db": log_mel_db, "level_db": level_db, "finite": finite}},
    }


def test_the_stream_that_is_compared_is_told_half_of_the_time() -> None:
    heard: list[float] = []
    frames = list(demo_frames(2.0, heard.append))
    assert heard == [frame.capture_time_s for frame in frames]
    boxes = [(frame.capture_time_s % 1.0 >= 0.5, box) for frame in frames for box in frame.boxes]
    assert all(len(box.feet) == 2 for told, box in boxes if told)
    assert not any(box.feet or box.contacts or box.surface for told, box in boxes if not told)
    assert {frame.scene is not None for frame in frames if frame.capture_time_s % 1.0 < 0.5} == {False}
    assert 0.4 < np.mean([told for told, _ in boxes]) < 0.6
    state, arrays = CueState(), []
    for frame in frames:
        state, cues = encode(CueSpec(), state, frame)
        arrays.append(cues.feet)
    assert np.abs(np.array(arrays)).max() > 1  # they move as feet do


def test_what_a_frame_tells_is_left_as_it_is_and_feet_are_made_up_where_there_are_none() -> None:
    own, place = (Foot("left", (1.0, 2.0, 3.0)),), ToldScene("rain")
    frame = next(demo_frames(1.0, lambda _s: None))
    boxes = (Box(1, "own", 0, 0, 1, 1, feet=own, surface="ice"), Box(2, "none", 0, 0, 1, 1))
    told = telling(replace(frame, capture_time_s=0.75, boxes=boxes, scene=place))
    assert told.boxes[0] == boxes[0]
    assert [foot.side for foot in told.boxes[1].feet] == ["left", "right"]
    assert told.scene == place


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (a_report(relative=0.5), "graph decoder as cpu int8 strays 5.0e-01"),
        (a_report(relative=float("nan")), "graph decoder"),
        (a_report(log_mel_db=9.0), "log_mel_db 9.000"),
        (a_report(level_db=2.0), "level_db 2.000"),
        (a_report(finite=0.5), "not finite (50.0% are)"),
    ],
)
def test_what_is_past_its_limit_is_named(report: dict[str, Any], words: str) -> None:
    (found,) = breaches(report["graphs"], report["stream"])
    assert words in found
    good = a_report()
    assert breaches(good["graphs"], good["stream"]) == []


def test_effects_on_the_measures_are_held_against_the_limits() -> None:
    whole = {"onset_f1": 0.75, "ild_mae_db": 1.5}
    assert effects({"fp32": whole, "int8": {"onset_f1": 0.745, "ild_mae_db": 1.55}}) == []
    found = effects({"fp32": whole, "int8": {"onset_f1": 0.70, "ild_mae_db": 1.7}})
    assert [line.split(" by ")[0] for line in found] == ["int8 changes onset_f1", "int8 changes ild_mae_db"]


def test_an_evaluation_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEREOSYNC_SOUNDS", str(tmp_path))
    with pytest.raises(MeasureError, match="the evaluation failed"):
        evaluated(tmp_path, ("fp32",), 1)
    assert measures.FIGURES == ("onset_f1", "ild_mae_db")


class Doubling:
    """A stateful runner that adds: y = x + memory, and is `off` by a little."""

    def __init__(self, off: float = 0.0) -> None:
        self.off = off

    def initial(self) -> float:
        return 0.0

    def run(self, inputs: Any, states: Any = ()) -> Any:
        made = inputs["x"] + states[0] + self.off
        return {"y": made}, [float(made[0])]

    def save(self, state: float) -> dict[str, Any]:
        return {"memory": np.array([state])}

    def load(self, arrays: Any) -> float:
        return float(arrays["memory"][0])


def test_compared_runners_are_fed_the_reference_s_own_states() -> None:
    """Errors must not add up: each run starts from the truth."""
    compared = ComparedRunner(Doubling(), {"off": Doubling(0.5)})  # type: ignore[arg-type]
    state = compared.initial()
    for _ in range(4):
        made, (state,) = compared.run({"x": np.array([1.0])}, [state])
    assert made["y"][0] == 4
    assert compared.deviations["off"]["y"].largest == pytest.approx(0.5)
    assert compared.deviations["off"]["memory"].largest == pytest.approx(0.5)
