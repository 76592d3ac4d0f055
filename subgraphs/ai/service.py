"""What the ai domain's resolvers ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.ai.providers import Provider
from subgraphs.ai.repository import Hit, SearchRepository
from subgraphs.kit.graph.relay import PageRequest

__all__ = ["Services"]


@dataclass(frozen=True, slots=True)
class Services:
    """The index and the provider, shared by all requests."""

    repository: SearchRepository
    provider: Provider

    async def search(
        self, viewer: UUID | None, text: str, types: Sequence[str], request: PageRequest
    ) -> list[Hit]:
        """A page of hits, one more than asked for. They are candidates: the policy decides on each."""
        (vector,) = await self.provider.embed([text])
        return await self.repository.search(viewer, text, vector, self.provider.name, types, request)
