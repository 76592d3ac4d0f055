"""The first pages of an author's and of a product's posts, which the cache keeps for all viewers alike."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from subgraphs.kit.authorization.relations import BLOCK, FOLLOW
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.graph.relay import to_global
from tests.cached import comes_to
from tests.subgraphs.content.acting import change, delete_post, publish, relate
from tests.subgraphs.harness import Harness

_FIELDS = (
    "... on User { posts(first: 2) { pageInfo { hasNextPage } edges { node { body } } } }",
    "... on Product { mentions(first: 2) { pageInfo { hasNextPage } edges { node { body } } } }",
)


class _Lists:
    """An author who tags one product in every post."""

    def __init__(self, content: Harness) -> None:
        self.content = content
        self.author, self.product = uuid4(), uuid4()
        self.statements = 0

    async def publish(self, body: str, visibility: str = "PUBLIC") -> str:
        tagged = [to_global("Product", self.product)]
        return await publish(self.content, self.author, body, visibility=visibility, productIds=tagged)

    async def seen(self, viewer: UUID | None) -> list[tuple[list[str], bool]]:
        """The bodies on both first pages of two, and whether there are more."""
        references = [
            {"__typename": "User", "id": to_global("User", self.author)},
            {"__typename": "Product", "id": to_global("Product", self.product)},
        ]
        with counted_statements() as statements:
            answers = await self.content.entities(" ".join(_FIELDS), references, viewer)
        self.statements = len(statements)
        pages: list[Any] = [answers[0]["posts"], answers[1]["mentions"]]
        return [([e["node"]["body"] for e in p["edges"]], p["pageInfo"]["hasNextPage"]) for p in pages]


async def test_they_are_read_once_for_everybody_who_may_see_all_that_is_on_them(content: Harness) -> None:
    lists = _Lists(content)
    for n in range(3):
        await lists.publish(str(n))
    assert await lists.seen(None) == [(["2", "1"], True)] * 2

    async def statements() -> list[int]:
        counts = []
        for viewer in (None, lists.author):
            assert await lists.seen(viewer) == [(["2", "1"], True)] * 2
            counts.append(lists.statements)
        return counts

    await comes_to([0, 0], statements)


async def test_what_came_changed_or_went_shows_on_the_next_read(content: Harness) -> None:
    lists, viewer = _Lists(content), uuid4()
    assert await lists.seen(viewer) == [([], False)] * 2
    first = await lists.publish("first")
    assert await lists.seen(viewer) == [(["first"], False)] * 2
    await lists.publish("second")
    await change(content, lists.author, first, body="edited")
    assert await lists.seen(viewer) == [(["second", "edited"], False)] * 2
    await change(content, lists.author, first, visibility="PRIVATE")
    assert await lists.seen(viewer) == [(["second"], False)] * 2
    assert await lists.seen(lists.author) == [(["second", "edited"], False)] * 2
    await delete_post(content, lists.author, first)
    assert await lists.seen(lists.author) == [(["second"], False)] * 2


async def test_who_may_not_see_all_of_it_gets_whole_pages_of_what_they_may_see(content: Harness) -> None:
    lists, follower, stranger, blocked = _Lists(content), uuid4(), uuid4(), uuid4()
    await relate(content, follower, lists.author, FOLLOW)
    await relate(content, lists.author, blocked, BLOCK)
    for n in range(3):
        await lists.publish(f"for all {n}")
    await lists.publish("for followers", "FOLLOWERS")
    await lists.publish("for nobody", "PRIVATE")
    expected = [
        (lists.author, ["for nobody", "for followers"], True),
        (follower, ["for followers", "for all 2"], True),
        (stranger, ["for all 2", "for all 1"], True),
        (None, ["for all 2", "for all 1"], True),
        (blocked, [], False),
    ]
    for _ in range(2):
        for viewer, posts, more in expected:
            assert await lists.seen(viewer) == [(posts, more)] * 2
