"""What one request loads of the index, in batches, and the last word on each hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.ai.models import LISTED, RELATED
from subgraphs.ai.policies import may_be_found
from subgraphs.ai.repository import Hit, SearchRepository
from subgraphs.kit.authorization.relations import Relation
from subgraphs.kit.authorization.withdrawn import Withdrawals
from subgraphs.kit.cache.lookups import Lookup
from subgraphs.kit.domain.resources import Resources
from subgraphs.kit.identity.viewer import Viewer
from subgraphs.kit.loading.loaders import BatchLoader

__all__ = ["Loaders", "Sources"]

_Asked = tuple[UUID, int]
_Related = dict[_Asked, list[tuple[UUID, UUID]]]


@dataclass(frozen=True, slots=True)
class Sources:
    """What loaders read from, made once a process."""

    resources: Resources
    repository: SearchRepository
    withdrawals: Withdrawals
    likest: Lookup[UUID, list[UUID]]
    listed: Lookup[UUID, UUID]

    @classmethod
    def of(cls, resources: Resources, repository: SearchRepository) -> Sources:
        return cls(
            resources,
            repository,
            Withdrawals(resources.cache),
            likest=resources.lookup(RELATED, list[UUID], repository.likest),
            listed=resources.lookup(LISTED, UUID, repository.listed),
        )


class _RelatedProducts:
    """Products like others. Its loader knows this, and this does not know it: what a request has loaded goes with it, and
    waits for no collector."""

    def __init__(self, sources: Sources, relations: BatchLoader[UUID, Relation], viewer: UUID | None) -> None:
        self._sources = sources
        self._relations = relations
        self._viewer = viewer

    async def of(self, asked: Sequence[_Asked]) -> _Related:
        """Products like each, and whose they are: what is kept of them, unless a block is among it."""
        found = await self._kept(asked) if self._sources.likest.kept else {}
        for most in {most for product, most in asked if (product, most) not in found}:
            products = [product for product, m in asked if m == most and (product, most) not in found]
            rows = await self._sources.repository.related(self._viewer, products, most)
            found |= {(product, most): others for product, others in rows.items()}
        return found

    async def _kept(self, asked: Sequence[_Asked]) -> _Related:
        likest = await self._sources.likest.load(list({product for product, _ in asked}))
        owners = await self._sources.listed.load(
            list({other for others in likest.values() for other in others})
        )
        relations = dict(zip(owners, await self._relations.load_many(list(owners.values())), strict=True))
        found: _Related = {}
        for product, most in asked:
            others = [other for other in likest.get(product, ()) if other in owners][:most]
            if not any(relations[other].severed for other in others):
                found[product, most] = [(other, owners[other]) for other in others]
        return found


class Loaders:
    """One request's loaders."""

    def __init__(self, sources: Sources, viewer: Viewer) -> None:
        resources = sources.resources
        self._sources = sources
        self.relations = resources.relation_loader(viewer)
        related = _RelatedProducts(sources, self.relations, viewer.id)
        self.related: BatchLoader[_Asked, list[tuple[UUID, UUID]]] = BatchLoader(
            resources.service, RELATED, related.of, [], resources.metrics
        )

    async def found(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those of the hits that the viewer may see, in order."""
        owners = [h.owner for h in hits]
        self.relations.expect(owners)
        withdrawn = await self._sources.withdrawals.among([(h.type, h.id) for h in hits])
        relations = await self.relations.load_many(owners)
        return [
            hit
            for hit, relation in zip(hits, relations, strict=True)
            if may_be_found(relation, withdrawn=(hit.type, hit.id) in withdrawn)
        ]
