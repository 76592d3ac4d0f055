"""Who sees which post: every kind of viewer, every visibility, every path."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from subgraphs.kit.authorization.relations import BLOCK, FOLLOW, notify_relation
from subgraphs.kit.authorization.withdrawn import Withdrawals
from subgraphs.kit.graph.relay import id_of, to_global
from subgraphs.kit.identity.viewer import Viewer
from tests.subgraphs.content.acting import (
    change,
    comment,
    delete_post,
    publish,
    react,
    relate,
    unrelate,
    user,
)
from tests.subgraphs.harness import Harness

_VISIBILITIES = ("PUBLIC", "FOLLOWERS", "PRIVATE")
_SEES = {
    "author": {"PUBLIC", "FOLLOWERS", "PRIVATE"},
    "follower": {"PUBLIC", "FOLLOWERS"},
    "stranger": {"PUBLIC"},
    "anonymous": {"PUBLIC"},
    "blocked": set(),
    "blocking": set(),
}


class Stage:
    """An author with a post of each visibility, each tagging one product, commented by the author."""

    def __init__(self) -> None:
        self.author, self.product = uuid4(), uuid4()
        self.viewers: Mapping[str, UUID | None] = {
            "author": self.author,
            "anonymous": None,
            **{kind: uuid4() for kind in ("follower", "stranger", "blocked", "blocking")},
        }
        self.posts: dict[str, str] = {}
        self.comments: dict[str, str] = {}

    async def set(self, content: Harness) -> None:
        for visibility in _VISIBILITIES:
            post = await publish(
                content,
                self.author,
                visibility,
                visibility=visibility,
                productIds=[to_global("Product", self.product)],
            )
            self.posts[visibility] = post
            self.comments[visibility] = (await comment(content, self.author, post))["comment"]["id"]
        for viewer, other, kind in (
            ("follower", self.author, FOLLOW),
            ("blocking", self.author, BLOCK),
        ):
            await relate(content, self.viewers[viewer] or uuid4(), other, kind)
        await relate(content, self.author, self.viewers["blocked"] or uuid4(), BLOCK)


@pytest.fixture(scope="session")
async def stage(content: Harness) -> Stage:
    made = Stage()
    await made.set(content)
    return made


_PATHS = ("root", "reference", "profile", "mentions", "home", "explore", "comment", "comment reference")


async def _seen(content: Harness, stage: Stage, path: str, viewer: UUID | None) -> set[str]:
    """The visibilities whose posts the viewer is shown on this path."""
    if path in ("home", "explore"):
        query = f"{{ feed(kind: {path.upper()}, first: 100) {{ edges {{ node {{ id visibility }} }} }} }}"
        edges = (await content.ask(query, viewer=viewer))["feed"]["edges"]
        ours = set(stage.posts.values())
        return {e["node"]["visibility"] for e in edges if e["node"]["id"] in ours}
    if path in ("profile", "mentions"):
        name, field, raw = (
            ("User", "posts", stage.author) if path == "profile" else ("Product", "mentions", stage.product)
        )
        selection = f"... on {name} {{ {field}(first: 10) {{ edges {{ node {{ visibility }} }} }} }}"
        reference = {"__typename": name, "id": to_global(name, raw)}
        (found,) = await content.entities(selection, [reference], viewer)
        return {e["node"]["visibility"] for e in found[field]["edges"]}
    return {v for v in _VISIBILITIES if await _opens(content, stage, path, v, viewer)}


async def _opens(content: Harness, stage: Stage, path: str, visibility: str, viewer: UUID | None) -> bool:
    post, said = stage.posts[visibility], stage.comments[visibility]
    if path == "root":
        answer: Any = await content.ask("query ($p: ID!) { post(id: $p) { body } }", {"p": post}, viewer)
        return answer["post"] is not None
    selection, name, reference = {
        "reference": ("... on Post { body viewGrant }", "Post", post),
        "comment": ("... on Comment { post { body } }", "Comment", said),
        "comment reference": ("... on Comment { body }", "Comment", said),
    }[path]
    (found,) = await content.entities(selection, [{"__typename": name, "id": reference}], viewer)
    return found is not None


@pytest.mark.parametrize("path", _PATHS)
@pytest.mark.parametrize("viewer", list(_SEES))
async def test_a_path_shows_a_viewer_what_they_may_see_and_nothing_else(
    content: Harness, stage: Stage, viewer: str, path: str
) -> None:
    expected = _SEES[viewer]
    if path == "home" and viewer not in ("author", "follower"):
        expected = set()
    if path == "explore":
        expected = expected & {"PUBLIC"}
    assert await _seen(content, stage, path, stage.viewers[viewer]) == expected


@pytest.mark.parametrize("viewer", ["follower", "stranger", "blocked", "blocking"])
async def test_what_is_hidden_can_be_changed_no_more_than_what_is_missing(
    content: Harness, stage: Stage, viewer: str
) -> None:
    who = stage.viewers[viewer]
    assert who is not None
    hidden = [p for v, p in stage.posts.items() if v not in _SEES[viewer]]
    for post in [*hidden, to_global("Post", uuid4())]:
        missing = [{"code": "NOT_FOUND", "field": ["postId"]}]
        assert await comment(content, who, post) == {"comment": None, "userErrors": missing}
        assert await react(content, who, post) == {"post": None, "userErrors": missing}
    for post in stage.posts.values():
        missing = [{"code": "NOT_FOUND", "field": ["id"]}]
        assert await change(content, who, post, body="mine") == {"post": None, "userErrors": missing}
        assert await delete_post(content, who, post) == {"deletedId": None, "userErrors": missing}


async def test_narrowing_and_deleting_hold_on_the_next_read_of_a_warm_cache(content: Harness) -> None:
    author, reader = uuid4(), uuid4()
    post = await publish(content, author, "soon gone")
    query = "query ($p: ID!) { post(id: $p) { body } }"
    for _ in range(3):
        assert await content.ask(query, {"p": post}, reader) == {"post": {"body": "soon gone"}}
    await change(content, author, post, visibility="PRIVATE")
    assert await content.ask(query, {"p": post}, reader) == {"post": None}
    await change(content, author, post, visibility="PUBLIC")
    assert await content.ask(query, {"p": post}, reader) == {"post": {"body": "soon gone"}}
    assert await delete_post(content, author, post) == {"deletedId": post, "userErrors": []}
    assert await content.ask(query, {"p": post}, reader) == {"post": None}
    assert await content.ask(query, {"p": post}, author) == {"post": None}


async def test_narrowing_and_deleting_are_told_before_the_mutation_answers(content: Harness) -> None:
    author = uuid4()
    post = await publish(content, author)
    raw = id_of("Post", post)
    assert raw is not None
    withdrawals = Withdrawals(content.resources.cache)

    async def withdrawn() -> bool:
        return bool(await withdrawals.among([("Post", raw)]))

    told = [await withdrawn()]
    for visibility in ("FOLLOWERS", "PUBLIC", "PRIVATE", "PUBLIC"):
        await change(content, author, post, visibility=visibility)
        told.append(await withdrawn())
    await delete_post(content, author, post)
    assert [*told, await withdrawn()] == [False, True, False, True, False, True]


async def test_a_block_hides_comments_and_their_counts_both_ways(content: Harness) -> None:
    author, one, two = uuid4(), uuid4(), uuid4()
    post = await publish(content, author)
    for who in (one, two):
        await comment(content, who, post, who.hex)
        await react(content, who, post)
    await relate(content, one, two, BLOCK)
    query = """query ($p: ID!) { post(id: $p) { counts { comments reactions }
      comments { edges { node { body author { id } } } } } }"""
    for viewer, seen in ((one, [one]), (two, [two]), (author, [one, two]), (None, [one, two])):
        assert await content.ask(query, {"p": post}, viewer) == {
            "post": {
                "counts": {"comments": len(seen), "reactions": len(seen)},
                "comments": {
                    "edges": [{"node": {"body": who.hex, "author": {"id": user(who)}}} for who in seen]
                },
            }
        }
    await unrelate(content, one, two, BLOCK)


@pytest.mark.parametrize("by_reader", [True, False])
async def test_a_block_holds_before_its_event_has_arrived(content: Harness, by_reader: bool) -> None:
    author, reader = uuid4(), uuid4()
    post = await publish(content, author)
    blocker, blocked = (reader, author) if by_reader else (author, reader)
    async with content.resources.database.write() as tx:
        notify_relation(tx, blocker, blocked, BLOCK, held=True)
    query = (
        """query ($p: ID!) { post(id: $p) { id } feed(kind: EXPLORE, first: 5) { edges { node { id } } } }"""
    )
    found = await content.ask(query, {"p": post}, reader)
    assert found["post"] is None
    assert post not in [e["node"]["id"] for e in found["feed"]["edges"]]


async def test_a_grant_is_for_its_post_and_viewer_alone(content: Harness) -> None:
    author, reader = uuid4(), uuid4()
    post = await publish(content, author)
    reference = [{"__typename": "Post", "id": post}]
    (found,) = await content.entities("... on Post { viewGrant }", reference, reader)
    raw, grants = id_of("Post", post), content.resources.grants
    assert raw is not None
    held = [
        grants.holds(found["viewGrant"], "Post", entity, Viewer(viewer))
        for entity, viewer in ((raw, reader), (raw, author), (raw, None), (uuid4(), reader))
    ]
    assert held == [True, False, False, False]


async def test_nobody_comments_on_a_post_that_is_being_narrowed(content: Harness) -> None:
    author, reader = uuid4(), uuid4()
    for _ in range(5):
        post = await publish(content, author)
        said, _ = await asyncio.gather(
            comment(content, reader, post), change(content, author, post, visibility="PRIVATE")
        )
        assert await comment(content, reader, post) == {
            "comment": None,
            "userErrors": [{"code": "NOT_FOUND", "field": ["postId"]}],
        }
        query = "query ($p: ID!) { post(id: $p) { counts { comments } } }"
        stored = (await content.ask(query, {"p": post}, author))["post"]["counts"]["comments"]
        assert stored == (said["userErrors"] == [])
