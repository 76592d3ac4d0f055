"""Rules of one subgraph, one a file, listed once in the order their errors are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gateway.composition.errors import CompositionError
from gateway.composition.model.subgraph import Subgraph
from gateway.composition.rules.subgraph.auth_on_interface import auth_on_interface
from gateway.composition.rules.subgraph.context_key import context_key
from gateway.composition.rules.subgraph.context_name import context_name
from gateway.composition.rules.subgraph.context_place import context_place
from gateway.composition.rules.subgraph.context_selection import context_selection
from gateway.composition.rules.subgraph.context_set import context_set
from gateway.composition.rules.subgraph.cost_usage import cost_usage
from gateway.composition.rules.subgraph.external_on_interface import external_on_interface
from gateway.composition.rules.subgraph.external_used import external_used
from gateway.composition.rules.subgraph.interface_field_sets import interface_field_sets
from gateway.composition.rules.subgraph.interface_key_fields import interface_key_fields
from gateway.composition.rules.subgraph.interface_keys import interface_keys
from gateway.composition.rules.subgraph.interface_object_key import interface_object_key
from gateway.composition.rules.subgraph.key_fields import key_fields
from gateway.composition.rules.subgraph.list_size_usage import list_size_usage
from gateway.composition.rules.subgraph.provides_fields import provides_fields
from gateway.composition.rules.subgraph.provides_target import provides_target
from gateway.composition.rules.subgraph.requires_fields import requires_fields
from gateway.composition.rules.subgraph.shareable_usage import shareable_usage

__all__ = ["BEFORE_MERGE", "broken_rules"]

_Rule = Callable[[Subgraph], Iterator[CompositionError]]

_FIRST: tuple[_Rule, ...] = (provides_target, interface_key_fields)
"""Where one is broken, only its first error is told: the other rules take these for granted."""

BEFORE_MERGE: tuple[_Rule, ...] = (
    interface_field_sets,
    key_fields,
    requires_fields,
    provides_fields,
    context_name,
    context_place,
    context_set,
    context_selection,
    context_key,
    external_on_interface,
    external_used,
    interface_keys,
    interface_object_key,
    shareable_usage,
    cost_usage,
    list_size_usage,
    auth_on_interface,
)


def broken_rules(subgraph: Subgraph) -> list[CompositionError]:
    """What is wrong with a subgraph of federation 2, or one that has been upgraded to it."""
    for first in _FIRST:
        for error in first(subgraph):
            return [error]
    return [error for rule in BEFORE_MERGE for error in rule(subgraph)]
