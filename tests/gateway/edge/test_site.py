from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from gateway.edge.site import Site


@pytest.mark.parametrize("media", [(), ("https://cdn.example", "https://other.example")])
@pytest.mark.parametrize("built", [True, False])
async def test_a_page_shows_pictures_and_films_of_its_own_origin_and_of_those_that_are_named(
    tmp_path: Path, media: tuple[str, ...], built: bool
) -> None:
    if built:
        (tmp_path / "index.html").write_text("<!doctype html>")
    site = Site(tmp_path, media)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        page = site.serve(Request(scope, receive))
        assert page is not None
        await page(scope, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://site") as client:
        policy = (await client.get("/")).headers["content-security-policy"]
    told = {name: sources for name, *sources in (part.split() for part in policy.split(";"))}
    assert told["img-src"] == ["'self'", "data:", "blob:", *media]
    assert told["media-src"] == ["'self'", "blob:", *media]
    assert {name: told[name] for name in ("default-src", "script-src", "object-src")} == {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
    }
