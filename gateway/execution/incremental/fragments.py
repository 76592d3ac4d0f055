"""Deferred fragments of one answer, found while what is around them is completed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from graphql import GraphQLInterfaceType, GraphQLObjectType

from gateway.compiling.analysis.collecting import FieldGroup
from gateway.execution.errors import ErrorLog
from gateway.execution.exact.completion import Completion
from gateway.execution.incremental.layers import Layer, LayerCollector, Usage
from gateway.execution.places import ResponsePath
from gateway.execution.request import ExecutionRequest

__all__ = ["DeferringCompletion", "Fragment", "LaterGroup"]


class Fragment:
    """One ``@defer`` at one object."""

    __slots__ = ("found", "groups", "identity", "parent", "path", "state", "usage")

    def __init__(self, usage: Usage, path: ResponsePath, parent: Fragment | None) -> None:
        self.usage = usage
        self.path = path
        self.parent = parent
        self.groups: list[LaterGroup] = []
        self.found: list[LaterGroup] = []
        """What turned out to be deferred within it."""
        self.identity: str | None = None
        self.state: Literal["waiting", "answered", "lost"] = "waiting"

    def can_be_told(self) -> bool:
        """Whether all that it lies within has been answered; what has no fields of its own needs not be."""
        return all(one.state == "answered" or not one.groups for one in self.around())

    def needs_nothing(self) -> bool:
        """Whether all its fields were answered with others'."""
        return all(group.answered for group in self.groups)

    def is_lost(self) -> bool:
        """Whether something it lies within is null."""
        return any(one.state == "lost" for one in self.around())

    def around(self) -> list[Fragment]:
        """What it lies within, from the inside out."""
        found, above = [], self.parent
        while above is not None:
            found.append(above)
            above = above.parent
        return found


class LaterGroup:
    """Fields of one object that are answered together, for all of ``fragments``."""

    __slots__ = ("answered", "fields", "fragments", "known", "only_later", "parent", "path", "source")

    def __init__(
        self,
        fragments: tuple[Fragment, ...],
        known: Mapping[Usage, Fragment],
        parent: GraphQLObjectType | GraphQLInterfaceType,
        fields: dict[str, FieldGroup],
        only_later: frozenset[str],
        source: dict[str, Any],
        path: ResponsePath,
    ) -> None:
        self.fragments = fragments
        self.known = known
        self.parent = parent
        self.fields = fields
        self.only_later = only_later
        """The fields that the object does not have already."""
        self.source = source
        self.path = path
        self.answered = False


class DeferringCompletion(Completion):
    """Completes what is answered now, and finds what is not."""

    def __init__(
        self,
        request: ExecutionRequest,
        log: ErrorLog,
        collector: LayerCollector,
        known: Mapping[Usage, Fragment],
    ) -> None:
        super().__init__(request, log, collector)
        self._known = known
        self._found: list[LaterGroup] = []

    def fields(
        self,
        parent: GraphQLObjectType | GraphQLInterfaceType,
        groups: dict[str, FieldGroup],
        source: dict[str, Any],
        path: ResponsePath,
    ) -> dict[str, Any]:
        """Also notes what is deferred at the object."""
        if not isinstance(groups, Layer) or not (groups.later or groups.fresh):
            return super().fields(parent, groups, source, path)
        around = self._known
        self._known = known = dict(around)
        for usage in groups.fresh:
            known[usage] = Fragment(usage, path, known[usage.parent] if usage.parent else None)
        for usages, later in groups.later.items():
            fragments = tuple(known[usage] for usage in groups.fresh if usage in usages)
            fragments += tuple(known[usage] for usage in usages if known[usage] not in fragments)
            only_later = frozenset(later.keys() - groups.keys())
            self._found.append(LaterGroup(fragments, known, parent, later, only_later, source, path))
        try:
            return super().fields(parent, groups, source, path)
        finally:
            self._known = around

    def still_there(self, made: dict[str, Any] | None, above: ResponsePath) -> list[LaterGroup]:
        """What was found at objects that no null has taken since; ``made`` is what was completed at ``above``."""
        return [one for one in self._found if _object_at(made, one.path[len(above) :])]


def _object_at(value: Any, path: ResponsePath) -> bool:
    for step in path:
        if value is None:
            return False
        value = value[step]
    return value is not None
