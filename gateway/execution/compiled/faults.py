"""What went wrong in a compiled run without spoiling its data: told in the client's terms when the run is over.

The answers' errors need their places, which compiled code does not keep; they are looked for only now. The exact
path says the same of the same answers, at many times the cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.compiling import CompiledStep
from gateway.execution.errors import client_error, from_subgraph, root_keys, subgraph_path
from gateway.execution.places import ResponsePath, common_path
from gateway.execution.rewrites import rename_path
from gateway.transport.protocol import SubgraphUnavailable

__all__ = ["Fault", "told"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fetch's errors, or why there was no answer; ``groups`` are the objects of each representation."""

    step: CompiledStep
    groups: Sequence[Any]
    what: Sequence[Any] | SubgraphUnavailable


def told(faults: Sequence[Fault], root: Any) -> list[dict[str, Any]]:
    """The errors of an answer whose data is at ``root``, in the plan's order: who answers first makes no difference."""
    planned = sorted(faults, key=lambda fault: fault.step.number)
    return [error for fault in planned for error in _told(fault, root)]


def _told(fault: Fault, root: Any) -> Iterator[dict[str, Any]]:
    fetch = fault.step.fetch
    places = _Places(fault, root)
    if isinstance(fault.what, SubgraphUnavailable):
        for path in places.blamed():
            yield client_error(str(fault.what), fault.what.code, fetch.subgraph, path)
        return
    for given in fault.what:
        error: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        for path in places.of(subgraph_path(error)):
            yield from_subgraph(error, fetch.subgraph, path)


class _Places:
    """Where a fetch's objects are."""

    def __init__(self, fault: Fault, root: Any) -> None:
        self._fetch = fault.step.fetch
        self._entities = fault.step.is_entity
        self._by_number: list[list[ResponsePath]] = [[] for _ in fault.groups]
        numbers = {id(one): n for n, group in enumerate(fault.groups) for one in _objects(group)}
        for trail in fault.step.trails:
            for found, path in trail.walk(root):
                if id(found) in numbers:
                    self._by_number[numbers[id(found)]].append(path)

    def of(self, path: ResponsePath) -> list[ResponsePath]:
        """The client's paths for one of the subgraph's."""
        if not self._entities:
            return [rename_path(path, self._fetch.output_rewrites)] if path else self.blamed()
        match path:
            case ("_entities", int(number), *rest) if 0 <= number < len(self._by_number):
                inner = rename_path(tuple(rest), self._fetch.output_rewrites)
                return [(*place, *inner) for place in self._by_number[number]]
        return self.blamed()

    def blamed(self) -> list[ResponsePath]:
        """Where an error about the whole fetch belongs."""
        if not self._entities:
            return [(key,) for key in root_keys(self._fetch.operation)] or [()]
        return [common_path([path for paths in self._by_number for path in paths])]


def _objects(group: Any) -> Iterator[Any]:
    for one in group:
        if isinstance(one, list):
            yield from one
        else:
            yield one
