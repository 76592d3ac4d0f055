"""What a subgraph may be asked: no field that is another's, no representation with too little or too much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    print_ast,
)

from tests.conformance.federated import SubgraphFacts

__all__ = ["forbidden_fields", "representation_faults"]

Overridden = frozenset[tuple[str, str]]


def forbidden_fields(
    facts: SubgraphFacts, overridden: Overridden, operation: OperationDefinitionNode
) -> list[str]:
    """Fields that are external and not provided here, or that another subgraph has taken over."""
    root = facts.schema.get_root_type(operation.operation)
    assert root is not None
    return list(_forbidden(facts, overridden, operation.selection_set, root, []))


def _forbidden(
    facts: SubgraphFacts,
    overridden: Overridden,
    selections: SelectionSetNode,
    parent: Any,
    provided: Sequence[SelectionSetNode],
) -> Iterable[str]:
    for node in selections.selections:
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            inner = facts.schema.get_type(condition.name.value) if condition else parent
            yield from _forbidden(facts, overridden, node.selection_set, inner, provided)
        elif isinstance(node, FieldNode) and not node.name.value.startswith("_"):
            below = list(_fields(provided, node.name.value, facts, parent))
            if not below:
                yield from _others(facts, overridden, node.name.value, parent)
            if node.selection_set is not None:
                declared = facts.types[parent.name].fields[node.name.value]
                also = [declared.provides] if declared.provides else []
                nested = [one.selection_set for one in below if one.selection_set]
                named = get_named_type(parent.fields[node.name.value].type)
                yield from _forbidden(facts, overridden, node.selection_set, named, [*nested, *also])
        elif isinstance(node, FieldNode) and node.name.value == "_entities" and node.selection_set:
            entity = facts.schema.get_type("_Entity")
            yield from _forbidden(facts, overridden, node.selection_set, entity, [])


def _fields(
    provided: Iterable[SelectionSetNode], name: str, facts: SubgraphFacts, parent: Any
) -> Iterable[FieldNode]:
    for selections in provided:
        for node in selections.selections:
            if isinstance(node, FieldNode) and node.name.value == name:
                yield node
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                other = facts.schema.get_type(condition.name.value) if condition else parent
                if _overlap(facts, other, parent):
                    yield from _fields([node.selection_set], name, facts, parent)


def _overlap(facts: SubgraphFacts, one: Any, other: Any) -> bool:
    return bool({*_objects(facts, one)} & {*_objects(facts, other)})


def _objects(facts: SubgraphFacts, kind: Any) -> list[str]:
    if isinstance(kind, GraphQLObjectType):
        return [kind.name]
    return [one.name for one in facts.schema.get_possible_types(kind)]


def _others(facts: SubgraphFacts, overridden: Overridden, name: str, parent: Any) -> Iterable[str]:
    for kind in _objects(facts, parent):
        known = facts.types.get(kind)
        declared = known.fields.get(name) if known else None
        if (kind, name) in overridden:
            yield f"{kind}.{name} is overridden"
        elif known and declared and declared.external and not any(_has(key, name) for key in known.keys):
            yield f"{kind}.{name} is external"


def _has(selections: SelectionSetNode, name: str) -> bool:
    return any(isinstance(node, FieldNode) and node.name.value == name for node in selections.selections)


def representation_faults(
    facts: SubgraphFacts, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> list[str]:
    """Representations without a whole key, without what a selected field requires, or with anything else."""
    wanted = _required(facts, operation)
    found = []
    for representation in variables.get(_variable(operation)) or ():
        name = representation.get("__typename")
        known = facts.types.get(name)
        if known is None or not known.keys:
            found.append(f"{name} cannot be entered")
            continue
        rest = {key: value for key, value in representation.items() if key != "__typename"}
        needed = [one for kind, sets in wanted.items() if kind in _below(facts, name) for one in sets]
        if not any(_missing(key, rest) == [] for key in known.keys):
            found.append(f"no whole key in {representation}")
        missing = [m for one in needed for m in _missing(one, rest)]
        surplus = _surplus([*known.keys, *needed], rest)
        found += [f"{what} missing in {representation}" for what in missing]
        found += [f"{what} too much in {representation}" for what in surplus]
    return found


def _variable(operation: OperationDefinitionNode) -> str:
    """The variable in which representations are sent; "" where none are."""
    for node in operation.selection_set.selections:
        if isinstance(node, FieldNode) and node.name.value == "_entities":
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode):
                    return argument.value.name.value
    return ""


def _below(facts: SubgraphFacts, name: str) -> set[str]:
    return {name, *_objects(facts, facts.schema.get_type(name))}


def _required(facts: SubgraphFacts, operation: OperationDefinitionNode) -> dict[str, list[SelectionSetNode]]:
    """What the fields selected on entities require, by the type they are selected on."""
    found: dict[str, list[SelectionSetNode]] = {}

    def collect(selections: SelectionSetNode, kind: str | None) -> None:
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                collect(node.selection_set, condition.name.value if condition else kind)
            elif isinstance(node, FieldNode) and kind:
                for name in _below(facts, kind):
                    declared = facts.types[name].fields.get(node.name.value) if name in facts.types else None
                    if declared and declared.requires:
                        found.setdefault(name, []).append(declared.requires)

    for node in operation.selection_set.selections:
        if isinstance(node, FieldNode) and node.name.value == "_entities" and node.selection_set:
            collect(node.selection_set, None)
    return found


def _missing(selections: SelectionSetNode, value: Any) -> list[str]:
    if isinstance(value, list):
        return [m for one in value for m in _missing(selections, one)]
    if not isinstance(value, Mapping):
        return []
    found = []
    for node in selections.selections:
        if isinstance(node, InlineFragmentNode):
            if node.type_condition and value.get("__typename") == node.type_condition.name.value:
                found += _missing(node.selection_set, value)
        elif isinstance(node, FieldNode):
            name = node.name.value
            if name not in value:
                found.append(print_ast(node))
            elif node.selection_set:
                found += _missing(node.selection_set, value[name])
    return found


def _surplus(allowed: Sequence[SelectionSetNode], value: Any) -> list[str]:
    if isinstance(value, list):
        return [s for one in value for s in _surplus(allowed, one)]
    if not isinstance(value, Mapping):
        return []
    found = []
    for name, inner in value.items():
        if name == "__typename":
            continue
        nodes = list(_named(allowed, name))
        if not nodes:
            found.append(name)
        elif nested := [node.selection_set for node in nodes if node.selection_set]:
            found += _surplus(nested, inner)
    return found


def _named(allowed: Iterable[SelectionSetNode], name: str) -> Iterable[FieldNode]:
    for selections in allowed:
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                yield from _named([node.selection_set], name)
            elif isinstance(node, FieldNode) and node.name.value == name:
                yield node
