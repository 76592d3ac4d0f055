"""CollectFields of the specification: which fields an object gets, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

__all__ = ["Collector", "Conditions", "FieldGroup"]


class Conditions(Protocol):
    """Whether type conditions hold."""

    def holds(self, type_name: object, condition: str) -> bool:
        """Whether an object called ``type_name`` is a ``condition``."""
        ...


class FieldGroup:
    """All selections of one response key, and what they select below, by runtime type."""

    __slots__ = ("below", "name", "nodes")

    def __init__(self, node: FieldNode) -> None:
        self.name = node.name.value
        self.nodes: list[FieldNode] = [node]
        self.below: dict[str, dict[str, FieldGroup]] = {}


class Collector:
    """Collects fields of one operation, its variables being known."""

    __slots__ = ("_fragments", "_types", "_variables")

    def __init__(self, document: DocumentNode, variables: Mapping[str, Any], types: Conditions) -> None:
        self._variables = variables
        self._types = types
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }

    def collect(
        self, type_name: str, selection_sets: Iterable[SelectionSetNode | None]
    ) -> dict[str, FieldGroup]:
        """The fields of an object called ``type_name``, by response key."""
        groups: dict[str, FieldGroup] = {}
        visited: set[str] = set()
        for selection_set in selection_sets:
            if selection_set is not None:
                self._collect(type_name, selection_set.selections, groups, visited)
        return groups

    def below(self, group: FieldGroup, type_name: str) -> dict[str, FieldGroup]:
        """The fields that ``group`` selects of an object called ``type_name``."""
        found = group.below.get(type_name)
        if found is None:
            found = self.collect(type_name, (node.selection_set for node in group.nodes))
            group.below[type_name] = found
        return found

    def _collect(
        self,
        type_name: str,
        selections: Iterable[SelectionNode],
        groups: dict[str, FieldGroup],
        visited: set[str],
    ) -> None:
        for node in selections:
            if node.directives and not self._included(node.directives):
                continue
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                if key in groups:
                    groups[key].nodes.append(node)
                else:
                    groups[key] = FieldGroup(node)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                if condition is None or self._types.holds(type_name, condition.name.value):
                    self._collect(type_name, node.selection_set.selections, groups, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if self._types.holds(type_name, fragment.type_condition.name.value):
                    self._collect(type_name, fragment.selection_set.selections, groups, visited)

    def _included(self, directives: Iterable[DirectiveNode]) -> bool:
        for directive in directives:
            if directive.name.value in ("skip", "include") and directive.arguments:
                value = directive.arguments[0].value
                if isinstance(value, VariableNode):
                    holds = bool(self._variables.get(value.name.value))
                else:
                    holds = isinstance(value, BooleanValueNode) and value.value
                if holds == (directive.name.value == "skip"):
                    return False
        return True
