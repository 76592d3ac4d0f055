"""Relay's global IDs, and connections by keyset cursors (https://relay.dev/graphql/connections.htm).

The types are the kit's own: Strawberry's ``PageInfo`` is not ``@shareable``, and its ``Node`` hands
``resolve_reference`` an id still encoded.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar, cast
from uuid import UUID

import strawberry
from msgspec import Struct

from subgraphs.kit.errors import BadInput
from subgraphs.kit.graph.late import late
from subgraphs.kit.identity.secrets import Sealer
from subgraphs.kit.uuids import DriversUUID

__all__ = [
    "Connection",
    "Edge",
    "Node",
    "Page",
    "PageInfo",
    "PageRequest",
    "from_global",
    "id_of",
    "to_global",
]

T = TypeVar("T")
N = TypeVar("N")

_KNOWN: Final = 8192
"""Ids, of either form, of which the other is remembered."""
_LONGEST: Final = 200
"""Characters of a global ID; ours have some sixty."""


@lru_cache(maxsize=_KNOWN)
def to_global(type_name: str, raw: UUID) -> strawberry.ID:
    """``base64("Type:hex")``."""
    text = f"{type_name}:{raw.hex}".encode()
    return strawberry.ID(binascii.b2a_base64(text, newline=False).decode())


def from_global(global_id: str) -> tuple[str, UUID] | None:
    """The type's name and the raw id, or None where it is no global ID of ours."""
    try:
        name, _, raw = binascii.a2b_base64(global_id, strict_mode=True).decode().partition(":")
        return (name, DriversUUID(raw)) if name and len(raw) == 32 else None
    except (ValueError, binascii.Error):
        return None


_known = lru_cache(maxsize=_KNOWN)(from_global)


def id_of(type_name: str, global_id: str) -> UUID | None:
    """The raw id, or None where it is malformed or of another type."""
    found = _known(global_id) if len(global_id) <= _LONGEST else None
    return found[1] if found and found[0] == type_name else None


@strawberry.interface(description="Anything with a global ID.")
class Node:
    id: strawberry.ID


@late("start_cursor", "end_cursor")
@strawberry.federation.type(shareable=True)
class PageInfo:
    has_next_page: bool = False
    has_previous_page: bool = False
    start_cursor: str | None = None
    end_cursor: str | None = None


@late("cursor")
@strawberry.federation.type(shareable=True)
class Edge(Generic[N]):
    cursor: str
    node: N | None


@late("page_info")
@strawberry.federation.type(shareable=True)
class Connection(Generic[N]):
    edges: list[Edge[N]]
    page_info: PageInfo


class PageRequest(Struct, frozen=True):
    """``first`` and ``after``, or ``last`` and ``before``, checked; ``key`` is the decoded cursor."""

    count: int
    key: tuple[str, ...] | None
    backwards: bool
    sealer: Sealer
    name: str

    @classmethod
    def read(
        cls,
        sealer: Sealer,
        name: str,
        *,
        first: int | None,
        after: str | None,
        last: int | None = None,
        before: str | None = None,
        limit: int = 100,
        default: int = 20,
    ) -> PageRequest:
        """Raises BadInput on a count out of range or a cursor that is not of the list ``name``."""
        backwards = last is not None or (before is not None and after is None)
        count = (last if backwards else first) if (last if backwards else first) is not None else default
        if count is None or not 0 <= count <= limit:
            raise BadInput(f"A page has between 0 and {limit} entries; {count} were asked for.")
        cursor = before if backwards else after
        key = None
        if cursor is not None:
            opened = sealer.open(cursor, name)
            if opened is None:
                raise BadInput("The cursor is not one of this list.")
            key = tuple(opened.split("\x1f"))
        return cls(count, key, backwards, sealer, name)

    def cursor(self, *key: object) -> str:
        """The cursor of a row whose sort key this is."""
        return self.sealer.seal("\x1f".join(map(str, key)), self.name)


class Page(Struct, Generic[T], frozen=True):
    """Rows of one page in the list's order, and whether there are more behind and before."""

    rows: Sequence[T]
    has_next: bool
    has_previous: bool

    @classmethod
    def cut(cls, request: PageRequest, fetched: Sequence[T]) -> Page[T]:
        """From one row more than asked for, fetched in the direction of the request."""
        more = len(fetched) > request.count
        rows = list(fetched[: request.count])
        if request.backwards:
            return cls(rows[::-1], request.key is not None, more)
        return cls(rows, more, request.key is not None)

    def connection(
        self, request: PageRequest, key: Callable[[T], tuple[object, ...]], node: Callable[[T], N | None]
    ) -> Connection[N]:
        """The connection: a cursor from each row's sort key. A row that ``node`` hides (None) leaves no edge.

        The page's ends are those of its rows where the list goes on, so that a page of hidden ones is passed.
        """

        def cursor(row: T) -> Any:
            return lambda: request.cursor(*key(row))

        seen: list[T] = []
        edges: list[Edge[N]] = []
        for row in self.rows:
            if (made := node(row)) is not None:
                seen.append(row)
                edges.append(Edge(cursor=cursor(row), node=made))

        def page_info() -> PageInfo:
            first, last = self.rows if self.has_previous else seen, self.rows if self.has_next else seen
            return PageInfo(
                has_next_page=self.has_next,
                has_previous_page=self.has_previous,
                start_cursor=cursor(first[0]) if first else None,
                end_cursor=cursor(last[-1]) if last else None,
            )

        return Connection(edges=edges, page_info=cast("Any", page_info))
