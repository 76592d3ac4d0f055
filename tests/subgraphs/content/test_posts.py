"""Posts, their feeds, comments and reactions."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import String, select

from subgraphs.content.models import TABLES
from subgraphs.kit.authorization.relations import BLOCK, FOLLOW
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.database.reads import Read, given
from subgraphs.kit.domain.demo import PEOPLE, demo_id
from subgraphs.kit.graph.relay import to_global
from tests.cached import comes_to
from tests.subgraphs.content.acting import (
    change,
    comment,
    create,
    delete_post,
    publish,
    react,
    relate,
    user,
)
from tests.subgraphs.harness import Harness, sign

_HOME = """query ($n: Int!, $after: String) { feed(kind: HOME, first: $n, after: $after) {
  edges { node { body } } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""


async def _home(
    content: Harness, viewer: UUID, n: int = 20, after: str | None = None
) -> tuple[list[str], Any]:
    feed = (await content.ask(_HOME, {"n": n, "after": after}, viewer))["feed"]
    return [e["node"]["body"] for e in feed["edges"]], feed["pageInfo"]


async def test_pages_within_and_behind_what_is_kept_of_a_list_are_one_list(content: Harness) -> None:
    author, reader = uuid4(), uuid4()
    post = await publish(content, author)
    query = """query ($p: ID!, $n: Int!, $after: String) { post(id: $p) { counts { comments }
      comments(first: $n, after: $after) { edges { node { body } } pageInfo { hasNextPage endCursor } } } }"""

    async def page(n: int, after: str | None = None) -> tuple[int, list[str], bool, str]:
        found = (await content.ask(query, {"p": post, "n": n, "after": after}, reader))["post"]
        edges, info = found["comments"]["edges"], found["comments"]["pageInfo"]
        bodies = [edge["node"]["body"] for edge in edges]
        return found["counts"]["comments"], bodies, info["hasNextPage"], info["endCursor"]

    said = [f"{n}" for n in range(13)]
    for number, body in enumerate(said):
        assert (await page(10))[:3] == (number, said[: min(number, 10)], number > 10), "nothing old is kept"
        await comment(content, author, post, body)
    _, first, more, cursor = await page(10)
    assert (first, more, (await page(20))[1]) == (said[:10], True, said)
    assert (await page(10, cursor))[1] == said[10:]
    await content.relate(reader, author, BLOCK)
    assert await content.ask("query ($p: ID!) { post(id: $p) { id } }", {"p": post}, reader) == {"post": None}


async def test_who_blocks_somebody_sees_nothing_of_theirs_in_counts_and_comments(content: Harness) -> None:
    author, blocked, reader = uuid4(), uuid4(), uuid4()
    post = await publish(content, author)
    await comment(content, blocked, post, "theirs")
    await react(content, blocked, post)
    query = """query ($p: ID!) { post(id: $p) {
      counts { comments reactions } comments(first: 5) { edges { node { body } } } } }"""
    both = [(1, 1, ["theirs"]), (0, 0, []), (1, 1, ["theirs"])]
    seen = []
    for held in (None, True, False):
        if held is not None:
            await content.relate(reader, blocked, BLOCK, held=held)
        found = (await content.ask(query, {"p": post}, reader))["post"]
        bodies = [edge["node"]["body"] for edge in found["comments"]["edges"]]
        seen.append((found["counts"]["comments"], found["counts"]["reactions"], bodies))
    assert seen == both


async def test_a_post_keeps_what_it_was_made_of_in_order(content: Harness) -> None:
    author = uuid4()
    media = [to_global("MediaFile", uuid4()) for _ in range(3)]
    products = [to_global("Product", uuid4()) for _ in range(2)]
    post = await publish(content, author, " hello ", mediaIds=media, productIds=products)
    query = """query ($p: ID!) { post(id: $p) { id body visibility editedAt author { id } media { id }
      taggedProducts { id } counts { comments reactions } viewerReaction
      comments { edges { cursor } pageInfo { hasNextPage endCursor } } } }"""
    assert await content.ask(query, {"p": post}, uuid4()) == {
        "post": {
            "id": post,
            "body": "hello",
            "visibility": "PUBLIC",
            "editedAt": None,
            "author": {"id": user(author)},
            "media": [{"id": i} for i in media],
            "taggedProducts": [{"id": i} for i in products],
            "counts": {"comments": 0, "reactions": 0},
            "viewerReaction": None,
            "comments": {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}},
        }
    }


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"body": "  "}, "body", "INVALID_INPUT"),
        ({"body": "x" * 20_001}, "body", "INVALID_INPUT"),
        ({"mediaIds": ["nonsense"]}, "mediaIds", "NOT_FOUND"),
        ({"productIds": [to_global("User", uuid4())]}, "productIds", "NOT_FOUND"),
        ({"mediaIds": [to_global("MediaFile", uuid4())] * 2}, "mediaIds", "INVALID_INPUT"),
        ({"mediaIds": [to_global("MediaFile", uuid4()) for _ in range(11)]}, "mediaIds", "INVALID_INPUT"),
    ],
)
async def test_a_post_is_refused_with_the_field_that_is_wrong(
    content: Harness, given: dict[str, Any], field: str, code: str
) -> None:
    assert await create(content, uuid4(), **given) == {
        "post": None,
        "userErrors": [{"code": code, "field": [field]}],
    }


