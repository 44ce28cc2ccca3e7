"""Rows of the pools: each stream its own, free again when forgotten, never one state used twice."""

import numpy as np
import pytest

from stereosync_runners.pool_rows import Slot, Slots, padded, preset_for, presets_up_to
from stereosync_runners.runner import Row, RunnerError


def ran(slots: Slots, states: list[Slot]) -> list[Slot]:
    """The states after a run."""
    slots.use(states)
    return slots.advance(states)


def test_streams_have_rows_of_their_own_and_keep_them() -> None:
    slots = Slots(3)
    states = [slots.take(), slots.take()]
    rows, fresh = slots.use(states)
    assert sorted(rows) == [0, 1]
    assert fresh == [True, True]
    following = slots.advance(states)
    assert slots.use(following[::-1]) == (rows[::-1], [False, False])


def test_a_state_is_good_for_one_run() -> None:
    slots = Slots(2)
    state = slots.take()
    (following,) = ran(slots, [state])
    for refuses in (
        lambda: slots.use([following, state]),
        lambda: slots.checked(state),
        lambda: slots.advance([state]),
    ):
        with pytest.raises(RunnerError, match="good for one run"):
            refuses()
    slots.use([following])  # the refused batch changed nothing


def test_a_state_twice_in_a_batch_and_a_state_of_another_runner_are_refused() -> None:
    slots = Slots(2)
    state = slots.take()
    with pytest.raises(RunnerError, match="same state twice"):
        slots.use([state, state])
    with pytest.raises(RunnerError, match="a Row is no state of this runner"):
        slots.use([Row({"memory": np.zeros((1, 2))}, 0)])
    assert slots.use([state])[1] == [True]


def test_rows_are_exhausted_by_states_in_use_only_and_come_back() -> None:
    slots = Slots(2)
    never_used = [slots.take() for _ in range(9)]
    following = ran(slots, [slots.take(), slots.take()])
    with pytest.raises(RunnerError, match=r"all 2 places .* --max-sessions above 2"):
        slots.use(never_used[:1])
    with pytest.raises(RunnerError, match="--max-sessions"):
        slots.load()
    del following[1]
    assert slots.use(never_used[:1]) == ([1], [True])


def test_a_state_that_was_used_up_holds_no_row() -> None:
    slots = Slots(1)
    kept = [slots.take()]
    following = ran(slots, kept)
    del following
    assert slots.use([slots.take()]) == ([0], [True])
    assert kept[0].lease is None


def test_a_run_that_fails_leaves_its_states_usable_and_their_rows_with_them() -> None:
    slots = Slots(1)
    state = slots.take()
    assert slots.use([state]) == slots.use([state]) == ([0], [True])
    with pytest.raises(RunnerError, match="--max-sessions"):
        slots.use([slots.take()])
    del state
    assert slots.use([slots.take()]) == ([0], [True])


def test_a_loaded_state_is_not_fresh_and_a_fresh_one_has_no_row_yet() -> None:
    slots = Slots(1)
    assert slots.take().lease is None
    assert slots.use([slots.load()]) == ([0], [False])


def test_a_batch_is_padded_up_to_the_next_preset_with_the_spare_row() -> None:
    assert presets_up_to(1) == (1,)
    assert presets_up_to(8) == (1, 4, 8)
    assert presets_up_to(64) == (1, 4, 16, 64)
    assert [preset_for(count, (1, 4, 16)) for count in (1, 2, 4, 5)] == [1, 4, 4, 16]
    with pytest.raises(RunnerError, match=r"17 streams are more than the device was prepared for \(16\)"):
        preset_for(17, (1, 4, 16))
    assert padded([5, 2], [False, True], 4, spare=7) == ([5, 2, 7, 7], [False, True, True, True])
