"""Field sets: the selections that `@key`, `@requires` and `@provides` take as text."""

from __future__ import annotations

from functools import lru_cache

from graphql import GraphQLSyntaxError, OperationDefinitionNode, SelectionSetNode, Source, parse

__all__ = ["parse_field_set"]

_MAX_TOKENS = 20_000


@lru_cache(maxsize=4096)
def parse_field_set(text: str) -> SelectionSetNode:
    """A field set's selections, with or without its outer braces; raises GraphQLSyntaxError."""
    source = Source(text if text.lstrip().startswith("{") else "{" + text + "}")
    try:
        document = parse(source, no_location=True, max_tokens=_MAX_TOKENS, allow_empty_selection_sets=False)
    except RecursionError:
        raise GraphQLSyntaxError(source, 0, "The selection is nested too deeply.") from None
    first = document.definitions[0]
    if len(document.definitions) > 1 or not isinstance(first, OperationDefinitionNode):
        raise GraphQLSyntaxError(source, 0, "There has to be one selection.")
    return first.selection_set
