"""Field sets: the selections that `@key`, `@requires` and `@provides` take as text."""

from __future__ import annotations

from functools import lru_cache

from graphql import SelectionSetNode, parse

__all__ = ["parse_field_set"]


@lru_cache(maxsize=4096)
def parse_field_set(text: str) -> SelectionSetNode:
    """A field set's selections, with or without its outer braces; raises GraphQLSyntaxError."""
    source = text if text.lstrip().startswith("{") else "{" + text + "}"
    document = parse(source, no_location=True, max_tokens=20_000)
    selections: SelectionSetNode = document.definitions[0].selection_set  # type: ignore[attr-defined]
    return selections
