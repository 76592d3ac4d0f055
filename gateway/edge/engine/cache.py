"""Operations that are prepared, bounded by bytes: what compiling adds to one counts as well."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, Protocol, TypeAlias, TypeVar

from gateway.edge.engine.compilation import Compilation
from gateway.supergraph import Denied

__all__ = ["OperationKey", "Remembered"]

OperationKey: TypeAlias = tuple[str, str | None, bool, frozenset[str], Denied]
"""The document, the operation's name, whether its @defer is heeded, the labels that are active, and what is denied."""


class _Compiled(Protocol):
    @property
    def compilation(self) -> Compilation: ...


_P = TypeVar("_P", bound=_Compiled)


class Remembered(Generic[_P]):
    """By key; the least recently used go first, but never the last one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._all: OrderedDict[OperationKey, _P] = OrderedDict()
        self.held = 0
        """About how many bytes."""

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[_P]:
        """All, the last used last."""
        return iter(self._all.values())

    def find(self, key: OperationKey) -> _P | None:
        """It has been used now."""
        found = self._all.get(key)
        if found is not None:
            self._all.move_to_end(key)
        return found

    def recent_first(self) -> Iterator[tuple[OperationKey, _P]]:
        """All, the last used first."""
        return reversed(self._all.items())

    def remember(self, key: OperationKey, made: _P) -> None:
        """Take one in, in place of what had its key."""
        known = self._all.pop(key, None)
        if known is not None:
            self.held -= _weight(key, known)
        self._all[key] = made
        self.held += _weight(key, made)
        self._bound()

    def grown(self, key: OperationKey, compilation: Compilation) -> None:
        """One more form is held with an operation, if that is still here."""
        known = self._all.get(key)
        if known is not None and known.compilation is compilation:
            self.held += _form_weight(key)
            self._bound()

    def forget_one(self) -> None:
        """The least recently used."""
        self.held -= _weight(*self._all.popitem(last=False))

    def clear(self) -> None:
        """Forget all."""
        self._all.clear()
        self.held = 0

    def _bound(self) -> None:
        while self.held > self._limit and len(self._all) > 1:
            self.forget_one()


def _weight(key: OperationKey, made: _Compiled) -> int:
    """About what a document, its tree, its plan and its compiled forms hold, in bytes."""
    return 2000 + 60 * len(key[0]) + made.compilation.forms * _form_weight(key)


def _form_weight(key: OperationKey) -> int:
    return 2000 + 50 * len(key[0])
