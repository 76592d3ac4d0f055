"""The ai domain's root fields."""

from __future__ import annotations

import strawberry

from subgraphs.ai.schema.types import (
    FINDABLE,
    Info,
    SearchConnection,
    SearchEdge,
    SearchHit,
    SearchType,
)
from subgraphs.kit.errors import BadInput
from subgraphs.kit.graph.relay import Page, to_global

__all__ = ["Query"]

_LONGEST = 200


@strawberry.type
class Query:
    @strawberry.field(
        description=(
            "People, posts and products that have every word of the text, or words that begin with it, "
            "the best first. Only what is public, and nothing across a block."
        )
    )
    async def search(
        self,
        info: Info,
        text: str,
        types: list[SearchType] | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> SearchConnection:
        services = info.context.services
        if len(text) > _LONGEST:
            raise BadInput(f"A search has at most {_LONGEST} characters.")
        names = sorted({t.value.title() for t in (SearchType if types is None else types)})
        request = info.context.page(f"search:{' '.join(names)}:{text}", first=first, after=after)
        page = Page.cut(request, await services.search(info.context.viewer.id, text, names, request))
        hits = await info.context.loaders.found(page.rows)
        edges = [
            SearchEdge(
                cursor=request.cursor(hit.score, hit.id.hex),
                node=SearchHit(
                    score=hit.score / 1_000_000, node=FINDABLE[hit.type](id=to_global(hit.type, hit.id))
                ),
            )
            for hit in hits
        ]
        found = Page(hits, page.has_next, page.has_previous)
        info_ = found.connection(request, lambda h: (h.score, h.id.hex), lambda h: h).page_info
        return SearchConnection(edges=edges, page_info=info_)
