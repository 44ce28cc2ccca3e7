"""Running engines: states that stay on the card, batches that are padded, graphs captured once and launched."""

from __future__ import annotations

import gc
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fake_tensorrt import SPECS, WEIGHTS, Array, FakeLibrary, Toys, stepped

from stereosync.bundle import TensorSpec
from stereosync_runners.runner import RunnerError
from stereosync_runners.tensorrt.runner import TensorRTRunner

PRESETS, TURNS, WARM_UP_RUNS = 3, 2, 3  # for seven streams: 1, 4 and 7


def engine_of(
    library: FakeLibrary, toys: Toys, kind: str = "pooled", sessions: int = 7, **changes: Any
) -> TensorRTRunner:
    spec = replace(SPECS[kind], **changes)
    return TensorRTRunner(library, library.cuda, kind, toys.serialized[kind], spec, sessions, sessions)


def inputs_of(seed: int, count: int) -> dict[str, Array]:
    return {"x": np.random.default_rng(seed).standard_normal((count, 4)).astype(np.float32)}


def test_streams_in_changing_batches_equal_each_computed_alone_on_the_host(library: FakeLibrary, toys: Toys) -> None:
    engine = engine_of(library, toys)
    states = [engine.initial() for _ in range(7)]
    expected = [np.zeros((1, 4), np.float32)] * 7
    for turn, batch in enumerate([[0], [1, 0], [4, 2, 3, 0, 1], [6], [5, 6, 2], [0, 1, 2, 3, 4, 5, 6], [3], [3]]):
        given = inputs_of(turn, len(batch))
        made, following = engine.run(given, [states[stream] for stream in batch])
        assert made.keys() == {"y"}
        for row, stream in enumerate(batch):
            y, expected[stream] = stepped(given["x"][row : row + 1], expected[stream])
            assert np.allclose(made["y"][row], y, atol=1e-6)
            states[stream] = following[row]
    for state, alone in zip(states, expected, strict=True):
        assert np.allclose(engine.save(state)["m"], alone, atol=1e-6)


def test_a_batch_of_streams_equals_each_alone_in_another_engine(library: FakeLibrary, toys: Toys) -> None:
    together, alone = engine_of(library, toys), engine_of(library, toys)
    batch = [together.initial() for _ in range(5)]
    single = [alone.initial() for _ in range(5)]
    for turn in range(3):
        given = inputs_of(turn, 5)
        made, batch = together.run(given, batch)
        for row in range(5):
            one, (single[row],) = alone.run({"x": given["x"][row : row + 1]}, [single[row]])
            assert np.allclose(one["y"], made["y"][row : row + 1], atol=1e-6)


def test_what_a_run_returned_is_not_overwritten_by_the_next(library: FakeLibrary, toys: Toys) -> None:
    engine = engine_of(library, toys, "plain")
    first, states = engine.run(inputs_of(0, 1))
    before = first["y"].copy()
    engine.run(inputs_of(1, 1))
    assert states == []
    assert np.array_equal(first["y"], before)
    assert np.std(before) > 1e-3


def test_rows_that_pad_a_batch_leave_other_streams_alone_and_are_not_returned(library: FakeLibrary, toys: Toys) -> None:
    engine = engine_of(library, toys)
    _, (kept,) = engine.run(inputs_of(0, 1), [engine.initial()])
    before = engine.save(kept)["m"]
    made, _ = engine.run(inputs_of(1, 3), [engine.initial() for _ in range(3)])
    assert made["y"].shape == (3, 4)
    assert np.array_equal(engine.save(kept)["m"], before)
    assert np.abs(before).max() > 1e-3


