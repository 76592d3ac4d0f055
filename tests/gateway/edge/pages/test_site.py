from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from gateway.edge.pages.site import Site


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


@pytest.mark.parametrize("watched", [True, False])
def test_a_page_built_anew_is_served_without_a_restart_where_it_is_watched(
    tmp_path: Path, watched: bool
) -> None:
    page = tmp_path / "index.html"
    page.write_text("before")
    site = Site(tmp_path, watched=watched)

    def served(path: str) -> str | None:
        request = Request({"type": "http", "path": path, "headers": [], "method": "GET", "query_string": b""})
        answer = site.serve(request)
        return None if answer is None else bytes(answer.body).decode()

    assert served("/") == "before"
    built = page.stat().st_mtime_ns + 1
    page.unlink()
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "new.js").write_text("new")
    assert served("/assets/new.js") is None
    page.write_text("after")
    os.utime(page, ns=(built, built))
    assert served("/assets/new.js") == ("new" if watched else None)
    assert served("/") == "after"
