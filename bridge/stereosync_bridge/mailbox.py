"""A place for one item, in which the latest wins: a sender that falls behind drops old frames, not new ones.

Used by one thread.
"""

from __future__ import annotations

from typing import Generic, TypeVar

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """Holds at most one item; `replaced` counts those that were overwritten unread."""

    def __init__(self) -> None:
        self._item: Item | None = None
        self.replaced = 0

    def put(self, item: Item) -> None:
        if self._item is not None:
            self.replaced += 1
        self._item = item

    def take(self) -> Item | None:
        item, self._item = self._item, None
        return item

    def __bool__(self) -> bool:
        return self._item is not None