def test_places_are_exhausted_and_come_back_when_states_are_forgotten(library: FakeLibrary, toys: Toys) -> None:
    engine = engine_of(library, toys, sessions=2)
    _, states = engine.run(inputs_of(0, 2), [engine.initial(), engine.initial()])
    with pytest.raises(RunnerError, match=r"all 2 places .* --max-sessions"):
        engine.run(inputs_of(1, 1), [engine.initial()])
    del states[0]
    made, _ = engine.run(inputs_of(1, 1), [engine.initial()])
    assert np.allclose(made["y"], stepped(inputs_of(1, 1)["x"], 0)[0], atol=1e-6)  # nothing of who was there before


def test_a_state_that_was_used_is_refused(library: FakeLibrary, toys: Toys) -> None:
    engine = engine_of(library, toys)
    state = engine.initial()
    engine.run(inputs_of(0, 1), [state])
    with pytest.raises(RunnerError, match="good for one run"):
        engine.run(inputs_of(0, 1), [state])
    with pytest.raises(RunnerError, match="good for one run"):
        engine.save(state)


def test_each_size_and_turn_is_captured_once_and_then_only_launched(library: FakeLibrary, toys: Toys) -> None:
    engine = engine_of(library, toys)
    card, contexts = library.cuda, library.engines[0].contexts
    assert card.captures == card.graphs == len(contexts) == PRESETS * TURNS
    executed = [context.executed for context in contexts]
    assert executed == [WARM_UP_RUNS + 1] * len(contexts)
    for count in (1, 2, 7, 3):
        engine.run(inputs_of(0, count), [engine.initial() for _ in range(count)])
    assert card.launches == 4
    assert card.captures == PRESETS * TURNS
    assert [context.executed for context in contexts] == executed


def test_a_graph_without_states_has_no_turns(library: FakeLibrary, toys: Toys) -> None:
    engine = engine_of(library, toys, "plain")
    assert library.cuda.captures == PRESETS
    for count in (1, 5, 1):
        given = inputs_of(count, count)
        made, _ = engine.run(given)
        assert np.allclose(made["y"], np.tanh(given["x"] @ WEIGHTS), atol=1e-6)


def test_a_card_that_cannot_capture_runs_without_and_says_so_once(
    library: FakeLibrary, toys: Toys, caplog: pytest.LogCaptureFixture
) -> None:
    library.cuda.capturable = False
    engine = engine_of(library, toys)
    assert [record.message for record in caplog.records] == [
        "graph pooled runs without CUDA graphs, which is slower: CUDA refuses cudaStreamEndCapture (invalidated)"
    ]
    given = inputs_of(0, 2)
    made, states = engine.run(given, [engine.initial(), engine.initial()])
    again, _ = engine.run(given, states)
    y, m = stepped(given["x"], np.zeros((2, 4), np.float32))
    assert np.allclose(made["y"], y, atol=1e-6)
    assert np.allclose(again["y"], stepped(given["x"], m)[0], atol=1e-6)
    assert library.cuda.launches == 0


def test_an_input_of_another_shape_is_refused_and_the_state_is_still_good(library: FakeLibrary, toys: Toys) -> None:
    engine = engine_of(library, toys)
    state = engine.initial()
    with pytest.raises(RunnerError, match=r"graph pooled needs x \[1, 4\] and got \[1, 5\]"):
        engine.run({"x": np.zeros((1, 5), np.float32)}, [state])
    with pytest.raises(RunnerError, match=r"needs x \[1, 4\] and got none"):
        engine.run({"z": np.zeros((1, 4), np.float32)}, [state])
    with pytest.raises(RunnerError, match=r"8 streams are more than the device was prepared for \(7\)"):
        engine.run(inputs_of(0, 8), [engine.initial() for _ in range(8)])
    engine.run(inputs_of(0, 1), [state])


