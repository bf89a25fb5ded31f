"""What is remembered lately, bounded: documents, plans, texts."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A mapping that forgets what was not used for longest when it has too much, by number or by weight.

    `weighs` is what all together weigh.
    """

    def __init__(self, maximum: int, weight: int = 0) -> None:
        self.maximum = maximum
        self.weight = weight
        self._items: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self.weighs = 0

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: Key) -> Value | None:
        """The value, which then counts as used."""
        item = self._items.get(key)
        if item is None:
            return None
        self._items.move_to_end(key)
        return item[0]

    def put(self, key: Key, value: Value, weight: int = 0) -> None:
        """Keep a value; one that weighs too much by itself is forgotten at once, and all others with it."""
        self.weighs += weight - self._items.pop(key, (None, 0))[1]
        self._items[key] = value, weight
        while len(self._items) > self.maximum or self.weighs > self.weight:
            _, (_, less) = self._items.popitem(last=False)
            self.weighs -= less
