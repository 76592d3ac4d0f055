"""What other domains tell this one in the tests, as their events do."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import msgspec

from subgraphs.kit.clock import uuid7
from subgraphs.kit.database.transaction import Event
from subgraphs.kit.events.consumer import Consumer
from subgraphs.kit.graph.relay import to_global
from tests.subgraphs.harness import Harness

__all__ = ["found", "person", "post", "product", "relation", "tell", "word"]

SEARCH = """query ($t: String!, $types: [SearchType!], $n: Int!, $after: String) {
  search(text: $t, types: $types, first: $n, after: $after) {
    edges { cursor node { score node { __typename id } } } pageInfo { hasNextPage endCursor } } }"""


def word() -> str:
    """A word that no other test has said."""
    return "q" + "".join(chr(ord("a") + int(c, 16)) for c in uuid4().hex[:10])


async def tell(ai: Harness, kind: str, payload: dict[str, Any]) -> None:
    """Handle an event as the consumer does when it comes off the stream."""
    consumer = Consumer(
        ai.resources.database,
        ai.resources.redis,
        ai.service.runtime.handlers,
        "test",
        ai.resources.tracer,
        ai.resources.metrics,
    )
    payload = msgspec.json.decode(msgspec.json.encode(payload))
    await consumer.handle(Event(uuid7(), kind, payload.get("id", ""), payload))


async def person(
    ai: Harness,
    handle: str,
    name: str,
    bio: str | None = None,
    *,
    raw: UUID | None = None,
    deleted: bool = False,
) -> str:
    raw = raw or uuid4()
    payload = {"id": raw.hex, "handle": handle, "displayName": name, "bio": bio, "deleted": deleted}
    await tell(ai, "user.profile_changed", payload)
    return to_global("User", raw)


async def post(
    ai: Harness,
    body: str,
    *,
    raw: UUID | None = None,
    author: UUID | None = None,
    visibility: str = "PUBLIC",
    kind: str = "published",
) -> str:
    raw = raw or uuid7()
    payload = {
        "id": raw.hex,
        "author": (author or uuid4()).hex,
        "body": body,
        "visibility": visibility,
        "mediaIds": [],
        "productIds": [],
        "deleted": kind == "deleted",
    }
    await tell(ai, f"content.post_{kind}", payload)
    return to_global("Post", raw)


async def product(
    ai: Harness,
    name: str,
    description: str = "",
    *,
    raw: UUID | None = None,
    owner: UUID | None = None,
    published: bool = True,
    deleted: bool = False,
) -> str:
    raw = raw or uuid4()
    payload = {
        "id": raw.hex,
        "slug": raw.hex,
        "name": name,
        "description": description,
        "storeId": uuid4().hex,
        "ownerId": (owner or uuid4()).hex,
        "published": published,
        "deleted": deleted,
    }
    await tell(ai, "shop.product_changed", payload)
    return to_global("Product", raw)


async def relation(ai: Harness, one: UUID, two: UUID, kind: str, *, held: bool = True) -> None:
    payload = {
        "user": one.hex,
        "other": two.hex,
        "kind": kind,
        "held": held,
        "since": "2026-01-05T08:00:00+00:00",
    }
    await tell(ai, "user.relation_changed", payload)


async def found(
    ai: Harness, asked: str, viewer: UUID | None = None, types: list[str] | None = None, n: int = 20
) -> list[str]:
    """The global IDs of the hits, the best first."""
    answer = await ai.ask(SEARCH, {"t": asked, "types": types, "n": n}, viewer)
    return [edge["node"]["node"]["id"] for edge in answer["search"]["edges"]]
