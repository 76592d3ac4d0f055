"""What is found, and what this domain adds to posts and products."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TypeAlias

import strawberry
from strawberry.federation.types import FieldSet

from subgraphs.ai.loaders import Loaders
from subgraphs.ai.repository import MOST_RELATED
from subgraphs.ai.schema.stubs import User
from subgraphs.ai.service import Services
from subgraphs.kit.domain.context import Context
from subgraphs.kit.errors import BadInput
from subgraphs.kit.execution import together
from subgraphs.kit.graph.relay import Node, PageInfo, id_of, to_global

__all__ = [
    "FINDABLE",
    "Info",
    "Post",
    "Product",
    "SearchConnection",
    "SearchEdge",
    "SearchHit",
    "SearchType",
]

Info: TypeAlias = strawberry.Info[Context[Loaders, Services], None]

_MOST_WORDS = 200


@strawberry.enum
class SearchType(Enum):
    USER = "USER"
    POST = "POST"
    PRODUCT = "PRODUCT"


@strawberry.type
class Summary:
    text: str


async def _summaries(posts: Sequence[Post], info: Info, max_words: int = 40) -> list[Summary | None]:
    if not 1 <= max_words <= _MOST_WORDS:
        raise BadInput(f"A summary has between 1 and {_MOST_WORDS} words.")
    grants, viewer, provider = (
        info.context.resources.grants,
        info.context.viewer,
        info.context.services.provider,
    )
    found: list[Summary | None] = []
    for post in posts:
        raw, text = id_of("Post", post.id), ""
        if raw is not None and grants.holds(post.view_grant, "Post", raw, viewer):
            text = await provider.summarise(post.body or "", max_words)
        found.append(Summary(text=text) if text else None)
    return found


@strawberry.federation.type(keys=["id"])
class Post(Node):
    body: str | None = strawberry.federation.field(external=True, default=None)
    view_grant: str | None = strawberry.federation.field(external=True, default=None)

    @classmethod
    def resolve_reference(
        cls,
        id: strawberry.ID,  # noqa: A002
        body: str | None = None,
        viewGrant: str | None = None,  # noqa: N803 - named as in the representation
    ) -> Post:
        return cls(id=id, body=body, view_grant=viewGrant)

    summary: Summary | None = strawberry.federation.field(
        resolver=together(_summaries),
        requires=[FieldSet("viewGrant body")],
        description="What the post says, in its own words; null where it says nothing.",
    )


@strawberry.federation.type(keys=["id"])
class Product(Node):
    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Product:  # noqa: A002
        return cls(id=id)

    @strawberry.field(description="Other products like this one, the likest first.")
    async def related(self, info: Info, first: int = 6) -> list[Product | None]:
        if not 0 <= first <= MOST_RELATED:
            raise BadInput(f"Between 0 and {MOST_RELATED} related products can be asked for.")
        raw, loaders = id_of("Product", self.id), info.context.loaders
        others = await loaders.related.load((raw, first)) if raw else []
        relations = await loaders.relations.load_many([owner for _, owner in others])
        return [
            Product(id=to_global("Product", other))
            for (other, _), relation in zip(others, relations, strict=True)
            if not relation.severed
        ]


FINDABLE: dict[str, type[User | Post | Product]] = {"User": User, "Post": Post, "Product": Product}


@strawberry.type(description="One thing found; its owner decides once more whether the viewer may open it.")
class SearchHit:
    score: float = strawberry.field(description="Between 0 and 1.")
    node: Node | None


@strawberry.type
class SearchEdge:
    cursor: str
    node: SearchHit | None


@strawberry.type
class SearchConnection:
    edges: list[SearchEdge]
    page_info: PageInfo
