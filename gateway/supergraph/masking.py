"""What else is hidden when something is: what it leaves empty, what needed it, what it alone led to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    OperationType,
    SchemaDefinitionNode,
    UnionTypeDefinitionNode,
)

from gateway.federation.type_references import is_required, named_type

__all__ = ["mask"]


def mask(document: DocumentNode, types: Mapping[str, Any], hidden: set[str], *, unreachable: bool) -> None:
    """Add to ``hidden``, schema coordinates of elements of ``types``, all that follows from it."""
    masking = _Masking(document, types, hidden)
    while masking.step():
        pass
    if unreachable:
        hidden.update(types.keys() - masking.reached())


class _Masking:
    def __init__(self, document: DocumentNode, types: Mapping[str, Any], hidden: set[str]) -> None:
        self.types = types
        self.hidden = hidden
        self.emptied: set[str] = set()
        schema = next(d for d in document.definitions if isinstance(d, SchemaDefinitionNode))
        self.roots = {root.operation: root.type.name.value for root in schema.operation_types}
        self.directives = [d for d in document.definitions if isinstance(d, DirectiveDefinitionNode)]
        self.implementing: dict[str, list[Any]] = {}
        for node in types.values():
            for interface in getattr(node, "interfaces", None) or ():
                self.implementing.setdefault(interface.name.value, []).append(node)

    def step(self) -> bool:
        """Whether anything was added."""
        found = {*self._empty(), *self._answering_emptied(), *self._hidden_in_implementations()} - self.hidden
        self.emptied |= found & self.types.keys()
        self.hidden |= found
        return bool(found)

    def _visible(self) -> Iterator[tuple[str, Any]]:
        return ((name, node) for name, node in self.types.items() if name not in self.hidden)

    def _empty(self) -> Iterator[str]:
        for name, node in self._visible():
            if name == self.roots.get(OperationType.QUERY):
                continue
            if isinstance(node, UnionTypeDefinitionNode):
                children = [member.name.value for member in node.types or ()]
            else:
                parts = (*(getattr(node, "fields", None) or ()), *(getattr(node, "values", None) or ()))
                children = [f"{name}.{child.name.value}" for child in parts]
            if children and self.hidden.issuperset(children):
                yield name

    def _answering_emptied(self) -> Iterator[str]:
        """What can be left out because its type is left without members; what cannot is found out later."""
        for name, node in self._visible():
            has_outputs = isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode)
            for field in getattr(node, "fields", None) or ():
                coordinate = f"{name}.{field.name.value}"
                if named_type(field.type) in self.emptied and (has_outputs or not is_required(field)):
                    yield coordinate
                for argument in getattr(field, "arguments", None) or ():
                    if named_type(argument.type) in self.emptied and not is_required(argument):
                        yield f"{coordinate}({argument.name.value}:)"

    def _hidden_in_implementations(self) -> Iterator[str]:
        for name, node in self._visible():
            visible = [one for one in self.implementing.get(name, ()) if one.name.value not in self.hidden]
            for field in getattr(node, "fields", None) or ():
                ends = [field.name.value]
                ends += [
                    f"{field.name.value}({a.name.value}:)" for a in getattr(field, "arguments", None) or ()
                ]
                for end in ends:
                    if any(f"{one.name.value}.{end}" in self.hidden for one in visible):
                        yield f"{name}.{end}"

    def reached(self) -> set[str]:
        """The visible types that a root, or an argument of a directive, leads to."""
        reached: set[str] = set()
        ahead = [*self.roots.values()]
        ahead += [named_type(argument.type) for d in self.directives for argument in d.arguments or ()]
        while ahead:
            name = ahead.pop()
            if name in self.types and name not in reached and name not in self.hidden:
                reached.add(name)
                ahead.extend(self._next(name, self.types[name]))
        return reached

    def _next(self, name: str, node: Any) -> Iterator[str]:
        yield from (one.name.value for one in getattr(node, "interfaces", None) or ())
        yield from (one.name.value for one in getattr(node, "types", None) or ())
        yield from (one.name.value for one in self.implementing.get(name, ()))
        for field in getattr(node, "fields", None) or ():
            coordinate = f"{name}.{field.name.value}"
            if coordinate in self.hidden:
                continue
            yield named_type(field.type)
            for argument in getattr(field, "arguments", None) or ():
                if f"{coordinate}({argument.name.value}:)" not in self.hidden:
                    yield named_type(argument.type)