def test_a_stream_moves_from_one_engine_to_another(library: FakeLibrary, toys: Toys) -> None:
    before, after = engine_of(library, toys), engine_of(library, toys, sessions=2)
    _, (state,) = before.run(inputs_of(0, 1), [before.initial()])
    moved, fresh = after.load(before.save(state)), after.load(before.save(before.initial()))
    made, _ = after.run(inputs_of(1, 2), [moved, fresh])
    expected, _ = before.run({"x": inputs_of(1, 2)["x"][:1]}, [state])
    assert np.allclose(made["y"][:1], expected["y"], atol=1e-6)
    assert np.allclose(made["y"][1:], stepped(inputs_of(1, 2)["x"][1:], 0)[0], atol=1e-6)


def test_a_run_that_fails_leaves_the_states_as_they_were(library: FakeLibrary, toys: Toys) -> None:
    library.cuda.capturable = False
    engine = engine_of(library, toys)
    state = engine.initial()
    library.engines[0].fails = True
    with pytest.raises(RunnerError, match=r"the engine of pooled fails .*illegal memory access"):
        engine.run(inputs_of(0, 1), [state])
    library.engines[0].fails = False
    made, _ = engine.run(inputs_of(0, 1), [state])
    assert np.allclose(made["y"], stepped(inputs_of(0, 1)["x"], 0)[0], atol=1e-6)


def test_the_card_gets_everything_back_when_the_engine_is_forgotten(library: FakeLibrary, toys: Toys) -> None:
    engine = engine_of(library, toys)
    card = library.cuda
    assert card.memory
    assert card.streams
    del engine
    gc.collect()
    assert (card.memory, card.streams, card.graphs) == ({}, set(), 0)


def test_an_engine_of_another_graph_is_refused(library: FakeLibrary, toys: Toys) -> None:
    with pytest.raises(RunnerError, match=r"disagree about 'x': the engine has an input \[-1, 4\] .* \[-1, 9\]"):
        engine_of(library, toys, "plain", inputs=(TensorSpec("x", (1, 9)),))
    with pytest.raises(RunnerError, match=r"disagree about 'fresh': the engine has none"):
        TensorRTRunner(library, library.cuda, "it", toys.serialized["plain"], SPECS["pooled"], 1, 1)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("The engine plan file is not compatible with this version of TensorRT", "of another version of the library"),
        ("The engine plan file is generated on an incompatible device", "for another card"),
        ("Serialization assertion failed: magic tag does not match", "damaged or cut short"),
        ("CUDA driver version is insufficient for CUDA runtime version", "driver is missing or too old"),
        ("Something new", "cannot be used: Something new: build it again"),
    ],
)
def test_an_engine_that_does_not_open_is_refused_with_the_reason(
    library: FakeLibrary, toys: Toys, said: str, words: str
) -> None:
    library.refuses = said
    with pytest.raises(RunnerError, match=words) as raised:
        engine_of(library, toys)
    assert said in str(raised.value)


def test_the_librarys_own_check_of_an_engine_is_told_where_it_has_one(library: FakeLibrary, toys: Toys) -> None:
    flags = {"VERSION_MISMATCH": 1, "UNSUPPORTED_CC": 2, "MALFORMED_ENGINE": 32}
    library.refuses = "Error Code 9"
    library.EngineInvalidityDiagnostics = SimpleNamespace(__members__=flags)
    opened = library.Runtime

    def with_check(logger: Any) -> Any:
        runtime = opened(logger)
        runtime.get_engine_validity = lambda _: ("invalid", 2)
        return runtime

    library.Runtime = with_check  # type: ignore[method-assign]
    with pytest.raises(RunnerError, match=r"it is for another card \(UNSUPPORTED_CC\): build it on this one"):
        engine_of(library, toys)


def test_kernels_are_compiled_before_a_capture_where_the_library_would_put_it_off(
    library: FakeLibrary, toys: Toys
) -> None:
    library.DynamicShapesKernelSpecializationStrategy = SimpleNamespace(EAGER="eager")
    engine_of(library, toys)
    how = library.engines[0].contexts[0].how
    assert how.dynamic_shapes_kernel_specialization_strategy == "eager"
    assert how.strategy == "user managed"
