"""What one request loads of the index, in batches, and the last word on each hit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from subgraphs.ai.policies import may_be_found
from subgraphs.ai.repository import Hit, SearchRepository
from subgraphs.kit.identity import Viewer
from subgraphs.kit.loaders import BatchLoader
from subgraphs.kit.resources import Resources
from subgraphs.kit.withdrawn import Withdrawals

__all__ = ["Loaders"]

_Asked = tuple[UUID, int]


class Loaders:
    """One request's loaders."""

    def __init__(
        self,
        resources: Resources,
        viewer: Viewer,
        repository: SearchRepository,
        withdrawals: Withdrawals,
    ) -> None:
        self._withdrawals = withdrawals
        self.relations = resources.relation_loader(viewer)

        async def related(asked: Sequence[_Asked]) -> dict[_Asked, list[tuple[UUID, UUID]]]:
            found: dict[_Asked, list[tuple[UUID, UUID]]] = {}
            for most in {most for _, most in asked}:
                products = [product for product, m in asked if m == most]
                rows = await repository.related(viewer.id, products, most)
                found |= {(product, most): others for product, others in rows.items()}
            return found

        self.related: BatchLoader[_Asked, list[tuple[UUID, UUID]]] = BatchLoader(
            resources.service, "related", related, [], resources.metrics
        )

    async def found(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those of the hits that the viewer may see, in order."""
        relations, withdrawn = await asyncio.gather(
            self.relations.load_many([h.owner for h in hits]),
            self._withdrawals.among([(h.type, h.id) for h in hits]),
        )
        return [
            hit
            for hit, relation in zip(hits, relations, strict=True)
            if may_be_found(relation, withdrawn=(hit.type, hit.id) in withdrawn)
        ]
