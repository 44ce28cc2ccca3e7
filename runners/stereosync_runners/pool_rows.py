"""The rows of a device's pools, leased to streams, and the batch sizes that a device is prepared for.

The worker makes every call; rows may come back from any thread, whenever a state is forgotten.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Sequence

from stereosync_runners.runner import RunnerError

PRESETS = (1, 4, 16, 64)


class Lease:
    """A row of the pools, until this object is gone."""

    def __init__(self, row: int) -> None:
        self.row = row


class RowState:
    """One stream's state in the pools, good for one run. `fresh`: it starts at zero, and may have no row yet."""

    def __init__(self, lease: Lease | None, fresh: bool) -> None:
        self.lease = lease
        self.fresh = fresh
        self.used = False


class PoolRows:
    """Rows 0 to `count - 1` of pools that have `count + 1`: the last, `spare`, takes what pads a batch.

    A row is leased when it is first used, goes on from state to state, and is free again when the newest of them is
    forgotten: neither states that were never used nor those that were used up hold one.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.spare = count
        self._free = deque(range(count))

    def take(self) -> RowState:
        """The state before a stream's first run."""
        return RowState(None, fresh=True)

    def load(self) -> RowState:
        """A state with a row at once, which the caller writes.

        Raises:
            RunnerError: no row is free.
        """
        self._check_free(1)
        return RowState(self._lease(), fresh=False)

    def use(self, states: Sequence[object]) -> tuple[list[int], list[bool]]:
        """The rows of a batch's states and which of them are fresh. `advance` must follow once the batch has run;
        where it fails before, the states are as good as they were.

        Raises:
            RunnerError: a state was used before, is in the batch twice or is another runner's, or no row is free.
        """
        row_states = [self.checked(state) for state in states]
        if len(set(row_states)) < len(row_states):
            raise RunnerError("a batch has the same state twice: give each stream the state that its own run returned")
        self._check_free(sum(state.lease is None for state in row_states))
        return [self._leased(state).row for state in row_states], [state.fresh for state in row_states]

    def advance(self, states: Sequence[object]) -> list[RowState]:
        """The states that follow those given to `use`, in the same rows. Those given are used up."""
        return [self._following(self.checked(state)) for state in states]

    def checked(self, state: object) -> RowState:
        """`state`, if it can still be used.

        Raises:
            RunnerError: it was used before, or is another runner's.
        """
        if not isinstance(state, RowState):
            raise RunnerError(f"a {type(state).__name__} is no state of this runner: move it with save and load")
        if state.used:
            raise RunnerError("a state is good for one run and this one had it: go on from what that run returned")
        return state

    def _following(self, state: RowState) -> RowState:
        lease, state.lease, state.used = state.lease, None, True
        return RowState(lease, fresh=False)

    def _leased(self, state: RowState) -> Lease:
        state.lease = state.lease or self._lease()
        return state.lease

    def _lease(self) -> Lease:
        lease = Lease(self._free.popleft())
        weakref.finalize(lease, self._free.append, lease.row).atexit = False
        return lease

    def _check_free(self, wanted: int) -> None:
        if wanted > len(self._free):
            raise RunnerError(
                f"all {self.count} places for the states of streams are taken: raise --max-sessions above {self.count}"
            )


def presets_up_to(most: int) -> tuple[int, ...]:
    """The batch sizes to prepare where up to `most` streams are made at once."""
    return (*(preset for preset in PRESETS if preset < most), most)


def preset_for(count: int, presets: Sequence[int]) -> int:
    """The smallest prepared batch size that `count` streams fit into.

    Raises:
        RunnerError: there is none.
    """
    fitting = [preset for preset in presets if preset >= count]
    if not fitting:
        raise RunnerError(
            f"{count} streams are more than the device was prepared for ({max(presets)}): raise --max-sessions"
        )
    return min(fitting)


def padded(rows: Sequence[int], fresh: Sequence[bool], preset: int, spare: int) -> tuple[list[int], list[bool]]:
    """`rows` and `fresh` of a batch filled up to `preset` with the spare row, which always starts at zero."""
    missing = preset - len(rows)
    return [*rows, *[spare] * missing], [*fresh, *[True] * missing]
