"""How arguments are reconciled of a directive that subgraphs apply differently: one strategy an argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

from graphql import BooleanValueNode, IntValueNode, ListValueNode, NullValueNode, StringValueNode, ValueNode

from gateway.composition.values import comparable, integer, texts

__all__ = ["STRATEGIES", "Strategy", "conjunction", "disjunction_of"]

Strategy = Callable[[Sequence[ValueNode]], ValueNode | None]
"""From the values given, defaults included, to the one that stands for all; None for no value."""

Alternatives = tuple[tuple[str, ...], ...]
"""Requirements of which one is to be met, each with all that it needs; ``()`` is no requirement."""


def conjunction(given: Sequence[Alternatives]) -> Alternatives:
    """What meets all of these: every combination, without those that ask more than another one does."""
    found: set[frozenset[str]] = {frozenset()}
    for alternatives in dict.fromkeys(given):
        wanted = [frozenset(a) for a in alternatives] or [frozenset()]
        found = _least({one | two for one, two in product(found, wanted)})
    return tuple(sorted((tuple(sorted(a)) for a in found), key=lambda a: (len(a), a)))


def disjunction_of(value: ValueNode | None) -> Alternatives:
    """The alternatives as a directive's argument has them."""
    if not isinstance(value, ListValueNode):
        return ()
    return tuple(_texts(inner) for inner in value.values)


def _least(found: set[frozenset[str]]) -> set[frozenset[str]]:
    kept: list[frozenset[str]] = []
    for candidate in sorted(found, key=len):
        if not any(other <= candidate for other in kept):
            kept.append(candidate)
    return set(kept)


def _texts(value: ValueNode) -> tuple[str, ...]:
    values = value.values if isinstance(value, ListValueNode) else (value,)
    return tuple(v.value for v in values if isinstance(v, StringValueNode))


def _greatest(values: Sequence[ValueNode]) -> ValueNode | None:
    given = [int(v.value) for v in values if isinstance(v, IntValueNode)]
    return integer(max(given)) if given else None


def _union(values: Sequence[ValueNode]) -> ValueNode | None:
    given = [v for v in values if not isinstance(v, NullValueNode)]
    if not given:
        return None
    items = [item for v in given for item in (v.values if isinstance(v, ListValueNode) else (v,))]
    return ListValueNode(values=tuple({comparable(item): item for item in reversed(items)}.values())[::-1])


def _all_true(values: Sequence[ValueNode]) -> ValueNode | None:
    given = [v.value for v in values if isinstance(v, BooleanValueNode)]
    return BooleanValueNode(value=all(given)) if given else None


def _all_met(values: Sequence[ValueNode]) -> ValueNode:
    met = conjunction([disjunction_of(v) for v in values])
    return ListValueNode(values=tuple(texts(a) for a in met))


STRATEGIES: Mapping[str, Mapping[str, Strategy]] = {
    "cost": {"weight": _greatest},
    "listSize": {
        "assumedSize": _greatest,
        "slicingArguments": _union,
        "sizedFields": _union,
        "requireOneSlicingArgument": _all_true,
    },
    "requiresScopes": {"scopes": _all_met},
    "policy": {"policies": _all_met},
}
"""By directive and argument."""
