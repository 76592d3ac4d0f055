"""Pages of lists, by keyset: one list, or many parents' lists at the cost of one.

Both are declared once, as a repository's constants, and answer one row more than a page has, in the
direction of its request (for ``Page.cut``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar, overload
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Uuid, true, tuple_
from sqlalchemy.orm import aliased
from sqlalchemy.sql import Executable, Select
from sqlmodel import SQLModel, select

from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given, given_rows, text_to
from subgraphs.kit.graph.relay import PageRequest

__all__ = ["Listing", "ListingByParent", "behind", "gathered", "page_values"]

Row = TypeVar("Row")
Model = TypeVar("Model", bound=SQLModel)


class Listing(Generic[Row]):
    """A list in the order of ``order``, columns that together tell its rows apart."""

    @overload
    def __init__(self, rows: Select[Row], order: Sequence[Any], *, descending: bool = True) -> None: ...

    @overload
    def __init__(
        self: Listing[Any], rows: Executable, order: Sequence[Any], *, descending: bool = True
    ) -> None: ...

    def __init__(self, rows: Any, order: Sequence[Any], *, descending: bool = True) -> None:
        self._order = order
        self._reads = {
            keyed: Read[Row](_paged(rows, order, keyed=keyed, descending=descending))
            for keyed in (False, True)
        }

    async def page(self, database: Database, request: PageRequest, **values: Any) -> Sequence[Row]:
        """The page, given what else the list depends on."""
        read = self._reads[request.key is not None]
        return await database.rows(read, **values, **page_values(request, self._order))


class ListingByParent(Generic[Model]):
    """A list below each of many parents: an index on (parent, order …) gives each page at the cost of its rows.

    ``parent`` and ``order`` are the model's columns.
    """

    def __init__(
        self,
        model: type[Model],
        parent: Any,
        order: Sequence[Any],
        *where: ColumnElement[bool],
        descending: bool = True,
    ) -> None:
        self._parent: str = parent.key
        self._order = order
        rows = select(model).where(*where)
        self._reads = {
            (backwards, keyed): Read[Model](
                _lateral(model, rows, parent, order, keyed=keyed, descending=descending != backwards)
            )
            for backwards in (False, True)
            for keyed in (False, True)
        }

    async def heads(
        self, database: Database, parents: Sequence[UUID], count: int, **values: Any
    ) -> dict[UUID, list[Model]]:
        """The first ``count`` rows of each parent's list; who has none is left out."""
        rows = await database.rows(self._reads[False, False], parents=parents, count=count, **values)
        return self._by_parent(rows)

    async def pages(
        self, database: Database, requests: Sequence[tuple[UUID, PageRequest]], **values: Any
    ) -> dict[tuple[UUID, PageRequest], list[Model]]:
        """Each parent's page. Requests with the same arguments, all those of one field, share one read."""
        groups: dict[tuple[int, bool, tuple[str, ...] | None], list[tuple[UUID, PageRequest]]] = {}
        for asked in requests:
            request = asked[1]
            groups.setdefault((request.count, request.backwards, request.key), []).append(asked)
        found: dict[tuple[UUID, PageRequest], list[Model]] = {}
        for (_, backwards, key), group in groups.items():
            rows = await database.rows(
                self._reads[backwards, key is not None],
                parents=[parent for parent, _ in group],
                **values,
                **page_values(group[0][1], self._order),
            )
            by_parent = self._by_parent(rows)
            found |= {asked: by_parent.get(asked[0], []) for asked in group}
        return found

    def _by_parent(self, rows: Sequence[Model]) -> dict[UUID, list[Model]]:
        found: dict[UUID, list[Model]] = {}
        for row in rows:
            found.setdefault(getattr(row, self._parent), []).append(row)
        return found


def gathered(model: type[Model], rows: Select[Model]) -> type[Model]:
    """Rows that are few and found by their own indexes, for a list of them: found first, and then put in order.

    PostgreSQL would rather walk through all rows in the list's order, which ends soon only where most meet the conditions.
    """
    return aliased(model, rows.cte("gathered").prefix_with("MATERIALIZED"))


def page_values(request: PageRequest, order: Sequence[Any]) -> Mapping[str, Any]:
    """What a page's statement is given: how many rows, and the key it begins behind."""
    values: dict[str, Any] = {"count": request.count + 1}
    for index, (text, ordered) in enumerate(zip(request.key or (), order, strict=False)):
        values[f"after_{index}"] = text_to(ordered)(text)
    return values


def behind(order: Sequence[Any], *, descending: bool) -> ColumnElement[bool]:
    """``(a, b) < (x, y)`` or ``>``: the rows behind the key of ``page_values``."""
    key = tuple_(*(given(f"after_{index}", ordered) for index, ordered in enumerate(order)))
    return tuple_(*order) < key if descending else tuple_(*order) > key


def _paged(rows: Any, order: Sequence[Any], *, keyed: bool, descending: bool) -> Any:
    if keyed:
        rows = rows.where(behind(order, descending=descending))
    return rows.order_by(*_ordered(order, descending)).limit(given("count", Integer))


def _lateral(
    model: type[SQLModel], rows: Any, parent: Any, order: Sequence[Any], *, keyed: bool, descending: bool
) -> Any:
    parents = given_rows("parents", Uuid)
    page = _paged(rows.where(parent == parents.c.value), order, keyed=keyed, descending=descending)
    entity = aliased(model, page.lateral())
    rank = [getattr(entity, ordered.key) for ordered in order]
    return select(entity).select_from(parents).join(entity, true()).order_by(*_ordered(rank, descending))


def _ordered(order: Sequence[Any], descending: bool) -> list[Any]:
    return [ordered.desc() if descending else ordered.asc() for ordered in order]
