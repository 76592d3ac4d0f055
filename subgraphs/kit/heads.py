"""The first rows of lists that are the same for every viewer, through the cache; what is behind them, by statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from subgraphs.kit.lookups import Lookup
from subgraphs.kit.relay import PageRequest

__all__ = ["HEAD", "Heads"]

Model = TypeVar("Model")
_Request = tuple[UUID, PageRequest]
_Pages = dict[_Request, list[Model]]

HEAD = 11
"""So many rows of a list are kept: a page of ten, and one to see that there are more."""


class Heads(Generic[Model]):
    """Pages below parents. ``rest`` answers those that are not within the head."""

    def __init__(
        self,
        heads: Lookup[UUID, list[Model]],
        rest: Callable[[Sequence[_Request]], Awaitable[_Pages[Model]]],
    ) -> None:
        self._heads = heads
        self._rest = rest

    async def pages(self, requests: Sequence[_Request]) -> _Pages[Model]:
        """A page of each list, one row more than asked for."""
        within = [one for one in requests if _within(one[1])]
        behind = [one for one in requests if not _within(one[1])]
        heads = await self._heads.load(list(dict.fromkeys(parent for parent, _ in within))) if within else {}
        found = {one: heads.get(one[0], [])[: one[1].count + 1] for one in within}
        return found | await self._rest(behind) if behind else found


def _within(request: PageRequest) -> bool:
    return request.key is None and not request.backwards and request.count < HEAD
