"""How every domain's schema is built: federation's version, document caches, no suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from graphql import GraphQLError
from strawberry.federation import Schema
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.schema.config import StrawberryConfig

from subgraphs.kit.execution import CompiledExecutionContext, DocumentCache

__all__ = ["BY_ID", "FEDERATION_VERSION", "build_schema"]

FEDERATION_VERSION: Final = "2.7"
BY_ID = Key(fields=FieldSet("id"), resolvable=False)
"""The key of a type that another domain owns and this one only refers to."""


class _Schema(Schema):
    """Errors are logged where they are answered (kit.service), once, and not the callers' own."""

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
