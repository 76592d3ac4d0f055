"""How every domain's schema is built: federation's version, document caches, no suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from graphql import GraphQLError
from strawberry import Info
from strawberry.federation import Schema
from strawberry.federation.schema import FederationAny
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.schema.config import StrawberryConfig

from subgraphs.kit.execution import CompiledExecutionContext, DocumentCache

__all__ = ["BY_ID", "FEDERATION_VERSION", "build_schema"]

FEDERATION_VERSION: Final = "2.7"
BY_ID = Key(fields=FieldSet("id"), resolvable=False)
"""The key of a type that another domain owns and this one only refers to."""


_BY_ID_ALONE: Final = frozenset({"__typename", "id"})


class _Schema(Schema):
    """Errors are logged where they are answered (kit.serving.service), once, and not the callers' own.

    Entities whose type has ``resolve_references(info, ids)`` are resolved by one call for all of them, which
    gives a list in the order of ``ids``, None where there is none; others one by one, as Strawberry does.
    """

    async def entities_resolver(  # type: ignore[override] # awaited, as any resolver is
        self, info: Info, representations: list[FederationAny]
    ) -> list[FederationAny]:
        """``_entities``."""
        asked: list[dict[str, Any]] = representations  # type: ignore[assignment] # as they come
        groups: dict[Any, list[int]] = {}
        single: list[int] = []
        origins: dict[str, Any] = {}
        for index, representation in enumerate(asked):
            name = representation.get("__typename", "")
            if name not in origins:
                origins[name] = self._listed(name)
            origin = origins[name] if representation.keys() == _BY_ID_ALONE else None
            (single if origin is None else groups.setdefault(origin, [])).append(index)
        found: list[Any] = [None] * len(representations)
        if single:
            each = super().entities_resolver(info, [representations[i] for i in single])
            for index, value in zip(single, each, strict=True):
                found[index] = value
        for origin, indices in groups.items():
            ids = [asked[i]["id"] for i in indices]
            try:
                values = await origin.resolve_references(info, ids)
            except Exception as error:  # of each, as it would be one by one
                values = [error] * len(ids)
            for index, value in zip(indices, values, strict=True):
                found[index] = value
        return found

    def _listed(self, name: str) -> Any:
        """The class that resolves entities of this type for a whole list; None where it is not such a one."""
        concrete = self.schema_converter.type_map.get(name)
        origin = getattr(concrete.definition, "origin", None) if concrete else None
        return origin if hasattr(origin, "resolve_references") else None

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        return None


def build_schema(
    query: type,
    mutation: type | None = None,
    subscription: type | None = None,
    *,
    types: Iterable[Any] = (),
    scalars: Mapping[Any, Any] | None = None,
) -> Schema:
    """A subgraph's schema. The gateway alone sends operations, a bounded set: their documents are kept."""
    return _Schema(
        query=query,
        mutation=mutation,
        subscription=subscription,
        types=types,
        federation_version=FEDERATION_VERSION,
        config=StrawberryConfig(disable_field_suggestions=True, scalar_map=scalars or {}),
        extensions=[DocumentCache],
        execution_context_class=CompiledExecutionContext,
    )
