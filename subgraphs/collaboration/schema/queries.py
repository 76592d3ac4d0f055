"""The collaboration domain's root fields."""

from __future__ import annotations

import strawberry

from subgraphs.collaboration.schema.types import Document, Info, Workspace
from subgraphs.kit.graph.relay import Connection, Page, id_of

__all__ = ["Query"]


@strawberry.type
class Query:
    @strawberry.field(description="The viewer's workspaces, newest first.")
    async def workspaces(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[Workspace]:
        viewer = info.context.viewer.require()
        request = info.context.page(f"workspaces:{viewer.hex}", first=first, after=after)
        page = Page.cut(request, await info.context.services.repository.joined(viewer, request))
        found = await info.context.loaders.visible_workspaces(page.rows)
        nodes = {row.id: Workspace.of(row) for row in found if row}
        return page.connection(request, lambda raw: (raw.hex,), nodes.get)

    @strawberry.field
    async def workspace(self, info: Info, slug: str) -> Workspace | None:
        return await Workspace.load(await info.context.loaders.by_slug.load(slug), info)

    @strawberry.field
    async def document(self, info: Info, id: strawberry.ID) -> Document | None:  # noqa: A002
        return await Document.load(id_of("Document", id), info)
