"""What a document may cost, judged before it is validated, in time bounded by what is allowed.

Validation compares every two fields of one response name, and fragments multiply; so both are bounded
first. Equal selections are one selection: they are dropped, so that ten thousand of them cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from gateway.config import Guards
from gateway.edge.errors import DocumentRefused

__all__ = ["check_document", "check_text", "with_selections", "without_repetitions"]

N = TypeVar("N", bound=Node)

# Linear in the text whatever it is: nothing is given back (possessive), and what is not closed ends with the text.
_NOT_CODE = re.compile(r'"""(?:[^"\\]|\\(?:""")?|"(?!""))*+(?:""")?|"(?:[^"\\\r\n]|\\[^\r\n])*+"?|#[^\r\n]*+')
_ALIASED = re.compile(r"(?<!\w)[_A-Za-z]\w*+[\s,]*+:[\s,]*+[_A-Za-z]\w*+[\s,]*+[({]", re.ASCII)


def check_text(source: str, guards: Guards) -> None:
    """Raise DocumentRefused for aliases by the hundred without parsing them: a flood costs us next to nothing.

    Only aliases of fields with arguments or selections are seen here; nothing else can look like one outside
    strings and comments. ``check_document`` counts them all.
    """
    aliases = len(_ALIASED.findall(_NOT_CODE.sub("", source)))
    if aliases > guards.aliases:
        message = f"A document has at most {guards.aliases} aliases."
        raise DocumentRefused("TOO_MANY_ALIASES", [GraphQLError(message)])


