"""What a resolver sees of its request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Generic, TypeVar

from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.graph.relay import PageRequest
from subgraphs.kit.identity.viewer import Viewer

__all__ = ["Context"]

L = TypeVar("L")
S = TypeVar("S")


class Context(Generic[L, S]):
    """One request: the viewer, the domain's resources and services, and loaders of its own."""

    traceparent: str | None = None
    """Of a subscription: where the traces of its events go on from."""

    def __init__(
        self, viewer: Viewer, resources: Resources, services: S, make_loaders: Callable[[Viewer], L]
    ) -> None:
        self.viewer = viewer
        self.resources = resources
        self.services = services
        self._make_loaders = make_loaders
        self.loaders = make_loaders(viewer)
        self.password_checks = 0
        """How many this document has asked for; bounded by ``Limits.document_passwords``."""

    def page(
        self,
        name: str,
        *,
        first: int | None,
        after: str | None,
        last: int | None = None,
        before: str | None = None,
    ) -> PageRequest:
        """The page asked of the list ``name``, within the domain's bound; raises BadInput."""
        return PageRequest.read(
            self.resources.cursors,
            name,
            first=first,
            after=after,
            last=last,
            before=before,
            limit=self.resources.settings.limits.page_size,
        )

    def forget(self) -> None:
        """Begin again with empty loaders: after a write, or for the next event of a subscription."""
        self.loaders = self._make_loaders(self.viewer)

    async def listen(self, topics: Iterable[str]) -> AsyncIterator[dict[str, Any]]:
        """Live messages for a subscription; each is resolved, and authorised, afresh."""
        async for message in self.resources.live.listen(topics):
            self.forget()
            yield message
