"""Whether a subgraph's own definition of a specification's directive can stand in for the specification's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graphql import (
    DirectiveDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    Node,
    NonNullTypeNode,
    TypeNode,
    print_ast,
    value_from_ast_untyped,
)

from gateway.federation.type_references import is_required, named_type, print_type

__all__ = ["Incompatible", "check_directive"]

_Is = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Incompatible:
    """A way in which a definition contradicts its specification."""

    message: str
    node: Node


def check_directive(
    expected: DirectiveDefinitionNode, own: DirectiveDefinitionNode, is_free: _Is, is_custom_scalar: _Is
) -> Iterator[Incompatible]:
    """What is wrong with ``own``. It may promise less: fewer places, no repetition, no optional arguments.

    ``is_free`` says of a type in ``expected`` that it is a scalar in whose place any type of GraphQL's may stand.
    """
    arguments = {a.name.value: a for a in own.arguments or ()}
    for argument in expected.arguments or ():
        name = argument.name.value
        if name in arguments:
            yield from _argument(argument, arguments.pop(name), is_free, is_custom_scalar)
        elif is_required(argument):
            yield Incompatible(f"the argument '{name}' is missing", own)
    for name, extra in arguments.items():
        yield Incompatible(f"there is no argument '{name}'", extra)
    if own.repeatable and not expected.repeatable:
        yield Incompatible("it cannot be repeated", own)
    allowed = [location.value for location in expected.locations]
    odd = [location.value for location in own.locations if location.value not in allowed]
    if odd:
        yield Incompatible(f"it may stand on {', '.join(allowed)}, and not on {', '.join(odd)}", own)


def _argument(
    expected: InputValueDefinitionNode, own: InputValueDefinitionNode, is_free: _Is, is_custom_scalar: _Is
) -> Iterator[Incompatible]:
    name, type_ = own.name.value, own.type
    if isinstance(type_, NonNullTypeNode) and not isinstance(expected.type, NonNullTypeNode):
        type_ = type_.type
    if print_type(expected.type) != print_type(type_) and not _stands_in(
        expected.type, type_, is_free, is_custom_scalar
    ):
        told = f"the argument '{name}' is of type '{print_ast(expected.type)}', not '{print_ast(own.type)}'"
        yield Incompatible(told, own)
    elif not isinstance(own.type, NonNullTypeNode) and _default(expected) != _default(own):
        yield Incompatible(f"the argument '{name}' has another default value", own)


def _stands_in(expected: TypeNode, own: TypeNode, is_free: _Is, is_custom_scalar: _Is) -> bool:
    for wrapper in (ListTypeNode, NonNullTypeNode):
        if isinstance(expected, wrapper):
            return isinstance(own, wrapper) and _stands_in(expected.type, own.type, is_free, is_custom_scalar)
        if isinstance(own, wrapper):
            return is_free(named_type(expected))
    return is_free(named_type(expected)) and not is_custom_scalar(named_type(own))


def _default(node: InputValueDefinitionNode) -> object:
    return None if node.default_value is None else (value_from_ast_untyped(node.default_value),)
