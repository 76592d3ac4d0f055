"""GraphiQL for a browser in development: served from here, with nothing from elsewhere."""

from __future__ import annotations

import html
import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from gateway.edge.http.accept import wishes
from gateway.edge.http.csrf import is_preflighted
from gateway.edge.pages.files import Files

__all__ = ["BUILT", "Explorer", "wants_explorer"]

BUILT = Path(__file__).parents[1] / "graphiql"
"""Where ``web/`` builds it."""
# The editor places its lines by style attributes, and its <style> elements get the nonce (web/graphiql/nonce.ts).
_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"referrer-policy": "no-referrer", "x-content-type-options": "nosniff"}
# Workers are held to the policy of their own file.
_FILE_HEADERS = {"content-security-policy": "default-src 'none'; script-src 'self'", **_HEADERS}
_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>GraphQL</title>
<h1>The graph is here</h1>
<p>GraphiQL is not built: it needs Node 20 or newer, then <code>scripts/setup</code> builds it.</p>
<p>Ask by POST: <code>curl /graphql -H 'content-type: application/json' -d '{"query": "{ __typename }"}'</code></p></html>
"""


def wants_explorer(request: Request) -> bool:
    """Whether a person opened the address in a browser, rather than a program asking for data."""
    if request.method != "GET" or ("query" in request.query_params and is_preflighted(request)):
        return False
    accept = request.headers.get("accept", "")
    return max(wishes(accept), key=lambda w: w[1], default=("", 0.0, {}))[0] == "text/html"


class Explorer:
    """The page and its files; without them, a page that says how they are built.

    ``operation`` is what somebody sees in it who comes for the first time.
    """

    def __init__(self, operation: str = "", folder: Path = BUILT) -> None:
        self._operation = html.escape(operation)
        self._index = folder / "index.html"
        self._files = Files(folder, _FILE_HEADERS, watched=True)

    def page(self) -> Response:
        """Each time with a nonce of its own."""
        nonce = secrets.token_urlsafe(16)
        headers = {
            "content-security-policy": _POLICY.format(nonce=nonce),
            "cache-control": "no-store",
            "vary": "Accept",
            **_HEADERS,
        }
        try:
            page = self._index.read_text()
        except FileNotFoundError:
            page = _NOT_BUILT
        page = page.replace("__NONCE__", nonce).replace("__FIRST_OPERATION__", self._operation)
        return Response(page, 200, headers, "text/html")

    def file(self, request: Request) -> Response | None:
        """A file under ``/graphql/assets/``, or None where there is none."""
        name = request.url.path.removeprefix("/graphql/")
        return self._files.answer(name, request) if name.startswith("assets/") else None
