"""The ai domain's SQL: candidates by their words, ranked by words and vectors together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import REAL, Integer, String, Uuid
from sqlmodel import col

from subgraphs.ai.models import Embedding
from subgraphs.ai.texts import words
from subgraphs.kit.database.database import Database
from subgraphs.kit.database.reads import Read, given, one_of
from subgraphs.kit.database.transaction import Transaction
from subgraphs.kit.graph.relay import PageRequest

__all__ = ["MOST_RELATED", "Hit", "SearchRepository"]

MOST_RELATED = 24
"""Others that are kept of each product."""
_MOST_TERMS = 12
_SHORTEST_PREFIX = 3
_CANDIDATES = 1000

_NOT_SEVERED = """owner_id NOT IN (
      SELECT other_id FROM relation_edges WHERE user_id = :viewer AND kind = 'block'
      UNION ALL SELECT user_id FROM relation_edges WHERE other_id = :viewer AND kind = 'block')"""

_LIKENESS = "(SELECT coalesce(sum(a * b), 0) FROM unnest({}, {}) AS pair (a, b))"

# Every word of the question must be there: as it is written (or begins), or by its stem.
_SEARCH_SQL = f"""
WITH asked AS MATERIALIZED (
  SELECT string_agg(
    '(' || (to_tsquery('simple', written) || plainto_tsquery('english', word))::text || ')', ' & '
  )::tsquery AS terms
  FROM unnest(CAST(:written AS varchar[]), CAST(:words AS varchar[])) AS x (written, word)
), found AS (
  SELECT subject_type, subject_id, owner_id, terms, vector, model FROM embeddings
  WHERE terms @@ (SELECT terms FROM asked) AND subject_type = ANY(:types) AND {_NOT_SEVERED}
  ORDER BY subject_id DESC LIMIT {_CANDIDATES}
), ranked AS (
  SELECT subject_type, subject_id, owner_id, CAST(round((
    0.6 * ts_rank('{{0, 0.2, 0.6, 1}}', terms, (SELECT terms FROM asked), 33)
    + 0.4 * CASE WHEN model = :model THEN greatest(0, {_LIKENESS.format("vector", ":vector")}) ELSE 0 END
  ) * 1000000) AS integer) AS score
  FROM found
)
SELECT subject_type, subject_id, owner_id, score FROM ranked
WHERE CAST(:score AS integer) IS NULL OR (score, subject_id) < (:score, CAST(:subject AS uuid))
ORDER BY score DESC, subject_id DESC LIMIT :most
"""  # noqa: S608 - put together from constants

# Of one owner, or with a telling word in common; the likest first.
_RELATED_SQL = f"""
SELECT source.subject_id, near.subject_id, near.owner_id
FROM embeddings source
CROSS JOIN LATERAL (
  SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS terms
  FROM unnest(source.terms) WHERE 'C' = ANY(weights)
) asked
CROSS JOIN LATERAL (
  SELECT subject_id, owner_id, {_LIKENESS.format("other.vector", "source.vector")}
    + CASE WHEN other.owner_id = source.owner_id THEN 0.05 ELSE 0 END AS score
  FROM embeddings other
  WHERE subject_type = 'Product' AND subject_id <> source.subject_id AND model = source.model
    AND (terms @@ asked.terms OR owner_id = source.owner_id) AND {_NOT_SEVERED}
  ORDER BY score DESC, subject_id LIMIT :most
) near
WHERE source.subject_type = 'Product' AND source.subject_id = ANY(:sources)
ORDER BY source.subject_id, near.score DESC, near.subject_id
"""  # noqa: S608 - put together from constants

_TYPES: dict[str, Any] = {
    "written": ARRAY(String),
    "words": ARRAY(String),
    "types": ARRAY(String),
    "viewer": Uuid,
    "model": String,
    "vector": ARRAY(REAL),
    "score": Integer,
    "subject": Uuid,
    "sources": ARRAY(Uuid),
    "most": Integer,
}


def _typed(sql: str) -> TextClause:
    return text(sql).bindparams(*(given(n, t) for n, t in _TYPES.items() if f":{n}" in sql))


_SEARCH = Read[Any](_typed(_SEARCH_SQL))
_RELATED_TEXT = _typed(_RELATED_SQL)
_RELATED = Read[Any](_RELATED_TEXT)
_LISTED = Read[Any](
    select(col(Embedding.subject_id), col(Embedding.owner_id)).where(
        col(Embedding.subject_type) == "Product", one_of(col(Embedding.subject_id), "products")
    )
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. ``score`` is in millionths, so that a cursor holds it exactly."""

    type: str
    id: UUID
    owner: UUID
    score: int


class SearchRepository:
    """Reads the index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(
        self,
        viewer: UUID | None,
        asked: str,
        vector: Sequence[float],
        model: str,
        types: Sequence[str],
        request: PageRequest,
    ) -> list[Hit]:
        """The best of the newest thousand that have every word, one more than asked for."""
        terms = words(asked)[:_MOST_TERMS]
        if not terms:
            return []
        score, subject = (int(request.key[0]), UUID(request.key[1])) if request.key else (None, None)
        rows = await self._database.rows(
            _SEARCH,
            written=[f"{t}:*" if len(t) >= _SHORTEST_PREFIX else t for t in terms],
            words=terms,
            types=types,
            viewer=viewer,
            model=model,
            vector=vector,
            score=score,
            subject=subject,
            most=request.count + 1,
        )
        return [Hit(*row) for row in rows]

    async def related(
        self, viewer: UUID | None, products: Sequence[UUID], most: int
    ) -> dict[UUID, list[tuple[UUID, UUID]]]:
        """For each product the likest others, and whose they are."""
        found: dict[UUID, list[tuple[UUID, UUID]]] = {}
        rows = await self._database.rows(_RELATED, viewer=viewer, sources=products, most=most)
        for source, other, owner in rows:
            found.setdefault(source, []).append((other, owner))
        return found

    async def likest(self, products: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """For each product the likest others, whosever they are."""
        found = await self.related(None, products, MOST_RELATED)
        return {product: [other for other, _ in others] for product, others in found.items()}

    async def likest_now(self, tx: Transaction, product: UUID) -> list[UUID]:
        """As ``likest``, for one, within a transaction."""
        given = {"viewer": None, "sources": [product], "most": MOST_RELATED}
        return [other for _, other, _ in await tx.session.execute(_RELATED_TEXT, given)]

    async def listed(self, products: Sequence[UUID]) -> dict[UUID, UUID]:
        """Whose each product is that can be found."""
        return dict(await self._database.rows(_LISTED, products=products))
