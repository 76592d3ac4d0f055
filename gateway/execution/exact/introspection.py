"""``__schema`` and ``__type`` answered from the API schema, without asking a subgraph."""

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    execute_sync,
    visit,
)

from gateway.execution.request import ExecutionRequest

__all__ = ["INTROSPECTION_FIELDS", "introspect"]

INTROSPECTION_FIELDS = frozenset({"__schema", "__type"})


class _UsedVariables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names.add(node.name.value)


def introspect(request: ExecutionRequest, nodes: list[FieldNode]) -> tuple[Any, list[dict[str, Any]]]:
    """The value of one introspection field, selected by ``nodes``, and errors."""
    fragments = [one for one in request.document.definitions if isinstance(one, FragmentDefinitionNode)]
    selected = SelectionSetNode(selections=tuple(nodes))
    used = _UsedVariables()
    visit(selected, used)
    for fragment in fragments:
        visit(fragment, used)
    operation = OperationDefinitionNode(
        operation=OperationType.QUERY,
        name=NameNode(value="Introspection"),
        variable_definitions=tuple(
            one
            for one in request.operation.variable_definitions or ()
            if one.variable.name.value in used.names
        ),
        selection_set=selected,
    )
    result = execute_sync(
        request.supergraph.api_schema,
        DocumentNode(definitions=(operation, *fragments)),
        variable_values=dict(request.variables),
    )
    key = nodes[0].alias.value if nodes[0].alias else nodes[0].name.value
    errors = [dict(error.formatted) for error in result.errors or ()]
    return (result.data or {}).get(key), errors
