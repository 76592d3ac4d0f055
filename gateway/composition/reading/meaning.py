"""What federation's directives say, read off them: keys, what is external, what is shareable and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from graphql import DirectiveNode, StringValueNode, value_from_ast_untyped

from gateway.composition.field_sets.usage import Place, selected_fields
from gateway.composition.model.possible import possible_types
from gateway.composition.model.subgraph import Applied, Argument, Definition, Field, Key
from gateway.federation.type_references import named_type

__all__ = ["argument_of", "fake_externals", "has", "interpret", "keys_of", "text_argument"]


def interpret(types: Mapping[str, Definition]) -> dict[str, Definition]:
    """Definitions with the attributes that follow from their ``federation`` filled in."""
    read = {name: _definition(definition) for name, definition in types.items()}
    read = _changed(read, fake_externals(read), lambda field: replace(field, external=False))
    return _changed(read, _shared_by_nature(read), lambda field: replace(field, shareable=True))


def has(applied: Iterable[Applied], name: str) -> bool:
    """Whether federation's directive is among them."""
    return any(a.name == name for a in applied)


def argument_of(node: DirectiveNode, name: str) -> Any:
    """The value of a directive's argument, None without one."""
    for argument in node.arguments or ():
        if argument.name.value == name:
            return value_from_ast_untyped(argument.value)
    return None


def text_argument(node: DirectiveNode, name: str) -> str | None:
    """The value of a directive's argument if it is written as a string."""
    for argument in node.arguments or ():
        if argument.name.value == name and isinstance(argument.value, StringValueNode):
            return argument.value.value
    return None


def keys_of(applied: Iterable[Applied]) -> tuple[Key, ...]:
    """The keys among a type's directives, each once; those that are no text are left out."""
    extends = has(applied, "extends")
    found: dict[Key, None] = {}
    for one in applied:
        if one.name == "key" and (text := text_argument(one.node, "fields")) is not None:
            resolvable = argument_of(one.node, "resolvable") is not False
            found[Key(text, resolvable, extends or one.declaration > 0)] = None
    return tuple(found)


def fake_externals(types: Mapping[str, Definition]) -> frozenset[Place]:
    """Fields marked external that are part of an extension's key, and so are not.

    Federation 1 had them written so, and has them resolved here all the same.
    """
    found: set[Place] = set()
    for name, definition in types.items():
        for key in definition.keys:
            if key.extension:
                found.update(selected_fields(types, name, key.fields))
    return frozenset(p for p in found if has(types[p[0]].fields[p[1]].federation, "external"))


def _definition(definition: Definition) -> Definition:
    applied = definition.federation
    external, shareable = has(applied, "external"), {a.declaration for a in applied if a.name == "shareable"}
    plain = not external and not shareable
    fields = {
        name: field if plain and _is_plain(field) else _field(field, external, field.declaration in shareable)
        for name, field in definition.fields.items()
    }
    if not applied:
        unchanged = all(fields[name] is field for name, field in definition.fields.items())
        return definition if unchanged else replace(definition, fields=fields)
    return replace(
        definition,
        fields=fields,
        keys=keys_of(applied),
        interface_object=has(applied, "interfaceObject"),
        contexts=tuple(str(argument_of(a.node, "name")) for a in applied if a.name == "context"),
    )


def _is_plain(field: Field) -> bool:
    return not field.federation and not any(a.federation for a in field.arguments.values())


def _field(field: Field, external: bool, shareable: bool) -> Field:
    applied = {a.name: a.node for a in reversed(field.federation)}
    requires, provides, override = (applied.get(name) for name in ("requires", "provides", "override"))
    return replace(
        field,
        arguments={name: _argument(a) for name, a in field.arguments.items()},
        external=external or "external" in applied,
        shareable=shareable or "shareable" in applied,
        requires=_field_set(requires),
        provides=_field_set(provides),
        override=argument_of(override, "from") if override else None,
        override_label=argument_of(override, "label") if override else None,
    )


def _argument(argument: Argument) -> Argument:
    for applied in argument.federation:
        if applied.name == "fromContext":
            return replace(argument, context=text_argument(applied.node, "field") or "")
    return argument


def _field_set(node: DirectiveNode | None) -> str | None:
    return text_argument(node, "fields") if node is not None else None


def _shared_by_nature(types: Mapping[str, Definition]) -> frozenset[Place]:
    """Fields of keys, and external ones that are provided."""
    possible = possible_types(types)
    found: set[Place] = set()
    for name, definition in types.items():
        for key in definition.keys:
            found.update(selected_fields(types, name, key.fields, possible))
        if definition.kind == "type":
            for field in definition.fields.values():
                if field.provides is not None:
                    provided = selected_fields(types, named_type(field.type), field.provides, possible)
                    found.update(p for p in provided if types[p[0]].fields[p[1]].external)
    return frozenset(p for p in found if not types[p[0]].fields[p[1]].shareable)


def _changed(
    types: Mapping[str, Definition], places: Iterable[Place], change: Callable[[Field], Field]
) -> dict[str, Definition]:
    by_type: dict[str, dict[str, Field]] = {}
    for name, field in places:
        by_type.setdefault(name, {})[field] = change(types[name].fields[field])
    changed = {n: replace(types[n], fields={**types[n].fields, **fields}) for n, fields in by_type.items()}
    return {**types, **changed}
