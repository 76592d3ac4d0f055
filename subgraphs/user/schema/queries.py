"""The user domain's root fields, and the graph's ``node``."""

from __future__ import annotations

import asyncio

import strawberry

from subgraphs.kit.errors import BadInput
from subgraphs.kit.graph.relay import Connection, Node, Page, from_global
from subgraphs.user.schema.stubs import STUBS
from subgraphs.user.schema.types import Info, Post, User

__all__ = ["Query"]

_MOST_NODES = 100


@strawberry.type
class Query:
    @strawberry.field(description="The caller's own account; null for an anonymous caller.")
    async def viewer(self, info: Info) -> User | None:
        return await User.load(info.context.viewer.id, info)

    @strawberry.field
    async def user(self, info: Info, handle: str) -> User | None:
        row = await info.context.loaders.visible_by_handle(handle)
        return User.of(row, info) if row else None

    @strawberry.field(description="People whose handle or name begins with the text.")
    async def users(
        self, info: Info, search: str, first: int = 20, after: str | None = None
    ) -> Connection[User]:
        loaders = info.context.loaders
        text = search.strip()
        if not 1 <= len(text) <= 100:
            raise BadInput("A search has between 1 and 100 characters.")
        request = info.context.page(f"users:{text.lower()}", first=first, after=after)
        page = Page.cut(request, await info.context.services.repository.search(text, request))
        visible = await loaders.visible_many([row.id for row in page.rows])
        nodes = {row.id: User.of(row, info) for row in visible if row}
        return page.connection(request, lambda r: (r.id.hex,), lambda r: nodes.get(r.id))

    @strawberry.field(description="Anything with a global ID.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:  # noqa: A002
        return await _node(info, id)

    @strawberry.field(description="At most 100 at once; in the order asked for.")
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        if len(ids) > _MOST_NODES:
            raise BadInput(f"At most {_MOST_NODES} ids at once.")
        return list(await asyncio.gather(*(_node(info, i) for i in ids)))


async def _node(info: Info, global_id: str) -> Node | None:
    """One of our own through its policy; for another domain's, the key it will be asked with."""
    found = from_global(global_id)
    if found is None:
        return None
    name, raw = found
    if name == "User":
        return await User.load(raw, info)
    if name == "Post":
        return Post(id=strawberry.ID(global_id))
    stub = STUBS.get(name)
    return stub(id=strawberry.ID(global_id)) if stub else None
