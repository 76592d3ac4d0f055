"""The library's validation rules over a document, at about half of the library's cost.

The rules and what they say are graphql-core's own. Only the walk is ours: it asks at each kind of node the rules alone
that are about it, does not look into names, which no rule is about, and knows a node by its identity where the library
compares all of it. https://spec.graphql.org/September2025/#sec-Validation
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from graphql import (
    BREAK,
    SKIP,
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    TypeInfo,
    ValidationContext,
    Visitor,
    visit,
)
from graphql.language.visitor import EnterLeaveVisitor
from graphql.pyutils.ref_map import RefMap
from graphql.validation.validate import (
    FragmentNestingVisitor,
    ValidationAbortedError,
    query_document_keys_to_validate,
)

__all__ = ["validated"]

_NAMES = frozenset({"name", "alias"})
_KEYS = {
    kind: tuple(key for key in keys if key not in _NAMES)
    for kind, keys in query_document_keys_to_validate.items()
}
_Rule: TypeAlias = tuple[int, Callable[..., Any] | None, Callable[..., Any] | None]
"""A visitor's number, and what it does when a node is entered and left."""


def validated(
    schema: GraphQLSchema,
    document: DocumentNode,
    rules: Sequence[type[ASTValidationRule]],
    *,
    most_errors: int,
    hide_suggestions: bool,
) -> list[GraphQLError]:
    """What is wrong with a document: what ``graphql.validate`` says of it, in the same order."""
    errors: list[GraphQLError] = []

    def found(error: GraphQLError) -> None:
        if len(errors) >= most_errors:
            message = "Too many validation errors, error limit reached. Validation aborted."
            raise ValidationAbortedError(message)
        errors.append(error)

    types = TypeInfo(schema)
    context = _Context(schema, document, types, found, hide_suggestions)
    visitors: list[Visitor] = [rule(context) for rule in rules]
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    if fragments:
        visitors.insert(0, FragmentNestingVisitor(fragments))
    try:
        visit(document, _Walk(types, visitors), _KEYS)
    except ValidationAbortedError as error:
        error.__context__ = None  # it would hold all that was under way
        errors.append(error.with_traceback(None))
    except RecursionError:
        errors.append(ValidationAbortedError("Validation aborted."))
    return errors


class _Context(ValidationContext):
    """What rules ask for, remembered by the node itself: as a key of a dict all that is in it would be hashed."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._fragment_spreads: Any = RefMap()
        self._variable_usages: Any = RefMap()
        self._recursive_variable_usages: Any = RefMap()
        source = self.document.loc
        self._has_variables = source is None or "$" in source.source.body

    def get_variable_usages(self, node: Any) -> list[Any]:
        """Where variables are used; a document without a dollar sign is not walked for it."""
        return super().get_variable_usages(node) if self._has_variables else []


class _Walk(Visitor):
    """Keeps track of types, and asks the visitors; a visitor that skips a node is asked again after it."""

    def __init__(self, types: TypeInfo, visitors: Sequence[Visitor]) -> None:
        super().__init__()
        self._types = types
        self._visitors = visitors
        self._skipping: list[Any] = [None] * len(visitors)

    def get_enter_leave_for_kind(self, kind: str) -> EnterLeaveVisitor:
        """What is done at nodes of a kind, worked out once a document."""
        known = self.enter_leave_map.get(kind)
        if known is None:
            known = self.enter_leave_map[kind] = self._made(kind)
        return known

    def _made(self, kind: str) -> EnterLeaveVisitor:
        rules: list[_Rule] = []
        for number, visitor in enumerate(self._visitors):
            enter, leave = _methods(type(visitor), kind)  # type: ignore[arg-type] # classes can be hashed
            if enter or leave:
                rules.append((number, _bound(visitor, enter), _bound(visitor, leave)))
        typed, untyped = (getattr(self._types, f"{way}_{kind}", None) for way in ("enter", "leave"))
        entering = _entering(typed, rules, self._skipping) if rules or typed else None
        leaving = _leaving(untyped, rules, self._skipping) if rules or untyped else None
        return EnterLeaveVisitor(entering, leaving)


def _entering(typed: Callable[..., Any] | None, rules: Sequence[_Rule], skipping: list[Any]) -> Any:
    asked = [(number, enter) for number, enter, _ in rules if enter is not None]

    def enter(node: Node, *place: Any) -> None:
        if typed is not None:
            typed(node)
        for number, rule in asked:
            if skipping[number] is None:
                result = rule(node, *place)
                if result is not None:
                    skipping[number] = node if result is SKIP or result is False else BREAK

    return enter


def _leaving(untyped: Callable[..., Any] | None, rules: Sequence[_Rule], skipping: list[Any]) -> Any:
    def leave(node: Node, *place: Any) -> None:
        for number, _, rule in rules:
            skipped = skipping[number]
            if skipped is None:
                if rule is not None and rule(node, *place) in (BREAK, True):
                    skipping[number] = BREAK
            elif skipped is node:
                skipping[number] = None
        if untyped is not None:
            untyped()

    return leave


@lru_cache(maxsize=4096)
def _methods(visitor: type[Visitor], kind: str) -> tuple[str, str]:
    """The names of a visitor's methods for a kind of node; empty where it has none."""
    found = []
    for way in ("enter", "leave"):
        names = (f"{way}_{kind}", way)
        found.append(next((name for name in names if getattr(visitor, name, None)), ""))
    return found[0], found[1]


def _bound(visitor: Visitor, name: str) -> Callable[..., Any] | None:
    return getattr(visitor, name) if name else None
