"""A field that is given other data by `@requires` or `@fromContext` is guarded at least as well as that data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, SelectionSetNode

from gateway.composition.errors import CompositionError, location_of
from gateway.composition.graph import Graph
from gateway.composition.merging.strategies import Alternatives, conjunction, disjunction_of
from gateway.composition.model.merged import Application, Merged, MergedField, MergedType
from gateway.composition.model.typing import base
from gateway.composition.model.values import comparable, text
from gateway.federation.field_sets import parse_field_set

__all__ = ["transitive_auth"]


@dataclass(frozen=True, slots=True)
class _Guard:
    """What a caller has to bring."""

    authenticated: bool = False
    scopes: Alternatives = ()
    policies: Alternatives = ()

    def and_(self, other: _Guard) -> _Guard:
        return _Guard(
            self.authenticated or other.authenticated,
            conjunction([self.scopes, other.scopes]),
            conjunction([self.policies, other.policies]),
        )

    def implies(self, other: _Guard) -> bool:
        """Whether who passes this one passes the other too."""
        return (
            (self.authenticated or not other.authenticated)
            and _implies(self.scopes, other.scopes)
            and _implies(self.policies, other.policies)
        )


def transitive_auth(merged: Merged, graph: Graph) -> Iterator[CompositionError]:
    """Each field that would answer what its caller may not read."""
    guards = _Guards(merged)
    if not guards.any:
        return
    for one in merged.types.values():
        for field in one.fields.values():
            own = guards.of(one.applied).and_(guards.of(field.applied))
            for subgraph, directive, type_name, selection in _sources(merged, one, field):
                told = guards.problem(own, type_name, selection, whole=directive == "@fromContext")
                source = field.sources.get(subgraph)
                if told is not None and source is not None:
                    message = (
                        f'[{subgraph}] "{one.name}.{field.name}" is guarded less than {told}, which it has by '
                        f"{directive}."
                    )
                    where = location_of(subgraph, source.node)
                    code = "MISSING_TRANSITIVE_AUTH_REQUIREMENTS"
                    yield CompositionError(code, message, (subgraph,), where)


def _sources(merged: Merged, one: MergedType, field: MergedField) -> Iterator[tuple[str, str, str, str]]:
    """Subgraph, directive, and what is selected of which type."""
    names = {s.graph: s.name for s in merged.subgraphs}
    for join in field.joins:
        subgraph = names.get(join.graph or "", "")
        if join.requires is not None:
            yield subgraph, "@requires", one.name, join.requires
        for argument in join.context_arguments:
            for type_name in _contexts(merged, argument.context):
                yield subgraph, "@fromContext", type_name, argument.selection


def _contexts(merged: Merged, context: str) -> Iterator[str]:
    name = merged.spec_directive("context", "context")
    wanted = comparable(text(context))
    for one in merged.types.values():
        if any(a.name == name and comparable(a.argument("name")) == wanted for a in one.applied):
            yield one.name


class _Guards:
    """Reads guards off the merged graph."""

    def __init__(self, merged: Merged) -> None:
        self._merged = merged
        self._authenticated = merged.spec_directive("authenticated", "authenticated")
        self._scopes = merged.spec_directive("requiresScopes", "requiresScopes")
        self._policy = merged.spec_directive("policy", "policy")
        self.any = bool(self._authenticated or self._scopes or self._policy)

    def of(self, applied: tuple[Application, ...]) -> _Guard:
        by_name = {a.name: a for a in applied}
        scopes, policy = by_name.get(self._scopes or ""), by_name.get(self._policy or "")
        return _Guard(
            (self._authenticated or "") in by_name,
            disjunction_of(scopes.argument("scopes")) if scopes else (),
            disjunction_of(policy.argument("policies")) if policy else (),
        )

    def problem(self, own: _Guard, type_name: str, selection: str, *, whole: bool) -> str | None:
        """What of the selection is guarded better, of the type itself too if ``whole``; None if nothing is."""
        if whole and not self._may_see(own, type_name):
            return f'"{type_name}"'
        try:
            selections = parse_field_set(selection)
        except GraphQLSyntaxError:
            return None
        return next(self._problems(own, type_name, selections), None)

    def _problems(self, own: _Guard, type_name: str, selections: SelectionSetNode) -> Iterator[str]:
        found = self._merged.types.get(type_name)
        for selection in selections.selections:
            if isinstance(selection, InlineFragmentNode):
                inner = selection.type_condition.name.value if selection.type_condition else type_name
                if selection.type_condition and not self._may_see(own, inner):
                    yield f'"{inner}"'
                yield from self._problems(own, inner, selection.selection_set)
            elif isinstance(selection, FieldNode) and found is not None:
                field = found.fields.get(selection.name.value)
                if field is None:
                    continue
                if not own.implies(self.of(field.applied)) or not self._may_see(own, base(field.type)):
                    yield f'"{type_name}.{field.name}"'
                if selection.selection_set is not None:
                    yield from self._problems(own, base(field.type), selection.selection_set)

    def _may_see(self, own: _Guard, type_name: str) -> bool:
        found = self._merged.types.get(type_name)
        return found is None or own.implies(self.of(found.applied))


def _implies(one: Alternatives, two: Alternatives) -> bool:
    wanted = [frozenset(a) for a in two] or [frozenset()]
    return all(any(w <= frozenset(a) for w in wanted) for a in one or ((),))
