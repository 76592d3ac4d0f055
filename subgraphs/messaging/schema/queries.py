"""The messaging domain's root fields."""

from __future__ import annotations

import strawberry

from subgraphs.kit.graph.relay import Connection, Page, id_of
from subgraphs.messaging.schema.types import Conversation, Info

__all__ = ["Query"]


@strawberry.type
class Query:
    @strawberry.field(description="The viewer's conversations, the liveliest first.")
    async def conversations(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[Conversation]:
        viewer = info.context.viewer.require()
        request = info.context.page(f"conversations:{viewer.hex}", first=first, after=after)
        page = Page.cut(request, await info.context.services.repository.listed(viewer, request))
        found = await info.context.loaders.visible_conversations([c for c, _ in page.rows])
        nodes = {row.id: Conversation.of(row) for row in found if row}
        return page.connection(request, lambda r: (r[1].isoformat(), r[0].hex), lambda r: nodes.get(r[0]))

    @strawberry.field
    async def conversation(self, info: Info, id: strawberry.ID) -> Conversation | None:  # noqa: A002
        return await Conversation.load(id_of("Conversation", id), info)
