"""How arguments are reconciled of a directive that subgraphs apply differently: one strategy an argument."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import product

from graphql import BooleanValueNode, IntValueNode, ListValueNode, NullValueNode, StringValueNode, ValueNode

from gateway.composition.model.values import comparable, integer, texts

__all__ = ["STRATEGIES", "Strategy", "conjunction", "disjunction_of"]

Strategy = Callable[[Sequence[ValueNode]], ValueNode | None]
"""From the values given, defaults included, to the one that stands for all; None for no value."""

Alternatives = tuple[tuple[str, ...], ...]
"""Requirements of which one is to be met, each with all that it needs; ``()`` is no requirement."""


def conjunction(given: Sequence[Alternatives]) -> Alternatives:
    """What meets all of these: every combination, without those that ask more than another one does."""
    first, *others = dict.fromkeys(map(_sorted, given))
    for wanted in others:
        both = {tuple(sorted({*one, *two})): None for one, two in product(first, wanted)}
        first = _least(list(both))
    return first


def disjunction_of(value: ValueNode | None) -> Alternatives:
    """The alternatives as a directive's argument has them."""
    if not isinstance(value, ListValueNode):
        return ()
    return tuple(_texts(inner) for inner in value.values)


def _sorted(alternatives: Alternatives) -> Alternatives:
    """In the order of their texts."""
    return tuple(sorted((tuple(sorted(a)) for a in alternatives or ((),)), key=_written))


def _written(alternative: tuple[str, ...]) -> str:
    return json.dumps(alternative, ensure_ascii=False, separators=(",", ":"))


def _least(found: Sequence[tuple[str, ...]]) -> Alternatives:
    kept: list[tuple[str, ...]] = []
    for candidate in sorted(found, key=len):
        if not any(set(other) <= set(candidate) for other in kept):
            kept.append(candidate)
    return tuple(kept)


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
    distinct: dict[Hashable, ValueNode] = {}
    for item in items:
        distinct.setdefault(comparable(item), item)
    return ListValueNode(values=tuple(distinct.values()))


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