async def test_a_picture_needs_no_words(content: Harness) -> None:
    made = await create(content, uuid4(), body="", mediaIds=[to_global("MediaFile", uuid4())])
    assert (made["post"]["body"], made["userErrors"]) == ("", [])


async def test_writing_needs_a_signed_in_caller(content: Harness) -> None:
    answer = await content.answer('mutation { createPost(input: {body: "hi"}) { userErrors { code } } }')
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["UNAUTHENTICATED"]


async def test_a_key_used_twice_publishes_once(content: Harness) -> None:
    author = uuid4()
    made = await asyncio.gather(*(create(content, author, idempotencyKey="k") for _ in range(5)))
    assert len({m["post"]["id"] for m in made}) == 1
    assert await create(content, author, body="other", idempotencyKey="k") == {
        "post": None,
        "userErrors": [{"code": "IDEMPOTENCY_CONFLICT", "field": ["idempotencyKey"]}],
    }
    said = [await comment(content, author, made[0]["post"]["id"], idempotencyKey="k") for _ in range(2)]
    assert said[0] == said[1]


async def test_ones_own_post_is_at_home_at_once(content: Harness) -> None:
    author = uuid4()
    for body in ("first", "second"):
        await publish(content, author, body)
        assert (await _home(content, author))[0][0] == body


async def test_home_merges_all_followees_and_pages_without_gap_or_repetition(content: Harness) -> None:
    viewer, followees, stranger = uuid4(), [uuid4() for _ in range(4)], uuid4()
    for followee in followees:
        await relate(content, viewer, followee, FOLLOW)
    written = []
    for n in range(23):
        author = [viewer, *followees][n % 5]
        await publish(content, author, f"{n}", visibility=["PUBLIC", "FOLLOWERS"][n % 2])
        await publish(content, stranger, "not yours")
        if author != viewer:
            await publish(content, author, "hidden", visibility="PRIVATE")
        written.append(f"{n}")
    seen: list[str] = []
    after = None
    while True:
        page, info = await _home(content, viewer, 4, after)
        assert info["hasPreviousPage"] == (after is not None)
        seen += page
        if not info["hasNextPage"]:
            break
        await publish(content, followees[0], "newer than the page")
        after = info["endCursor"]
    assert seen == written[::-1]


async def test_an_anonymous_home_is_empty(content: Harness) -> None:
    await publish(content, uuid4())
    assert await content.ask("{ feed { edges { cursor } } }") == {"feed": {"edges": []}}


async def test_a_cursor_of_another_list_is_refused(content: Harness) -> None:
    viewer = uuid4()
    await publish(content, viewer)
    _, info = await _home(content, viewer)
    query = "query ($a: String) { feed(kind: EXPLORE, after: $a) { edges { cursor } } }"
    for cursor in (info["endCursor"], "nonsense"):
        answer = await content.answer(query, {"a": cursor}, viewer)
        assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_a_change_of_words_is_marked_and_one_of_visibility_is_not(content: Harness) -> None:
    author = uuid4()
    post = await publish(content, author)
    query = "query ($p: ID!) { post(id: $p) { body visibility editedAt } }"
    await change(content, author, post, visibility="FOLLOWERS")
    found = await content.ask(query, {"p": post}, author)
    assert found == {"post": {"body": "hello", "visibility": "FOLLOWERS", "editedAt": None}}
    assert await change(content, author, post, body="better") == {
        "post": {"id": post, "body": "better", "visibility": "FOLLOWERS"},
        "userErrors": [],
    }
    assert (await content.ask(query, {"p": post}, author))["post"]["editedAt"] is not None


