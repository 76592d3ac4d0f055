"""The records of a suite and how a field's value is read from them, by subgraphs and by the monolith alike.

README.md lists the notations: ``->label``, ``$find``, ``$all``, ``$text``, ``$by``, ``$arg``, ``$error``,
``$update``, ``$append``, ``$state``.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    value_from_ast_untyped,
)

__all__ = ["MONOLITH", "Record", "State", "World"]

MONOLITH = "monolith"
"""The name by which ``seen_by`` calls the executor that has all data."""
_PLACE = re.compile(r"\{([^{}]+)\}")
Lookup = Callable[["Record", str], Any]


@dataclass
class Record:
    """An entity: its type, its fields, and what came with the representation that led to it."""

    type: str
    label: str
    fields: Mapping[str, Any]
    given: Mapping[str, Any] = field(default_factory=dict)

    def __deepcopy__(self, _memo: object) -> Record:
        return self


@dataclass
class State:
    """What mutations change during one case; shared by all subgraphs."""

    fields: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, list[Any]] = field(default_factory=dict)


class World:
    """What one subgraph (or the monolith) sees. ``lookup`` reads a field of a record by the viewer's rules."""

    def __init__(self, data: Mapping[str, Any], seen: Mapping[str, Any], state: State) -> None:
        self.state = state
        self.roots: dict[str, Mapping[str, Any]] = {}
        self.records: dict[str, dict[str, Mapping[str, Any] | None]] = {}
        self._types: dict[str, str] = {}
        for name, content in data.items():
            if name in ("Query", "Mutation", "Subscription"):
                self.roots[name.lower()] = {**content, **(seen.get(name) or {})}
                continue
            self.records[name] = {}
            own = seen.get(name) or {}
            for label, fields in (content or {}).items():
                hidden = label in own and own[label] is None
                whole = {"id": label, **(fields or {}), **(own.get(label) or {})}
                self.records[name][label] = None if hidden else whole
                self._types[label] = name

    def record(self, label: str) -> Record | None:
        """The record of that label, None where this viewer does not know it."""
        name = self._types[label]
        fields = self.records[name][label]
        if fields is None:
            return None
        return Record(name, label, {**fields, **self.state.fields.get((name, label), {})})

    def all(self, types: str) -> list[Record]:
        """The records of types written ``A`` or ``A|B``."""
        names = [name.strip() for name in types.split("|")]
        found = [self.record(label) for name in names for label in self.records.get(name, {})]
        return [one for one in found if one is not None]

    def value(self, raw: Any, source: Any, args: Mapping[str, Any], lookup: Lookup) -> Any:
        """The value a resolver answers; raises GraphQLError where the data say so."""
        if isinstance(raw, str) and raw.startswith("->"):
            return self.record(raw[2:])
        if isinstance(raw, list):
            values = [self._element(one, source, args, lookup) for one in raw]
            return values[: args["first"]] if args.get("first") is not None else values
        if not isinstance(raw, Mapping):
            return raw
        for notation, read in self._notations.items():
            if notation in raw:
                return read(self, raw, source, args, lookup)
        return copy.deepcopy(raw)

    def _element(self, raw: Any, source: Any, args: Mapping[str, Any], lookup: Lookup) -> Any:
        try:
            return self.value(raw, source, args, lookup)
        except GraphQLError as error:
            return error

    def matches(self, record: Any, wanted: Any) -> bool:
        """Whether a record (or a value) has these fields."""
        if isinstance(wanted, Mapping) and isinstance(record, Record | Mapping):
            fields = record.fields if isinstance(record, Record) else record
            return all(
                self.matches(self._plain(fields.get(name)), value)
                for name, value in wanted.items()
                if name != "__typename"
            )
        if isinstance(wanted, list) and isinstance(record, list):
            return len(wanted) == len(record) and all(
                self.matches(self._plain(one), other) for one, other in zip(record, wanted, strict=True)
            )
        return bool(record == wanted) or (
            not isinstance(record, Record | Mapping | list) and str(record) == str(wanted)
        )

    def _plain(self, raw: Any) -> Any:
        return self.record(raw[2:]) if isinstance(raw, str) and raw.startswith("->") else raw

    # Notations

    def _find(self, raw: Any, source: Any, args: Any, lookup: Lookup) -> Any:
        found = self._all({"$all": raw["$find"]}, source, args, lookup)
        return found[0] if found else None

    def _all(self, raw: Any, _source: Any, args: Any, _lookup: Lookup) -> Any:
        wanted = {name: value for name, value in args.items() if name != "first" and value is not None}
        found = [one for one in self.all(raw["$all"]) if self.matches(one, wanted)]
        return found[: args["first"]] if args.get("first") is not None else found

    def _text(self, raw: Any, source: Any, args: Any, lookup: Lookup) -> Any:
        return _PLACE.sub(lambda found: self._place(found[1], source, args, lookup), raw["$text"])

    def _place(self, path: str, source: Any, args: Any, lookup: Lookup) -> str:
        named = path.startswith("$")
        value = args.get(path[1:]) if named else self._follow(source, _steps(path), lookup)
        return value if isinstance(value, str) else json.dumps(value, default=_shown)

    def _follow(self, value: Any, steps: tuple[tuple[str, dict[str, Any]], ...], lookup: Lookup) -> Any:
        if isinstance(value, list):
            return [self._follow(one, steps, lookup) for one in value]
        if not steps or value is None:
            return value
        (name, args), *rest = steps
        raw = lookup(value, name) if isinstance(value, Record) else value.get(name)
        return self._follow(self.value(raw, value, args, lookup), tuple(rest), lookup)

    def _by(self, raw: Any, source: Any, args: Any, lookup: Lookup) -> Any:
        key = args.get(raw["$by"])
        return self.value(raw.get(str(key), raw.get("else")), source, args, lookup)

    def _arg(self, raw: Any, _source: Any, args: Any, _lookup: Lookup) -> Any:
        value: Any = args
        for step in raw["$arg"].split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        return value

    def _error(self, raw: Any, _source: Any, _args: Any, _lookup: Lookup) -> Any:
        raise GraphQLError(raw["$error"], extensions={"code": raw["code"]} if "code" in raw else None)

    def _update(self, raw: Any, _source: Any, args: Any, _lookup: Lookup) -> Any:
        given = {**args, **args.get("input", {})}
        label, name = str(given.pop("id")), raw["$update"]
        given.pop("input", None)
        if label not in self.records[name]:
            return None
        self.state.fields.setdefault((name, label), {}).update(given)
        return self.record(label)

    def _append(self, raw: Any, _source: Any, args: Any, _lookup: Lookup) -> Any:
        log = self.state.lists.setdefault(raw["$append"], [])
        log.extend(args.values())
        return " ".join(map(str, log))

    def _state(self, raw: Any, _source: Any, _args: Any, _lookup: Lookup) -> Any:
        return " ".join(map(str, self.state.lists.get(raw["$state"], [])))

    _notations: Mapping[str, Callable[[World, Any, Any, Any, Lookup], Any]] = {
        "$find": _find,
        "$all": _all,
        "$text": _text,
        "$by": _by,
        "$arg": _arg,
        "$error": _error,
        "$update": _update,
        "$append": _append,
        "$state": _state,
    }


def _steps(path: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """``a(b: 1).c`` as names with arguments."""
    text = "{" + re.sub(r"\.(?![^(]*\))", "{", path) + "}" * (1 + len(re.findall(r"\.(?![^(]*\))", path)))
    operation = parse(text).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    steps = []
    selections: SelectionSetNode | None = operation.selection_set
    while selections is not None:
        node = selections.selections[0]
        assert isinstance(node, FieldNode)
        args = {one.name.value: value_from_ast_untyped(one.value) for one in node.arguments or ()}
        steps.append((node.name.value, args))
        selections = node.selection_set
    return tuple(steps)


def _shown(value: Any) -> Any:
    return f"{value.type} {value.label}" if isinstance(value, Record) else str(value)
