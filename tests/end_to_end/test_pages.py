"""The pages of docs/queries: whole answers from many services, at the cost of a fixed number of statements."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry

from gateway.telemetry.metrics import GatewayMetrics
from infra.domains import DOMAINS
from infra.migrate import migrate
from infra.product import open_product
from infra.seeding import seed
from infra.servers import Servers
from infra.settings import Settings
from infra.subgraphs import load_domains
from subgraphs.kit.database.database import counted_statements
from subgraphs.kit.domain.demo import PASSWORD, PEOPLE
from subgraphs.kit.telemetry.metrics import Metrics
from tests.cached import comes_to
from tests.end_to_end.product import ROOT, Product

_QUERIES = ROOT / "docs" / "queries"
_VARIABLES: dict[str, dict[str, Any]] = {
    "feed": {"first": 20},
    "profile": {"handle": "chiyo"},
    "product": {"slug": "celadon-bowl"},
}


@pytest.mark.parametrize("page", sorted(_VARIABLES))
def test_a_page_is_answered_whole(product: Product, page: str) -> None:
    query = (_QUERIES / f"{page}.graphql").read_text()
    answer = product.post(query, _VARIABLES[page], product.login())
    assert "errors" not in answer
    assert all(answer["data"].values())


def test_one_query_crosses_five_services(product: Product) -> None:
    query = """{ feed(kind: EXPLORE, first: 50) { edges { node { body
      author { handle viewerConversation { lastMessage { body } } }
      media { thumbnailUrl } taggedProducts { name inStock } } } } }"""
    answer = product.post(query, token=product.login())
    assert "errors" not in answer
    posts = [edge["node"] for edge in answer["data"]["feed"]["edges"]]
    assert any(p["media"] and p["media"][0]["thumbnailUrl"] for p in posts)
    assert any(p["taggedProducts"] and p["taggedProducts"][0]["name"] for p in posts)
    assert any(p["author"]["viewerConversation"] for p in posts)


@pytest.fixture
async def asked(
    database_url: Callable[[str], str], redis_url: str, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """The product in this process, so that its statements can be counted."""
    settings = Settings.from_environment({"LETS_CONNECT_HOME": str(tmp_path)})
    servers = Servers({name: database_url(name) for name in DOMAINS}, redis_url)
    registry = CollectorRegistry()
    gateway = GatewayMetrics(registry)
    metrics = Metrics(registry, errors=gateway.errors.metric, http=gateway.http_duration)
    domains = load_domains()
    await migrate(domains, servers)
    async for _ in seed(domains, settings, servers, metrics, "demo"):
        pass
    async with open_product(settings, servers, domains, gateway, metrics) as app:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://product") as client:
            yield client


async def _asked(asked: httpx.AsyncClient, query: str, headers: dict[str, str], **variables: Any) -> Any:
    body = {"query": query, "variables": variables}
    answer = (await asked.post("/graphql", json=body, headers=headers)).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


async def _signed_in(asked: httpx.AsyncClient, handle: str) -> dict[str, str]:
    login = "mutation ($l: String!, $p: String!) { login(input: {login: $l, password: $p}) { session { accessToken } } }"
    data = await _asked(asked, login, {}, l=handle, p=PASSWORD)
    return {"authorization": f"Bearer {data['login']['session']['accessToken']}"}


async def test_a_page_that_was_asked_for_before_has_at_most_one_statement(asked: httpx.AsyncClient) -> None:
    headers = await _signed_in(asked, PEOPLE[0].handle)

    async def statements() -> dict[str, int]:
        counts = {}
        for page, variables in _VARIABLES.items():
            query = (_QUERIES / f"{page}.graphql").read_text()
            with counted_statements() as sent:
                await _asked(asked, query, headers, **variables)
            counts[page] = len(sent)
        return counts

    # What the seed told is handled everywhere by then, too.
    await comes_to({"feed": 1, "profile": 1, "product": 0}, statements)


async def test_the_statements_do_not_grow_from_five_posts_to_fifty(asked: httpx.AsyncClient) -> None:
    ada, *others = [await _signed_in(asked, person.handle) for person in PEOPLE]
    follow = "mutation ($i: ID!) { follow(input: {userId: $i}) { userErrors { code } } }"
    talk = (
        "mutation ($i: ID!) { openDirect(input: {userId: $i}) { conversation { id } userErrors { code } } }"
    )
    create = """mutation ($b: String!, $m: [ID!], $p: [ID!]) {
      createPost(input: {body: $b, mediaIds: $m, productIds: $p}) { userErrors { code } } }"""
    mine = "{ viewer { id mediaFiles(first: 5) { edges { node { id } } } } }"
    products = await _asked(asked, "{ products(first: 20) { edges { node { id } } } }", ada)
    product_ids = [edge["node"]["id"] for edge in products["products"]["edges"]]
    pictures = []
    for person in others:
        viewer = (await _asked(asked, mine, person))["viewer"]
        pictures.append([edge["node"]["id"] for edge in viewer["mediaFiles"]["edges"]])
        await _asked(asked, follow, ada, i=viewer["id"])
        await _asked(asked, talk, ada, i=viewer["id"])
    # Neighbours differ in author, picture and product, so that five posts have fewer of each than fifty.
    for n in range(60):
        author = n % len(others)
        media, bought = pictures[author][n % 3 : n % 3 + 1], [product_ids[n % len(product_ids)]]
        await _asked(asked, create, others[author], b=f"Post {n}", m=media, p=bought)
    query = (_QUERIES / "feed.graphql").read_text()

    async def statements() -> list[int]:
        counts = []
        for first in (5, 50):
            with counted_statements() as sent:
                answer = await _asked(asked, query, ada, first=first)
            assert len(answer["feed"]["edges"]) == first
            counts.append(len(sent))
        return counts

    await comes_to([3, 3], statements)
