"""The first rows of lists, through the cache; what is behind them, by statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.graph.relay import PageRequest

__all__ = ["HEAD", "Heads", "SeenHeads"]

Model = TypeVar("Model")
_Request = tuple[UUID, PageRequest]
_Pages = dict[_Request, list[Model]]

HEAD = 11
"""So many rows of a list are kept: a page of ten, and one to see that there are more."""


class Heads(Generic[Model]):
    """Pages below parents of lists that are the same for every viewer. ``rest`` answers those that are not within the head."""

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


class SeenHeads(Generic[Model]):
    """Pages below parents of lists from which a policy keeps some rows from some viewers.

    The ids of a list's first rows are kept, whoever may see them. Where the viewer may see all of those that are on the
    page, that is the page; otherwise ``rest`` answers, as it does behind the head.
    """

    def __init__(
        self,
        heads: Lookup[UUID, list[UUID]],
        seen: Callable[[Sequence[UUID]], Awaitable[Sequence[Model | None]]],
        rest: Callable[[Sequence[_Request]], Awaitable[_Pages[Model]]],
    ) -> None:
        """``seen``: the rows of these ids, None for each that the viewer may not see."""
        self._heads = heads
        self._seen = seen
        self._rest = rest

    async def pages(self, requests: Sequence[_Request]) -> _Pages[Model]:
        """A page of each list, one row more than asked for."""
        found = await self._from_heads(requests) if self._heads.kept else {}
        others = [one for one in requests if one not in found]
        return found | await self._rest(others) if others else found

    async def _from_heads(self, requests: Sequence[_Request]) -> _Pages[Model]:
        within = [one for one in requests if _within(one[1])]
        if not within:
            return {}
        heads = await self._heads.load(list(dict.fromkeys(parent for parent, _ in within)))
        ids = {one: heads.get(one[0], [])[: one[1].count + 1] for one in within}
        listed = list(dict.fromkeys(i for page in ids.values() for i in page))
        rows = dict(zip(listed, await self._seen(listed), strict=True)) if listed else {}
        pages = {one: [row for i in page if (row := rows[i]) is not None] for one, page in ids.items()}
        return {one: page for one, page in pages.items() if len(page) == len(ids[one])}


def _within(request: PageRequest) -> bool:
    return request.key is None and not request.backwards and request.count < HEAD
