"""Where our reading of a supergraph and the reference's differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import build_schema, lexicographic_sort_schema, parse, print_ast, print_schema

from gateway.supergraph import SubgraphType, Supergraph

__all__ = ["differences"]


def differences(ours: Supergraph, theirs: Mapping[str, Any]) -> list[str]:
    """Lines that say what differs; ``theirs`` is as gateways.mjs tells it."""
    found = []
    their_api = build_schema(theirs["api"], assume_valid=True)
    if print_schema(lexicographic_sort_schema(ours.api_schema)) != print_schema(
        lexicographic_sort_schema(their_api)
    ):
        found.append("the API schemas differ")
    for subgraph, types in theirs["subgraphs"].items():
        known = ours.types[subgraph]
        for name in sorted({*types, *known}):
            found += [f"{subgraph}: {line}" for line in _type(name, known.get(name), types.get(name))]
    return found


def _type(name: str, ours: SubgraphType | None, theirs: Mapping[str, Any] | None) -> Iterator[str]:
    if ours is None:
        # The reference adds external fields where an interface wants them, which makes types of nothing else.
        if theirs and any(
            not field["external"] for field in theirs.get("fields", {"": {"external": False}}).values()
        ):
            yield f"{name} is theirs alone"
        return
    if theirs is None:
        yield f"{name} is ours alone"
        return
    made: dict[str, Any] = {"kind": ours.kind.value, "possible": sorted(ours.possible)}
    told: dict[str, Any] = {"kind": theirs["kind"], "possible": sorted(theirs["possible"])}
    if ours.kind.value != "union":
        made["interfaces"], told["interfaces"] = sorted(ours.interfaces), sorted(theirs["interfaces"])
        made["interface object"], told["interface object"] = ours.interface_object, theirs["interfaceObject"]
        made["keys"] = sorted((print_ast(key.selections), key.resolvable) for key in ours.keys)
        told["keys"] = sorted((_selections(text), resolvable) for text, resolvable in theirs["keys"])
        made |= _own_fields(ours)
        told |= _their_fields(theirs["fields"])
    for what in sorted({*made, *told}):
        if made.get(what) != told.get(what):
            yield f"{name} {what}: ours {made.get(what)}, theirs {told.get(what)}"


def _own_fields(known: SubgraphType) -> dict[str, Any]:
    return {
        f"field {name}": (
            print_ast(field.type),
            print_ast(field.requires) if field.requires else None,
            print_ast(field.provides) if field.provides else None,
        )
        for name, field in known.fields.items()
        if not field.external and (not field.overridden or field.override_label is not None)
    }


def _their_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"field {name}": (field["type"], _selections(field["requires"]), _selections(field["provides"]))
        for name, field in fields.items()
        if not field["external"]
    }


def _selections(text: str | None) -> str | None:
    if text is None:
        return None
    definition: Any = parse("{" + text + "}", no_location=True).definitions[0]
    return print_ast(definition.selection_set)
