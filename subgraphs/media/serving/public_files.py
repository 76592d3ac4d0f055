"""`/public/files`: public pictures as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.errors import BadInput
from subgraphs.kit.graph.relay import Page, PageRequest
from subgraphs.media.http_errors import refusal
from subgraphs.media.readers import NOBODY
from subgraphs.media.repository import MediaRepository
from subgraphs.media.serving.addresses import Addresses
from subgraphs.media.serving.file_json import file_json

__all__ = ["PublicFilesDoor"]


class PublicFilesDoor:
    """For clients that ask without GraphQL; nobody has to say who they are."""

    def __init__(self, resources: Resources, repository: MediaRepository, addresses: Addresses) -> None:
        self._resources = resources
        self._repository = repository
        self._addresses = addresses

    def routes(self) -> list[BaseRoute]:
        """The door, as the gateway forwards to it."""
        return [Route("/public/files", self.public_files, methods=["GET"])]

    async def public_files(self, request: Request) -> Response:
        """Public pictures, newest first, in the same shape as an upload's answer."""
        try:
            page_request = self._page_request(request.query_params)
        except BadInput as error:
            return refusal(error)
        page = Page.cut(page_request, await self._repository.public(page_request))
        files = [file_json(row, self._addresses, NOBODY) for row in page.rows]
        end = page_request.cursor(page.rows[-1].id.hex) if page.rows else None
        return JSONResponse({"files": files, "pageInfo": {"hasNextPage": page.has_next, "endCursor": end}})

    def _page_request(self, query: Mapping[str, str]) -> PageRequest:
        first = query.get("first") or "20"
        if not first.isdecimal():
            raise BadInput("'first' is a number.")
        limit = self._resources.settings.limits.page_size
        return PageRequest.read(
            self._resources.cursors,
            "public-media",
            first=int(first[:6]),
            after=query.get("after") or None,
            limit=limit,
        )
