"""The fields of an object, those that are answered now and those that are deferred (CollectFields of the draft).

https://github.com/graphql/graphql-spec/pull/1110
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
)

from gateway.compiling.analysis.collecting import Collector, FieldGroup
from gateway.planning.operation.deferrals import Deferral
from gateway.supergraph.conditions import TypeConditions

__all__ = ["Layer", "LayerCollector", "Usage", "UsageSet"]


@dataclass(frozen=True, eq=False, slots=True)
class Usage:
    """One ``@defer`` as it is met at one selection set."""

    deferral: Deferral
    parent: Usage | None

    def within(self, usages: Iterable[Usage]) -> bool:
        """Whether it lies within one of them."""
        above, wanted = self.parent, set(usages)
        while above is not None:
            if above in wanted:
                return True
            above = above.parent
        return False


UsageSet: TypeAlias = frozenset[Usage]
"""Empty for what is not deferred."""


class Layer(dict[str, FieldGroup]):
    """An object's fields that are answered now; ``later`` has the others, by all the usages that want them."""

    __slots__ = ("fresh", "later")

    def __init__(self) -> None:
        super().__init__()
        self.later: dict[UsageSet, dict[str, FieldGroup]] = {}
        self.fresh: list[Usage] = []
        """Usages that begin here."""


class _Group(FieldGroup):
    """Also knows under which usage each of its nodes stands, and in which set it is answered."""

    __slots__ = ("now", "usages")

    def __init__(self, node: FieldNode, usage: Usage | None, now: UsageSet) -> None:
        super().__init__(node)
        self.usages = [usage]
        self.now = now


_Met: TypeAlias = list[tuple[str, FieldNode, Usage | None]]


class LayerCollector(Collector):
    """Collects fields in layers.

    ``repeating``: each fragment is answered with all its fields, whoever else wants them (the older format);
    otherwise a field that several want is answered once, where it comes first.
    """

    __slots__ = ("_deferrals", "_repeating")

    def __init__(
        self,
        document: DocumentNode,
        variables: Mapping[str, Any],
        types: TypeConditions,
        deferrals: Mapping[int, Deferral],
        *,
        repeating: bool,
    ) -> None:
        super().__init__(document, variables, types)
        self._deferrals = deferrals
        self._repeating = repeating

    def collect(
        self, type_name: str, selection_sets: Iterable[SelectionSetNode | None]
    ) -> dict[str, FieldGroup]:
        """The root's fields."""
        return self._layer(type_name, [(one, None) for one in selection_sets if one is not None], frozenset())

    def below(self, group: FieldGroup, type_name: str) -> dict[str, FieldGroup]:
        """The fields that ``group`` selects of an object called ``type_name``."""
        assert isinstance(group, _Group)  # noqa: S101
        found = group.below.get(type_name)
        if found is None:
            sets = [
                (node.selection_set, usage)
                for node, usage in zip(group.nodes, group.usages, strict=True)
                if node.selection_set is not None
            ]
            found = group.below[type_name] = self._layer(type_name, sets, group.now)
        return found

    def _layer(
        self, type_name: str, sets: Iterable[tuple[SelectionSetNode, Usage | None]], now: UsageSet
    ) -> Layer:
        layer, met = Layer(), _Met()
        visited: set[tuple[Usage | None, str]] = set()
        for selection_set, usage in sets:
            self._meet(type_name, selection_set.selections, usage, met, layer.fresh, visited)
        wanting = self._wanting(met)
        for key, node, usage in met:
            usages = self._set(usage, wanting[key])
            into = layer if usages == now else layer.later.setdefault(usages, {})
            known = into.get(key)
            if known is None:
                into[key] = _Group(node, usage, usages)
            else:
                assert isinstance(known, _Group)  # noqa: S101
                known.nodes.append(node)
                known.usages.append(usage)
        return layer

    def _wanting(self, met: _Met) -> dict[str, UsageSet]:
        """The usages that answer each field: none where it is wanted at once, and none within another."""
        found: dict[str, set[Usage | None]] = {}
        for key, _, usage in met:
            found.setdefault(key, set()).add(usage)
        wanting: dict[str, UsageSet] = {}
        for key, usages in found.items():
            deferred = {one for one in usages if one is not None}
            at_once = len(deferred) < len(usages)
            wanting[key] = frozenset(() if at_once else (u for u in deferred if not u.within(deferred)))
        return wanting

    def _set(self, usage: Usage | None, wanting: UsageSet) -> UsageSet:
        if not self._repeating:
            return wanting
        return frozenset() if usage is None else frozenset((usage,))

    def _meet(
        self,
        type_name: str,
        selections: Iterable[SelectionNode],
        usage: Usage | None,
        met: _Met,
        fresh: list[Usage],
        visited: set[tuple[Usage | None, str]],
    ) -> None:
        for node in selections:
            if node.directives and not self._included(node.directives):
                continue
            if isinstance(node, FieldNode):
                met.append((node.alias.value if node.alias else node.name.value, node, usage))
                continue
            inner = self._usage(node.directives or (), usage)
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                below = node.selection_set.selections
            else:
                assert isinstance(node, FragmentSpreadNode)  # noqa: S101
                if inner is usage and (usage, node.name.value) in visited:
                    continue
                visited.add((inner, node.name.value))
                fragment = self._fragments[node.name.value]
                condition, below = fragment.type_condition, fragment.selection_set.selections
            if condition is None or self._types.holds(type_name, condition.name.value):
                if inner is not usage and inner is not None:
                    fresh.append(inner)
                self._meet(type_name, below, inner, met, fresh, visited)

    def _usage(self, directives: Iterable[DirectiveNode], around: Usage | None) -> Usage | None:
        for directive in directives:
            deferral = self._deferrals.get(id(directive))
            if deferral is not None:
                return Usage(deferral, around)
        return around
