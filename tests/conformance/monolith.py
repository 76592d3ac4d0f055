"""The second oracle: one executor over the API schema and all the data, without any federation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from tests.conformance.corpus import Case, Suite
from tests.conformance.world import MONOLITH, Record, State, World

__all__ = ["ask_monolith"]


def ask_monolith(suite: Suite, case: Case, schema: GraphQLSchema) -> list[dict[str, Any]]:
    """What one server with all the suite's data answers: one answer, or one an event."""
    document = parse(case.operation)
    assert (invalid := validate(schema, document)) == [], invalid
    operation = get_operation_ast(document, case.operation_name)
    assert operation is not None
    world = World(suite.data, suite.seen_by.get(MONOLITH) or {}, State())
    return [_ask(schema, case, document, world, root) for root in _roots(world, operation, document)]


def _roots(
    world: World, operation: OperationDefinitionNode, document: DocumentNode
) -> Iterable[Mapping[str, Any]]:
    root = world.roots.get(operation.operation.value, {})
    if operation.operation is not OperationType.SUBSCRIPTION:
        return [root]
    field = _first_field(operation.selection_set, document)
    return [{field: event} for event in root[field]]


def _first_field(selections: SelectionSetNode, document: DocumentNode) -> str:
    node = selections.selections[0]
    if isinstance(node, FieldNode):
        return node.name.value
    if isinstance(node, InlineFragmentNode):
        return _first_field(node.selection_set, document)
    assert isinstance(node, FragmentSpreadNode)
    fragment = next(
        one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode) and one.name.value == node.name.value
    )
    return _first_field(fragment.selection_set, document)


def _ask(
    schema: GraphQLSchema, case: Case, document: DocumentNode, world: World, root: Any
) -> dict[str, Any]:
    def resolve(source: Any, info: GraphQLResolveInfo[Any], **args: Any) -> Any:
        fields = source.fields if isinstance(source, Record) else source
        if info.path.prev and info.parent_type is info.schema.query_type:
            fields = world.roots["query"]
        return world.value(fields.get(info.field_name), source, args, lambda one, name: one.fields.get(name))

    result = execute_sync(
        schema,
        document,
        root_value=root,
        variable_values=dict(case.variables),
        operation_name=case.operation_name,
        field_resolver=resolve,
        type_resolver=lambda value, _info, _type: (
            value.type if isinstance(value, Record) else value["__typename"]
        ),
    )
    answered: dict[str, Any] = json.loads(json.dumps(result.formatted))
    return answered
