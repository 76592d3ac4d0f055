"""Searching: what is found, in which order, and by whom."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subgraphs.kit.authorization.relations import BLOCK, notify_relation
from subgraphs.kit.authorization.withdrawn import withdraw
from subgraphs.kit.clock import uuid7
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.graph.relay import to_global
from tests.subgraphs.ai.telling import SEARCH, found, person, post, product, relation, word
from tests.subgraphs.harness import Harness


async def test_people_posts_and_products_are_found_by_their_words(ai: Harness) -> None:
    w = word()
    who = await person(ai, "somebody", f"Some {w}", "Bio.")
    said = await post(ai, f"I was thinking of {w} all day long, and of nothing else.")
    sold = await product(ai, f"{w.title()} bowl", "Wide.")
    assert set(await found(ai, w)) == {who, said, sold}
    assert (await found(ai, w))[-1] == said  # a title tells more than a long text
    for kind, only in (("USER", who), ("POST", said), ("PRODUCT", sold)):
        assert await found(ai, w, types=[kind]) == [only]
    assert await found(ai, w, types=[]) == []


@pytest.mark.parametrize(
    "asked",
    ["{w} kilns", "{W} kiln", "kil {w}", "the kiln {w}", "{w}, kiln!", "fired {w}", "cafe {w}", "café {w}"],
)
async def test_a_word_is_found_in_other_forms_and_by_its_beginning(ai: Harness, asked: str) -> None:
    w = word()
    said = await post(ai, f"Firing the kiln with {w} at the Café.")
    assert await found(ai, asked.format(w=w, W=w.upper())) == [said]


@pytest.mark.parametrize("asked", ["", "  ", "!?", "nothing-says-this {w}", "{w} & !kiln | (", "iln {w}"])
async def test_every_word_must_be_there(ai: Harness, asked: str) -> None:
    w = word()
    await post(ai, f"The oven and {w}.")
    assert await found(ai, asked.format(w=w)) == []


async def test_the_likest_comes_first(ai: Harness) -> None:
    w = word()
    long = await post(ai, f"{w} " + "and then something quite different happened to all of us " * 5)
    short = await post(
        ai, f"{w} kiln glaze wheel"
    )  # long enough for two words that share a hash not to matter
    name = await person(ai, w, "Someone")
    assert await found(ai, w) == [name, short, long]


async def test_a_hit_has_a_score_and_its_owners_key(ai: Harness) -> None:
    w = word()
    said = await post(ai, f"{w} once")
    answer = await ai.ask(SEARCH, {"t": w, "n": 5})
    (edge,) = answer["search"]["edges"]
    assert edge["node"]["node"] == {"__typename": "Post", "id": said}
    assert 0 < edge["node"]["score"] <= 1


async def test_pages_join_without_gap_or_repetition(ai: Harness) -> None:
    w = word()
    said = [await post(ai, f"{w} " * (1 + n % 4) + f"and {n}") for n in range(11)]
    seen: list[str] = []
    after = None
    while True:
        page = (await ai.ask(SEARCH, {"t": w, "n": 3, "after": after}))["search"]
        seen += [e["node"]["node"]["id"] for e in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(seen) == 11
    assert set(seen) == set(said)
    answer = await ai.answer(SEARCH, {"t": "other", "n": 3, "after": after})
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_what_is_not_public_is_not_in_the_index(ai: Harness) -> None:
    w, author = word(), uuid4()
    for visibility in ("PRIVATE", "FOLLOWERS"):
        await post(ai, w, author=author, visibility=visibility)
    await product(ai, w, owner=author, published=False)
    assert await found(ai, w, author) == []


async def test_what_is_narrowed_or_deleted_leaves_the_index_and_comes_back_when_public(ai: Harness) -> None:
    w, raw, user, sold = word(), uuid7(), uuid4(), uuid4()
    ids = {await post(ai, w, raw=raw), await person(ai, "x", w, raw=user), await product(ai, w, raw=sold)}
    assert set(await found(ai, w)) == ids
    await post(ai, w, raw=raw, kind="changed", visibility="PRIVATE")
    await product(ai, w, raw=sold, published=False)
    await person(ai, "x", w, raw=user, deleted=True)
    assert await found(ai, w) == []
    await post(ai, w, raw=raw, kind="changed")
    assert await found(ai, w) == [to_global("Post", raw)]
    await post(ai, "something else", raw=raw, kind="changed")
    assert await found(ai, w) == []
    await post(ai, w, raw=raw, kind="changed")
    await post(ai, w, raw=raw, kind="deleted")
    assert await found(ai, w) == []


async def test_narrowing_holds_before_its_event_has_arrived(ai: Harness) -> None:
    w, raw = word(), uuid7()
    said = await post(ai, w, raw=raw)
    for version, withdrawn, expected in ((2, True, []), (3, False, [said])):
        async with ai.resources.database.write() as tx:
            withdraw(tx, "Post", raw, version=version, withdrawn=withdrawn)
        assert await found(ai, w) == expected


@pytest.mark.parametrize("by_viewer", [True, False], ids=["the viewer's block", "the author's block"])
@pytest.mark.parametrize("arrived", [True, False], ids=["projected", "on its way"])
async def test_nothing_is_found_across_a_block(ai: Harness, by_viewer: bool, arrived: bool) -> None:
    w, viewer, author = word(), uuid4(), uuid4()
    theirs = {
        await post(ai, w, author=author),
        await person(ai, "x", w, raw=author),
        await product(ai, w, owner=author),
    }
    other = await post(ai, w)
    pair = (viewer, author) if by_viewer else (author, viewer)
    if arrived:
        await relation(ai, *pair, BLOCK)
    else:
        async with ai.resources.database.write() as tx:
            notify_relation(tx, *pair, BLOCK, held=True)
    assert await found(ai, w, viewer) == [other]
    assert set(await found(ai, w)) == set(await found(ai, w, uuid4())) == {other, *theirs}


async def test_a_page_of_hits_costs_as_many_statements_as_one(ai: Harness) -> None:
    w, viewer = word(), uuid4()
    await asyncio.gather(*(post(ai, f"{w} {n}") for n in range(50)))
    counts = []
    for size in (5, 50):
        with counted_statements() as statements:
            assert len(await found(ai, w, viewer, n=size)) == size
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 2


async def test_too_long_a_search_is_refused(ai: Harness) -> None:
    answer = await ai.answer(SEARCH, {"t": "x" * 201, "n": 5})
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.text(max_size=60))
async def test_no_text_breaks_a_search(ai: Harness, asked: str) -> None:
    answer: Any = await ai.answer(SEARCH, {"t": asked, "n": 1})
    assert "errors" not in answer


async def test_an_event_told_twice_counts_once(ai: Harness) -> None:
    w, raw = word(), uuid7()
    said: set[UUID] = {raw}
    for _ in range(2):
        await post(ai, w, raw=raw)
    assert await found(ai, w) == [to_global("Post", r) for r in said]
