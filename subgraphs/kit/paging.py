"""Pages of many parents' lists in one statement: a list inside a list costs what one list costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, column, true, values
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, select

from subgraphs.kit.database import Database
from subgraphs.kit.relay import PageRequest, after_key

__all__ = ["pages_by_parent"]

Row = TypeVar("Row", bound=SQLModel)


async def pages_by_parent(
    database: Database,
    model: type[Row],
    parent: Any,
    order: Sequence[Any],
    requests: Sequence[tuple[UUID, PageRequest]],
    *,
    parse: Callable[[tuple[str, ...]], Sequence[Any]],
    where: Sequence[ColumnElement[bool]] = (),
    descending: bool = True,
) -> dict[tuple[UUID, PageRequest], list[Row]]:
    """One row more than each page has, in the direction of its request (for ``Page.cut``).

    ``parent`` and ``order`` are the model's columns, ``parse`` turns a cursor's texts into the order's
    values. Requests with the same arguments, all those of one field, share one LATERAL statement, so an
    index on (parent, order…) gives each page at the cost of its rows.
    """
    groups: dict[tuple[int, bool, tuple[str, ...] | None], list[tuple[UUID, PageRequest]]] = {}
    for asked in requests:
        request = asked[1]
        groups.setdefault((request.count, request.backwards, request.key), []).append(asked)
    found: dict[tuple[UUID, PageRequest], list[Row]] = {}
    for (count, backwards, key), group in groups.items():
        parents = values(column("parent", Uuid), name="parents").data([(p,) for p, _ in group])
        falling = descending != backwards
        page = select(model).where(parent == parents.c.parent, *where)
        if key is not None:
            page = page.where(after_key(order, parse(key), descending=falling))
        page = page.order_by(*(c.desc() if falling else c.asc() for c in order)).limit(count + 1)
        entity = aliased(model, page.lateral())
        rank = [getattr(entity, c.key) for c in order]
        statement = (
            select(entity)
            .select_from(parents)
            .join(entity, true())
            .order_by(*(c.desc() if falling else c.asc() for c in rank))
        )
        by_parent: dict[UUID, list[Row]] = {}
        for row in await database.rows(statement):
            by_parent.setdefault(getattr(row, parent.key), []).append(row)
        found |= {asked: by_parent.get(asked[0], []) for asked in group}
    return found