async def test_a_person_has_one_reaction_to_a_post(content: Harness) -> None:
    author, one, two = uuid4(), uuid4(), uuid4()
    post = await publish(content, author)
    await asyncio.gather(*(react(content, one, post, kind) for kind in ("LIKE", "WOW", "SAD") * 3))
    assert await react(content, two, post, "LOVE") == {
        "post": {"viewerReaction": "LOVE", "counts": {"reactions": 2}},
        "userErrors": [],
    }
    unreact = """mutation ($p: ID!) { unreact(input: {postId: $p}) {
      post { viewerReaction counts { reactions } } userErrors { code } } }"""
    for _ in range(2):
        assert await content.ask(unreact, {"p": post}, two) == {
            "unreact": {"post": {"viewerReaction": None, "counts": {"reactions": 1}}, "userErrors": []}
        }


async def test_comments_go_with_their_author_the_posts_author_or_the_post(content: Harness) -> None:
    author, one, two = uuid4(), uuid4(), uuid4()
    post = await publish(content, author)
    said = [(await comment(content, who, post))["comment"]["id"] for who in (one, one, two)]
    delete = "mutation ($c: ID!) { deleteComment(input: {id: $c}) { deletedId userErrors { code field } } }"
    for who, which, gone in ((two, 0, False), (one, 0, True), (author, 1, True), (one, 0, False)):
        assert await content.ask(delete, {"c": said[which]}, who) == {
            "deleteComment": {
                "deletedId": said[which] if gone else None,
                "userErrors": [] if gone else [{"code": "NOT_FOUND", "field": ["id"]}],
            }
        }
    reference = [{"__typename": "Comment", "id": said[2]}]
    assert await content.entities("... on Comment { body post { id } }", reference) == [
        {"__typename": "Comment", "body": "well said", "post": {"id": post}}
    ]
    await delete_post(content, author, post)
    assert await content.entities("... on Comment { body }", reference) == [None]