def check_document(document: DocumentNode, guards: Guards) -> None:
    """Raise DocumentRefused for what is deeper, wider or more multiplied than the guards allow."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    _check_aliases(document, guards)
    _check_used(operations, fragments)
    _check_circles(fragments)
    budget = _Budget(guards)
    for operation in operations:
        _Shape(fragments, guards, budget).check(operation)


def without_repetitions(node: SelectionSetNode, source: str) -> SelectionSetNode:
    """The same selections, each text once. Nothing is removed that could mean something else."""
    seen: dict[str, SelectionNode] = {}
    for selection in node.selections:
        text = source[selection.loc.start : selection.loc.end] if selection.loc else repr(id(selection))
        seen.setdefault(text, selection)
    kept = [_inner(s, source) for s in seen.values()]
    return SelectionSetNode(selections=tuple(kept), loc=node.loc)


def _inner(selection: SelectionNode, source: str) -> SelectionNode:
    inner = getattr(selection, "selection_set", None)
    if isinstance(inner, SelectionSetNode) and inner.selections:
        smaller = without_repetitions(inner, source)
        if len(smaller.selections) != len(inner.selections) or any(
            a is not b for a, b in zip(smaller.selections, inner.selections, strict=True)
        ):
            return with_selections(selection, smaller)
    return selection


def with_selections(node: N, selections: SelectionSetNode) -> N:
    """The same node over other selections; nodes are not changed in place."""
    given = {key: getattr(node, key) for key in node.keys}
    return type(node)(**{**given, "selection_set": selections, "loc": node.loc})


def _check_aliases(document: DocumentNode, guards: Guards) -> None:
    aliases = 0
    for node in _fields(document.definitions):
        if node.alias is not None and node.alias.value != node.name.value:
            if node.alias.value == "__typename":
                raise _refused("RESERVED_ALIAS", "No other field can be called '__typename'.", node)
            aliases += 1
            if aliases > guards.aliases:
                raise _refused("TOO_MANY_ALIASES", f"A document has at most {guards.aliases} aliases.", node)


def _fields(nodes: Iterable[Node]) -> Iterator[FieldNode]:
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, FieldNode):
            yield node
        inner = getattr(node, "selection_set", None)
        if isinstance(inner, SelectionSetNode):
            stack.extend(inner.selections)


def _check_used(
    operations: Iterable[OperationDefinitionNode], fragments: dict[str, FragmentDefinitionNode]
) -> None:
    """A fragment that no operation reaches is invalid; it would be validated before that is found."""
    unused = dict(fragments)
    stack: list[Node] = list(operations)
    while stack:
        node = stack.pop()
        if isinstance(node, FragmentSpreadNode) and (found := unused.pop(node.name.value, None)) is not None:
            stack.append(found)
        inner = getattr(node, "selection_set", None)
        if isinstance(inner, SelectionSetNode):
            stack.extend(inner.selections)
    if unused:
        node = next(iter(unused.values()))
        raise _refused("GRAPHQL_VALIDATION_FAILED", f"Fragment '{node.name.value}' is never used.", node)


def _check_circles(fragments: dict[str, FragmentDefinitionNode]) -> None:
    """A fragment that contains itself is invalid; written out it would only be seen to be deep."""
    spread = {name: _spreads(node) & fragments.keys() for name, node in fragments.items()}
    try:
        TopologicalSorter(spread).prepare()
    except CycleError as error:
        name = error.args[1][0]
        message = f"Fragment '{name}' contains itself."
        raise _refused("GRAPHQL_VALIDATION_FAILED", message, fragments[name]) from error


def _spreads(fragment: FragmentDefinitionNode) -> set[str]:
    found: set[str] = set()
    stack: list[Node] = [fragment]
    while stack:
        node = stack.pop()
        if isinstance(node, FragmentSpreadNode):
            found.add(node.name.value)
        inner = getattr(node, "selection_set", None)
        if isinstance(inner, SelectionSetNode):
            stack.extend(inner.selections)
    return found


class _Budget:
    """What all operations of a document may cost together, here and in validation."""

    def __init__(self, guards: Guards) -> None:
        self._left = self._most = guards.selections

    def spend(self, amount: int, node: Node) -> None:
        self._left -= amount
        if self._left < 0:
            message = f"A document has at most {self._most:,} selections, fragments written out."
            raise _refused("TOO_COMPLEX", message, node)


class _Shape:
    """Walks the shape of the answer: selections merged by response name, as execution would."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode], guards: Guards, budget: _Budget) -> None:
        self._fragments = fragments
        self._guards = guards
        self._budget = budget
        self._positions = 0

    def check(self, operation: OperationDefinitionNode) -> None:
        names = self._merged([operation.selection_set])
        if len(names) > self._guards.root_fields:
            message = f"An operation has at most {self._guards.root_fields} root fields."
            raise _refused("TOO_MANY_ROOT_FIELDS", message, operation)
        level = [(names, 1, 0)]
        while level:
            level = [deeper for names, depth, inner in level for deeper in self._below(names, depth, inner)]

    def _below(
        self, names: dict[str, list[FieldNode]], depth: int, introspection: int
    ) -> Iterator[tuple[dict[str, list[FieldNode]], int, int]]:
        for fields in names.values():
            sets = [f.selection_set for f in fields if f.selection_set]
            if not sets:
                continue
            self._positions += 1
            inner = introspection + 1 if introspection or fields[0].name.value in _INTROSPECTION else 0
            self._bounded(fields[0], depth, inner)
            yield self._merged(sets), depth + 1, inner

    def _bounded(self, node: FieldNode, depth: int, introspection: int) -> None:
        guards = self._guards
        if depth >= guards.depth:
            raise _refused("TOO_DEEP", f"An operation is at most {guards.depth} levels deep.", node)
        if introspection > guards.introspection_depth:
            message = f"Introspection is at most {guards.introspection_depth} levels deep."
            raise _refused("INTROSPECTION_TOO_DEEP", message, node)
        if self._positions > guards.positions:
            message = f"An answer has at most {guards.positions:,} different places for objects."
            raise _refused("TOO_COMPLEX", message, node)

    def _merged(self, sets: Iterable[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        names: dict[str, list[FieldNode]] = {}
        texts: dict[str, set[int]] = {}
        visited: set[str] = set()
        stack: list[SelectionNode] = [s for selections in sets for s in selections.selections]
        while stack:
            node = stack.pop()
            self._budget.spend(1, node)
            if isinstance(node, FieldNode):
                name = (node.alias or node.name).value
                variants = texts.setdefault(name, set())
                if id(node) not in variants:
                    self._budget.spend(len(variants), node)  # validation compares each with each
                    variants.add(id(node))
                    names.setdefault(name, []).append(node)
                    if len(variants) > self._guards.field_variants:
                        message = f"'{name}' is selected in more than {self._guards.field_variants} ways."
                        raise _refused("TOO_MANY_SELECTIONS", message, node)
            elif isinstance(node, InlineFragmentNode):
                stack.extend(node.selection_set.selections)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                self._budget.spend(len(visited), node)  # and fragments too
                visited.add(node.name.value)
                fragment = self._fragments.get(node.name.value)
                if fragment is not None:
                    stack.extend(fragment.selection_set.selections)
        return names


_INTROSPECTION = frozenset({"__schema", "__type"})


def _refused(code: str, message: str, node: Node) -> DocumentRefused:
    return DocumentRefused(code, [GraphQLError(message, node)])
