"""Rows of the pools: each stream its own, free again when forgotten, never one state used twice."""

import numpy as np
import pytest

from stereosync_runners.onnx_runner import Row
from stereosync_runners.pool_rows import PoolRows, RowState, padded, preset_for, presets_up_to
from stereosync_runners.runner import RunnerError


def ran(rows: PoolRows, states: list[RowState]) -> list[RowState]:
    """The states after a run."""
    rows.use(states)
    return rows.advance(states)


def test_streams_have_rows_of_their_own_and_keep_them() -> None:
    rows = PoolRows(3)
    states = [rows.take(), rows.take()]
    taken, fresh = rows.use(states)
    assert sorted(taken) == [0, 1]
    assert fresh == [True, True]
    following = rows.advance(states)
    assert rows.use(following[::-1]) == (taken[::-1], [False, False])


def test_a_state_is_good_for_one_run() -> None:
    rows = PoolRows(2)
    state = rows.take()
    (following,) = ran(rows, [state])
    for refuses in (
        lambda: rows.use([following, state]),
        lambda: rows.checked(state),
        lambda: rows.advance([state]),
    ):
        with pytest.raises(RunnerError, match="good for one run"):
            refuses()
    rows.use([following])  # the refused batch changed nothing


def test_a_state_twice_in_a_batch_and_a_state_of_another_runner_are_refused() -> None:
    rows = PoolRows(2)
    state = rows.take()
    with pytest.raises(RunnerError, match="same state twice"):
        rows.use([state, state])
    with pytest.raises(RunnerError, match="a Row is no state of this runner"):
        rows.use([Row({"memory": np.zeros((1, 2))}, 0)])
    assert rows.use([state])[1] == [True]


def test_rows_are_exhausted_by_states_in_use_only_and_come_back() -> None:
    rows = PoolRows(2)
    never_used = [rows.take() for _ in range(9)]
    following = ran(rows, [rows.take(), rows.take()])
    with pytest.raises(RunnerError, match=r"all 2 places .* --max-sessions above 2"):
        rows.use(never_used[:1])
    with pytest.raises(RunnerError, match="--max-sessions"):
        rows.load()
    del following[1]
    assert rows.use(never_used[:1]) == ([1], [True])


def test_a_state_that_was_used_up_holds_no_row() -> None:
    rows = PoolRows(1)
    kept = [rows.take()]
    following = ran(rows, kept)
    del following
    assert rows.use([rows.take()]) == ([0], [True])
    assert kept[0].lease is None


def test_a_run_that_fails_leaves_its_states_usable_and_their_rows_with_them() -> None:
    rows = PoolRows(1)
    state = rows.take()
    assert rows.use([state]) == rows.use([state]) == ([0], [True])
    with pytest.raises(RunnerError, match="--max-sessions"):
        rows.use([rows.take()])
    del state
    assert rows.use([rows.take()]) == ([0], [True])


def test_a_loaded_state_is_not_fresh_and_a_fresh_one_has_no_row_yet() -> None:
    rows = PoolRows(1)
    assert rows.take().lease is None
    assert rows.use([rows.load()]) == ([0], [False])


def test_a_batch_is_padded_up_to_the_next_preset_with_the_spare_row() -> None:
    assert presets_up_to(1) == (1,)
    assert presets_up_to(8) == (1, 4, 8)
    assert presets_up_to(64) == (1, 4, 16, 64)
    assert [preset_for(count, (1, 4, 16)) for count in (1, 2, 4, 5)] == [1, 4, 4, 16]
    with pytest.raises(RunnerError, match=r"17 streams are more than the device was prepared for \(16\)"):
        preset_for(17, (1, 4, 16))
    assert padded([5, 2], [False, True], 4, spare=7) == ([5, 2, 7, 7], [False, True, True, True])
