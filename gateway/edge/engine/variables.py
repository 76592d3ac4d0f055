"""The values of an operation's variables, as its definitions would have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution import get_variable_values

from gateway.edge.errors import DocumentRefused

__all__ = ["coerced_variables"]


def coerced_variables(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    conditions: Iterable[str],
    given: Mapping[str, Any],
    *,
    suggestions: bool,
) -> Mapping[str, Any]:
    """What was given, or its defaults; ``conditions`` are the variables that an ``if`` takes. Raises DocumentRefused."""
    definitions = operation.variable_definitions
    if not definitions:
        return {}
    coerced = get_variable_values(
        schema, definitions, dict(given), max_errors=20, hide_suggestions=not suggestions
    )
    if isinstance(coerced, list):
        raise DocumentRefused("BAD_USER_INPUT", coerced)
    values = coerced.coerced
    for name in conditions:
        if values.get(name, True) is None:
            raise DocumentRefused("BAD_USER_INPUT", [_null_condition(operation, name)])
    return values


def _null_condition(operation: OperationDefinitionNode, name: str) -> GraphQLError:
    """A variable with a default may be given as null, which no ``if`` takes (specification, section 6.4.1)."""
    nodes = [one for one in operation.variable_definitions or () if one.variable.name.value == name]
    return GraphQLError(
        f'Argument "if" of required type "Boolean!" was given the variable "${name}", which is null.', nodes
    )
