"""The plan as a list of steps, conditions being settled: which fetches there are, where, and after what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.compiling.analysis.shape import TYPENAME
from gateway.compiling.errors import NotCompilable
from gateway.planning.plan import (
    ConditionNode,
    FetchNode,
    FlattenNode,
    ParallelNode,
    Path,
    PlanNode,
    RequiredField,
    RequiredSelection,
    SequenceNode,
)

__all__ = ["PlannedStep", "Wanted", "planned_steps", "wanted"]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One fetch. ``paths`` are where its objects are; none for the root. ``after`` is what the plan says."""

    number: int
    fetch: FetchNode
    paths: tuple[Path, ...]
    after: frozenset[int]


class Wanted:
    """Response keys that the plan itself reads, as a tree from the root, whatever the types are."""

    __slots__ = ("keys",)

    def __init__(self) -> None:
        self.keys: dict[str, Wanted] = {}

    def at(self, key: str) -> Wanted:
        """The tree below a key, made where it is not there."""
        return self.keys.setdefault(key, Wanted())

    def below(self, key: str) -> Wanted:
        """The tree below a key, empty where it is not there."""
        return self.keys.get(key) or _NOTHING


_NOTHING = Wanted()


def planned_steps(node: PlanNode | None, variables: Mapping[str, object]) -> tuple[PlannedStep, ...]:
    """The steps in the plan's order. Raises NotCompilable."""
    steps: list[PlannedStep] = []
    if node is not None:
        _flatten(node, variables, frozenset(), steps)
    return tuple(steps)


def _flatten(
    node: PlanNode, variables: Mapping[str, object], after: frozenset[int], steps: list[PlannedStep]
) -> frozenset[int]:
    """Add the steps of ``node``; says what has to be over for ``node`` to be."""
    match node:
        case FetchNode():
            steps.append(PlannedStep(len(steps), node, (), after))
            return frozenset((len(steps) - 1,))
        case FlattenNode():
            steps.append(PlannedStep(len(steps), node.node, (node.path, *node.more_paths), after))
            return frozenset((len(steps) - 1,))
        case SequenceNode():
            for one in node.nodes:
                after = _flatten(one, variables, after, steps) or after
            return after
        case ParallelNode():
            ends = [_flatten(one, variables, after, steps) for one in node.nodes]
            return frozenset().union(*ends)
        case ConditionNode():
            chosen = node.if_clause if variables.get(node.condition) else node.else_clause
            return _flatten(chosen, variables, after, steps) if chosen is not None else frozenset()
        case _:
            raise NotCompilable(type(node).__name__)


def wanted(steps: tuple[PlannedStep, ...]) -> Wanted:
    """What the steps read of each other's answers: their paths, and at these what they require."""
    root = Wanted()
    for step in steps:
        for path in step.paths:
            place = root
            for key in _keys(path):
                place = place.at(key)
            _want(place, step.fetch.requires)
    return root


def _keys(path: Path) -> Iterator[str]:
    return (key for key in path if key != "@")


def _want(place: Wanted, requires: tuple[RequiredSelection, ...]) -> None:
    for one in requires:
        if isinstance(one, RequiredField):
            _want(place.at(one.response_key), one.selections)
        else:
            place.at(TYPENAME)
            _want(place, one.selections)
