"""The API schema as operations are validated by: with ``@defer``, which every client may send."""

from __future__ import annotations

from graphql import GraphQLDeferDirective, GraphQLSchema

__all__ = ["accepting_defer"]


def accepting_defer(schema: GraphQLSchema) -> GraphQLSchema:
    """The schema with ``@defer``, which no API schema need define; the same object where one does."""
    if schema.get_directive("defer") is not None:
        return schema
    parts = schema.to_kwargs()
    parts["directives"] = (*parts["directives"], GraphQLDeferDirective)
    return GraphQLSchema(**parts)
