"""What this domain adds to posts and products."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from subgraphs.kit.authorization.relations import BLOCK, notify_relation
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.graph.relay import to_global
from subgraphs.kit.identity.viewer import ANONYMOUS, Viewer
from tests.cached import comes_to
from tests.subgraphs.ai.telling import product, relation, word
from tests.subgraphs.harness import Harness

_BODY = (
    "Kiln day at last. The celadon glaze came out of the kiln the colour of shallow water. "
    "Lunch was soup. The kiln holds forty bowls, and the glaze held on all but two."
)


async def _summary(
    ai: Harness, raw: UUID, body: str | None, grant: str | None, viewer: UUID | None, n: int = 40
) -> Any:
    reference = {"__typename": "Post", "id": to_global("Post", raw), "body": body, "viewGrant": grant}
    (answer,) = await ai.entities(f"... on Post {{ summary(maxWords: {n}) {{ text }} }}", [reference], viewer)
    return answer["summary"]


async def test_a_summary_is_of_the_texts_own_sentences_in_their_order(ai: Harness) -> None:
    raw, viewer = uuid4(), uuid4()
    grant = ai.resources.grants.grant("Post", raw, Viewer(viewer))
    assert await _summary(ai, raw, _BODY, grant, viewer, 28) == {
        "text": "The celadon glaze came out of the kiln the colour of shallow water. "
        "The kiln holds forty bowls, and the glaze held on all but two."
    }
    assert await _summary(ai, raw, _BODY, grant, viewer) == {"text": _BODY}
    assert await _summary(ai, raw, _BODY, grant, viewer, 3) == {"text": "Lunch was soup."}
    assert await _summary(ai, raw, _BODY, grant, viewer, 2) == {"text": "The celadon…"}


@pytest.mark.parametrize("body", [None, "", "  \n "])
async def test_of_nothing_there_is_no_summary(ai: Harness, body: str | None) -> None:
    raw = uuid4()
    assert await _summary(ai, raw, body, ai.resources.grants.grant("Post", raw, ANONYMOUS), None) is None


async def test_without_the_owners_grant_there_is_no_summary(ai: Harness) -> None:
    raw, viewer, grants = uuid4(), uuid4(), ai.resources.grants
    wrong = [
        None,
        "",
        "nonsense",
        grants.grant("Post", raw, ANONYMOUS),
        grants.grant("Post", raw, Viewer(uuid4())),
        grants.grant("Post", uuid4(), Viewer(viewer)),
        grants.grant("Comment", raw, Viewer(viewer)),
    ]
    assert [await _summary(ai, raw, _BODY, grant, viewer) for grant in wrong] == [None] * len(wrong)


@pytest.mark.parametrize("words", [0, -1, 201])
async def test_a_summary_of_no_or_too_many_words_is_refused(ai: Harness, words: int) -> None:
    query = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Post {{ summary(maxWords: {words}) {{ text }} }} }} }}"
    answer = await ai.answer(query, {"r": [{"__typename": "Post", "id": to_global("Post", uuid4())}]})
    assert [e["extensions"]["code"] for e in answer["errors"]] == ["BAD_USER_INPUT"]


async def _related(
    ai: Harness, products: list[str], viewer: UUID | None = None, n: int = 6
) -> list[list[str]]:
    references = [{"__typename": "Product", "id": p} for p in products]
    answers = await ai.entities(f"... on Product {{ related(first: {n}) {{ id }} }}", references, viewer)
    return [[other["id"] for other in a["related"]] for a in answers]


async def test_related_products_are_the_likest_others(ai: Harness) -> None:
    w = word()
    mug = await product(ai, f"Ash mug {w}", f"A {w} mug with an ash glaze.")
    bowl = await product(ai, f"Ash bowl {w}", f"A {w} bowl with an ash glaze.")
    strings = await product(ai, "Nylon strings", f"For guitars, by {w}.")
    await product(ai, f"Ash jar {w}", "Not for sale yet.", published=False)
    ours = {mug, bowl, strings}  # other tests' products may share a word, and come after
    found = [[i for i in ids if i in ours] for ids in await _related(ai, [mug, bowl])]
    assert found == [[bowl, strings], [mug, strings]]
    assert await _related(ai, [mug], n=1) == [[bowl]]
    assert await _related(ai, [to_global("Product", uuid4()), "nonsense"]) == [[], []]


async def test_a_stores_other_products_are_related_even_without_a_common_word(ai: Harness) -> None:
    owner = uuid4()
    one = await product(ai, word(), owner=owner)
    two = await product(ai, word(), owner=owner)
    assert await _related(ai, [one]) == [[two]]


@pytest.mark.parametrize("arrived", [True, False], ids=["projected", "on its way"])
async def test_no_product_is_related_across_a_block(ai: Harness, arrived: bool) -> None:
    w, viewer, owner = word(), uuid4(), uuid4()
    one, two = await product(ai, w), await product(ai, f"{w} {word()}", owner=owner)
    if arrived:
        await relation(ai, owner, viewer, BLOCK)
    else:
        async with ai.resources.database.write() as tx:
            notify_relation(tx, viewer, owner, BLOCK, held=True)
    assert await _related(ai, [one], viewer) == [[]]
    assert await _related(ai, [one]) == [[two]]


async def test_related_of_many_products_is_asked_once(ai: Harness) -> None:
    w, viewer = word(), uuid4()
    products = [await product(ai, f"{w} {n}") for n in range(20)]

    async def asked() -> int:
        with counted_statements() as statements:
            answers = await _related(ai, products, viewer, 3)
        assert [len(a) for a in answers] == [3] * 20
        return len(statements)

    assert await asked() <= 3  # the likest, whose they are, and how the viewer and those stand
    await comes_to(0, asked)


async def test_what_is_related_follows_the_products_that_come_change_and_go(ai: Harness) -> None:
    w, raw = word(), uuid4()
    one = await product(ai, w)
    assert await _related(ai, [one]) == [[]]
    two = await product(ai, w, raw=raw)
    assert await _related(ai, [one, two]) == [[two], [one]]
    await product(ai, word(), raw=raw)
    assert await _related(ai, [one, two]) == [[], []]
    await product(ai, w, raw=raw)
    assert await _related(ai, [one, two]) == [[two], [one]]
    await product(ai, w, raw=raw, published=False)
    assert await _related(ai, [one, two]) == [[], []]
