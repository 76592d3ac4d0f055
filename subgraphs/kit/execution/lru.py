"""A cache that is bounded by what its entries weigh; the one unused longest goes first. Any thread may ask it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["WeighedCache"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class WeighedCache(Generic[K, V]):
    """Entries by key, at most ``capacity`` bytes of them by the callers' estimates."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.weight = 0
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[V]:
        with self._lock:
            return iter([value for value, _ in self._entries.values()])

    def get(self, key: K) -> V | None:
        """The entry, which is now the one used last."""
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            self._entries.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V, weight: int) -> None:
        """Keep the entry, at the cost of older ones; one that alone is too heavy is not kept."""
        with self._lock:
            self._drop(key)
            if weight > self.capacity:
                return
            self._entries[key] = (value, weight)
            self.weight += weight
            while self.weight > self.capacity:
                _, (_, least) = self._entries.popitem(last=False)
                self.weight -= least

    def drop(self, key: K) -> None:
        """Forget the entry, if there is one."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: K) -> None:
        found = self._entries.pop(key, None)
        if found is not None:
            self.weight -= found[1]