async def test_the_statements_of_a_page_do_not_grow_with_it(content: Harness) -> None:
    viewer, authors, product = uuid4(), [uuid4() for _ in range(50)], to_global("Product", uuid4())

    connections = asyncio.Semaphore(content.resources.settings.limits.database_pool // 2)

    async def fill(author: UUID) -> None:
        async with connections:
            await relate(content, viewer, author, FOLLOW)
            post = await publish(content, author, productIds=[product])
            await asyncio.gather(comment(content, viewer, post), react(content, viewer, post))

    await asyncio.gather(*map(fill, authors))
    post_fields = """body author { id posts(first: 3) { edges { node { body } } } } media { id } viewGrant
      taggedProducts { id mentions(first: 2) { edges { node { id } } } } counts { comments reactions }
      viewerReaction comments(first: 2) { edges { node { body author { id } post { id } } } }"""
    query = f"query ($n: Int!) {{ feed(first: $n) {{ edges {{ node {{ {post_fields} }} }} }} }}"

    async def asked() -> list[int]:
        counts = []
        for size in (5, 50):
            with counted_statements() as statements:
                answer = await content.ask(query, {"n": size}, viewer)
            assert len(answer["feed"]["edges"]) == size
            counts.append(len(statements))
        return counts

    assert max(await asked()) <= 14
    await comes_to([1, 1], asked)


async def test_references_are_loaded_together(content: Harness) -> None:
    author = uuid4()
    posts = [await publish(content, author, str(n)) for n in range(10)]
    references = [{"__typename": "Post", "id": p} for p in [*posts, "nonsense", to_global("Post", uuid4())]]
    with counted_statements() as statements:
        found = await content.entities("... on Post { body }", references, uuid4())
    assert [f and f["body"] for f in found] == [*map(str, range(10)), None, None]
    assert len(statements) <= 2


async def test_a_subscriber_hears_of_own_and_followed_posts_that_they_may_see(content: Harness) -> None:
    viewer, followed, later, stranger = uuid4(), uuid4(), uuid4(), uuid4()
    await relate(content, viewer, followed, FOLLOW)
    headers = {"authorization": sign("content", viewer)}
    events = content.service.subscribe("subscription { feedUpdated { body } }", {}, None, headers)
    heard: list[str] = []

    async def listen() -> None:
        async for event in events:
            heard.append(event["data"]["feedUpdated"]["body"])
            if heard[-1] == "last":
                return

    listener = asyncio.create_task(listen())
    async with asyncio.timeout(60):
        while "own" not in heard:
            await publish(content, viewer, "own")
            await asyncio.sleep(0.05)
        await publish(content, stranger, "a stranger's")
        await publish(content, followed, "not for anyone", visibility="PRIVATE")
        await publish(content, followed, "followed", visibility="FOLLOWERS")
        await relate(content, viewer, later, FOLLOW)
        await content.resources.live.publish(_follows_changed(viewer))
        while "followed later" not in heard:
            await publish(content, later, "followed later")
            await asyncio.sleep(0.05)
        await publish(content, viewer, "last")
        await listener
    assert set(heard) == {"own", "followed", "followed later", "last"}


def _follows_changed(viewer: UUID) -> Any:
    from subgraphs.content.events import follows_topic
    from subgraphs.kit.database.transaction import LiveMessage

    return [LiveMessage(follows_topic(viewer), {"changed": True})]


async def test_an_anonymous_caller_cannot_subscribe(content: Harness) -> None:
    headers = {"authorization": sign("content")}
    events = content.service.subscribe("subscription { feedUpdated { id } }", {}, None, headers)
    answers = [event async for event in events]
    assert [e["extensions"]["code"] for a in answers for e in a["errors"]] == ["UNAUTHENTICATED"]


async def test_others_are_told_of_a_post_as_it_is_after_each_change(content: Harness) -> None:
    author, picture, product = uuid4(), uuid4(), uuid4()
    post = await publish(
        content,
        author,
        mediaIds=[to_global("MediaFile", picture)],
        productIds=[to_global("Product", product)],
    )
    await change(content, author, post, visibility="PRIVATE")
    await delete_post(content, author, post)
    outbox = TABLES.outbox
    told = Read(
        select(outbox.c.type, outbox.c.payload)
        .where(outbox.c.payload["author"].astext == given("author", String))
        .order_by(outbox.c.id)
    )
    rows = [tuple(row) for row in await content.resources.database.rows(told, author=author.hex)]
    raw, published = rows[0][1]["id"], rows[0][1]["publishedAt"]
    assert datetime.now(UTC) - datetime.fromisoformat(published) < timedelta(minutes=1)
    common = {
        "id": raw,
        "publishedAt": published,
        "author": author.hex,
        "body": "hello",
        "mediaIds": [picture.hex],
        "productIds": [product.hex],
    }
    assert to_global("Post", UUID(raw)) == post
    assert [tuple(row) for row in rows] == [
        ("content.post_published", {**common, "version": 1, "visibility": "PUBLIC", "deleted": False}),
        ("content.post_changed", {**common, "version": 2, "visibility": "PRIVATE", "deleted": False}),
        ("content.post_deleted", {**common, "version": 3, "visibility": "PRIVATE", "deleted": True}),
    ]


async def test_the_demo_is_lively_and_a_second_seed_changes_nothing(content: Harness) -> None:
    await content.service.domain.seed(content.resources, "demo")
    selection = """... on Post {
      body author { id } media { id } taggedProducts { id } counts { comments reactions } }"""

    async def found() -> list[Any]:
        return list(await content.entities(selection, [dict(r) for r in references]))

    references = [{"__typename": "Post", "id": to_global("Post", demo_id("post", n))} for n in range(30)]
    before = await found()
    await content.service.domain.seed(content.resources, "demo")
    assert await found() == before
    posts = [p for p in before if p]
    assert len(posts) == 28  # one is for followers, one private
    assert [p["author"]["id"] for p in posts[:12]] == [user(PEOPLE[n % 11].id) for n in range(12)]
    assert [p["media"] for p in posts[:24]] == [
        [{"id": to_global("MediaFile", demo_id("post-picture", n))}] for n in range(24)
    ]
    assert sum(p["counts"]["comments"] for p in posts) >= 25
    assert sum(p["counts"]["reactions"] for p in posts) >= 60
