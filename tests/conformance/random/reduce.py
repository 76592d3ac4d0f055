"""Making an operation that goes wrong as small as it can be while it still goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
    validate,
)

from tests.conformance.random.model import Wanted

__all__ = ["reduce_operation"]


async def reduce_operation(
    wanted: Wanted, schema: GraphQLSchema, wrong: Callable[[Wanted], Awaitable[bool]]
) -> Wanted:
    """Drop selections, directives and arguments one by one."""
    while True:
        for smaller in _smaller(wanted):
            if not validate(schema, parse(smaller.text)) and await wrong(smaller):
                wanted = smaller
                break
        else:
            return wanted


def _smaller(wanted: Wanted) -> Iterator[Wanted]:
    if wanted.labels:
        yield replace(wanted, labels=frozenset())
    count = sum(1 for _ in _edits(parse(wanted.text)))
    for index in range(count):
        document = parse(wanted.text, no_location=True)
        for number, edit in enumerate(_edits(document)):
            if number == index:
                edit()
                break
        text = print_ast(_clean(document))
        if len(text) < len(print_ast(parse(wanted.text))):
            used = {name for name in wanted.variables if f"${name}" in text}
            yield Wanted(text, {name: wanted.variables[name] for name in used}, wanted.labels)


def _edits(node: Node) -> Iterator[Callable[[], None]]:
    if isinstance(node, DocumentNode):
        for definition in node.definitions:
            yield from _edits(definition)
    if isinstance(node, SelectionSetNode):
        for index, selection in enumerate(node.selections):
            if len(node.selections) > 1:
                yield lambda index=index: _replace(node, index, ())  # type: ignore[misc]
            if isinstance(selection, InlineFragmentNode):
                inner = selection.selection_set.selections
                yield lambda index=index, inner=inner: _replace(node, index, inner)  # type: ignore[misc]
            yield from _edits(selection)
    inner_set = getattr(node, "selection_set", None)
    if isinstance(inner_set, SelectionSetNode):
        yield from _edits(inner_set)
    if isinstance(node, FieldNode | InlineFragmentNode | FragmentSpreadNode):
        for index in range(len(node.directives or ())):
            yield lambda index=index: _drop(node, "directives", index)  # type: ignore[misc]
    if isinstance(node, FieldNode):
        for index in range(len(node.arguments or ())):
            yield lambda index=index: _drop(node, "arguments", index)  # type: ignore[misc]
        if node.alias:
            yield lambda: _set(node, "alias", None)


def _replace(node: SelectionSetNode, index: int, by: tuple[Node, ...]) -> None:
    selections = list(node.selections)
    selections[index : index + 1] = by  # type: ignore[assignment]
    _set(node, "selections", tuple(selections))


def _drop(node: Node, name: str, index: int) -> None:
    held = list(getattr(node, name))
    del held[index]
    _set(node, name, tuple(held))


def _set(node: Node, name: str, value: object) -> None:
    # The nodes are this module's own, fresh from the parser.
    object.__setattr__(node, name, value)


def _clean(document: DocumentNode) -> DocumentNode:
    """Without fragments and variables nobody uses."""
    document = parse(print_ast(document), no_location=True)
    while True:
        text = print_ast(document)
        kept = tuple(
            one
            for one in document.definitions
            if not isinstance(one, FragmentDefinitionNode) or f"...{one.name.value}" in text
        )
        if len(kept) == len(document.definitions):
            break
        _set(document, "definitions", kept)
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode):
            body = "".join(print_ast(d) for d in document.definitions if d is not one) + print_ast(
                one.selection_set
            )
            kept_variables = tuple(
                v for v in one.variable_definitions or () if f"${v.variable.name.value}" in body
            )
            _set(one, "variable_definitions", kept_variables)
    return document
