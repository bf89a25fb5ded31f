"""Memories: what was found out lately, and is believed for some seconds."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

MOST = 10_000


@dataclass
class Memory(Generic[Key, Value]):
    """Values by key, and when they were asked for. `MOST` are kept, those that were used last."""

    clock: Callable[[], float]
    _items: OrderedDict[Key, tuple[float, Value]] = field(default_factory=OrderedDict)

    def get(self, key: Key) -> Value | None:
        """What was found out, however long ago."""
        item = self._items.get(key)
        if item is None:
            return None
        self._items.move_to_end(key)
        return item[1]

    def fresh(self, key: Key, seconds: float) -> Value | None:
        """What was asked for less than so many seconds ago."""
        item = self._items.get(key)
        return self.get(key) if item is not None and self.clock() - item[0] < seconds else None

    def put(self, key: Key, value: Value, at: float) -> None:
        """Remember what was asked for at a moment: from then on it may have become another."""
        self._items[key] = at, value
        self._items.move_to_end(key)
        if len(self._items) > MOST:
            self._items.popitem(last=False)

    def forget(self, key: Key) -> None:
        """Believe it no more."""
        self._items.pop(key, None)
