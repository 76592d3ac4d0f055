"""What a browser is shown at /graphql: GraphiQL as it was built, or how it is built."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.config import GatewaySettings
from gateway.edge.pages.explorer import Explorer
from tests.gateway.edge.graph import app, client

_BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@asynccontextmanager
async def _asking(answer: Callable[[Request], Response | None]) -> AsyncIterator[httpx.AsyncClient]:
    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        response = answer(Request(scope, receive)) or Response(status_code=404)
        await response(scope, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://here") as asked:
        yield asked


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    page = '<meta nonce="__NONCE__"><meta name="first-operation" content="__FIRST_OPERATION__">'
    (tmp_path / "index.html").write_text(page)
    (tmp_path / "assets" / "main-1.js").write_text("long")
    (tmp_path / "assets" / "main-1.js.br").write_text("short")
    return tmp_path


async def test_a_browser_gets_the_page_in_development_alone() -> None:
    async with client() as asked:
        page = await asked.get("/graphql", headers=_BROWSER)
        program = await asked.get("/graphql", params={"query": "{ hello }"}, headers={"x-client": "1"})
    async with client(app(GatewaySettings(explorer=False, introspection=False, suggestions=False))) as asked:
        production = await asked.get("/graphql", headers=_BROWSER)
        schema = await asked.post("/graphql", json={"query": "{ __schema { types { name } } }"})
        misspelt = await asked.post("/graphql", json={"query": "{ helo }"})
    assert page.headers["content-type"].startswith("text/html")
    assert program.json() == {"data": {"hello": "Hello you"}}
    assert production.status_code == 400
    assert schema.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "Did you mean" not in misspelt.text


async def test_a_link_to_an_operation_opens_the_page_and_what_no_browser_sends_is_answered() -> None:
    link = {"query": "{ hello }"}
    async with client() as asked:
        opened = await asked.get("/graphql", params=link, headers=_BROWSER)
        program = await asked.get(
            "/graphql", params=link, headers={**_BROWSER, "apollo-require-preflight": "1"}
        )
    assert opened.headers["content-type"].startswith("text/html")
    assert program.json() == {"data": {"hello": "Hello you"}}


async def test_each_page_has_a_nonce_of_its_own_and_runs_no_script_but_its_files(built: Path) -> None:
    explorer = Explorer("{ a }", built)
    async with _asking(lambda _: explorer.page()) as asked:
        pages = [await asked.get("/graphql") for _ in range(2)]
    nonces = [re.findall(r'nonce="([\w-]+)"', page.text)[0] for page in pages]
    assert nonces[0] != nonces[1]
    for page, nonce in zip(pages, nonces, strict=True):
        policy = page.headers["content-security-policy"]
        told = {name: sources for name, *sources in (part.split() for part in policy.split(";"))}
        assert told["default-src"] == ["'none'"]
        assert told["script-src"] == told["worker-src"] == told["connect-src"] == ["'self'"]
        assert told["style-src"] == ["'self'", f"'nonce-{nonce}'"]
        assert page.headers["cache-control"] == "no-store"


async def test_the_first_operation_is_text_in_the_page_whatever_is_in_it(built: Path) -> None:
    explorer = Explorer('{ a(b: "<script>") }\n', built)
    async with _asking(lambda _: explorer.page()) as asked:
        page = await asked.get("/graphql")
    assert 'content="{ a(b: &quot;&lt;script&gt;&quot;) }\n"' in page.text


async def test_its_files_are_compressed_beforehand_and_kept_for_ever(built: Path) -> None:
    explorer = Explorer("", built)
    async with _asking(explorer.file) as asked:
        file = await asked.get("/graphql/assets/main-1.js", headers={"accept-encoding": "identity"})
        packed = await asked.get("/graphql/assets/main-1.js", headers={"accept-encoding": "unknown, br"})
        others = [
            await asked.get(f"/graphql/{path}") for path in ("index.html", "assets/other.js", "assets/..")
        ]
    assert file.text == "long"
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-encoding"] == "br"
    assert [other.status_code for other in others] == [404] * 3


async def test_where_it_is_not_built_the_page_says_how_it_is(tmp_path: Path) -> None:
    explorer = Explorer("{ a }", tmp_path / "missing")
    async with _asking(lambda _: explorer.page()) as asked:
        page = await asked.get("/graphql")
    assert "scripts/setup" in page.text
    assert "curl" in page.text
