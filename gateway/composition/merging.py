"""Merging, kind by kind: fields and members are united, inputs are intersected, types reconciled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from graphql import NonNullTypeNode, ValueNode, print_ast

from gateway.composition.errors import CompositionError, Hint, location_of
from gateway.composition.merged import MergedArgument, MergedField, MergedType, MergedValue
from gateway.composition.model import Applied, Argument, Definition, Field, Subgraph
from gateway.composition.typing import general, named, specific

__all__ = ["Merger"]


class Merger:
    """Merges subgraphs; ``errors`` and ``hints`` are what it found on the way."""

    def __init__(self, subgraphs: Sequence[Subgraph]) -> None:
        self._subgraphs = subgraphs
        self._by_type = _by_type(subgraphs)
        self.errors: list[CompositionError] = []
        self.hints: list[Hint] = []

    def merge(self) -> dict[str, MergedType]:
        """The merged types by name. What could not be merged is left out, and an error tells of it."""
        merged = {}
        for name, sources in sorted(self._by_type.items()):
            found = self._type(name, sources)
            if found is not None:
                merged[name] = found
        return merged

    def _type(self, name: str, sources: Mapping[str, Definition]) -> MergedType | None:
        kinds = {"interface" if d.interface_object else d.kind for d in sources.values()}
        if len(kinds) > 1:
            told = ", ".join(f"'{d.kind}' in {s}" for s, d in sources.items())
            self._error("TYPE_KIND_MISMATCH", f"Type '{name}' is of different kinds: {told}.", sources)
            return None
        kind = kinds.pop()
        return MergedType(
            kind=kind,
            name=name,
            description=_description(d.description for d in sources.values()),
            applied=_applied(d.applied for d in sources.values()),
            sources=sources,
            fields=self._fields(name, sources) if kind in {"type", "interface"} else (),
            inputs=self._inputs(name, sources) if kind == "input" else (),
            values=self._values(name, sources) if kind == "enum" else (),
        )

    def _fields(self, name: str, sources: Mapping[str, Definition]) -> tuple[MergedField, ...]:
        found: dict[str, dict[str, Field]] = {}
        for subgraph, definition in sources.items():
            for field in definition.fields.values():
                found.setdefault(field.name, {})[subgraph] = field
        merged = [self._field(f"{name}.{field}", field, by) for field, by in found.items()]
        return tuple(f for f in merged if f is not None)

    def _field(self, place: str, name: str, sources: Mapping[str, Field]) -> MergedField | None:
        resolving = {s: f for s, f in sources.items() if not f.external}
        if not resolving:
            message = f"Field '{place}' is marked @external in every subgraph that has it: none resolves it."
            self._error("EXTERNAL_MISSING_ON_BASE", message, sources)
            return None
        type_ = general([f.type for f in resolving.values()], self._is_subtype)
        if type_ is None:
            told = ", ".join(f"'{print_ast(f.type)}' in {s}" for s, f in resolving.items())
            self._error("FIELD_TYPE_MISMATCH", f"Field '{place}' has different types: {told}.", resolving)
            return None
        if len({print_ast(f.type) for f in resolving.values()}) > 1:
            self._hint("INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", f"Field '{place}' has different types.")
        return MergedField(
            name=name,
            type=type_,
            arguments=self._arguments(place, resolving),
            description=_description(f.description for f in resolving.values()),
            applied=_applied(f.applied for f in sources.values()),
            sources=sources,
        )

    def _arguments(self, place: str, sources: Mapping[str, Field]) -> tuple[MergedArgument, ...]:
        found: dict[str, dict[str, Argument]] = {}
        for subgraph, field in sources.items():
            for argument in field.arguments.values():
                found.setdefault(argument.name, {})[subgraph] = argument
        merged = []
        for name, by in found.items():
            here = f"{place}({name}:)"
            if len(by) < len(sources):
                if any(_required(a) for a in by.values()):
                    missing = ", ".join(s for s in sources if s not in by)
                    message = f"Argument '{here}' is required, but {missing} does not have it."
                    self._error("REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH", message, by)
                else:
                    self._hint(
                        "INCONSISTENT_ARGUMENT_PRESENCE", f"Argument '{here}' is not in every subgraph."
                    )
                continue
            merged.append(self._input(here, name, by, "FIELD_ARGUMENT"))
        return tuple(a for a in merged if a is not None)

    def _inputs(self, name: str, sources: Mapping[str, Definition]) -> tuple[MergedArgument, ...]:
        found: dict[str, dict[str, Argument]] = {}
        for subgraph, definition in sources.items():
            for given in definition.inputs.values():
                found.setdefault(given.name, {})[subgraph] = given
        merged = []
        for field, by in found.items():
            here = f"{name}.{field}"
            if len(by) < len(sources):
                if any(_required(a) for a in by.values()):
                    missing = ", ".join(s for s in sources if s not in by)
                    message = f"Input field '{here}' is required, but {missing} does not have it."
                    self._error("REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", message, by)
                else:
                    self._hint(
                        "INCONSISTENT_INPUT_OBJECT_FIELD", f"Input field '{here}' is not in every subgraph."
                    )
                continue
            merged.append(self._input(here, field, by, "INPUT_FIELD"))
        kept = tuple(a for a in merged if a is not None)
        if not kept and found:
            message = f"Input type '{name}' has no field that every subgraph has."
            self._error("EMPTY_MERGED_INPUT_TYPE", message, sources)
        return kept

    def _input(
        self, place: str, name: str, sources: Mapping[str, Argument], code: str
    ) -> MergedArgument | None:
        type_ = specific([a.type for a in sources.values()])
        if type_ is None:
            told = ", ".join(f"'{print_ast(a.type)}' in {s}" for s, a in sources.items())
            code_ = "FIELD_ARGUMENT_TYPE_MISMATCH" if code == "FIELD_ARGUMENT" else "FIELD_TYPE_MISMATCH"
            self._error(code_, f"'{place}' has different types: {told}.", sources)
            return None
        if len({print_ast(a.type) for a in sources.values()}) > 1:
            self._hint("INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE", f"'{place}' has different types.")
        return MergedArgument(
            name=name,
            type=type_,
            default=self._default(place, sources, code),
            description=_description(a.description for a in sources.values()),
            applied=_applied(a.applied for a in sources.values()),
            sources={s: a.type for s, a in sources.items()},
        )

    def _default(self, place: str, sources: Mapping[str, Argument], code: str) -> ValueNode | None:
        given = {s: a.default for s, a in sources.items() if a.default is not None}
        if len({print_ast(d) for d in given.values()}) > 1:
            told = ", ".join(f"{print_ast(d)} in {s}" for s, d in given.items())
            message = f"'{place}' has different default values: {told}."
            self._error(f"{code}_DEFAULT_MISMATCH", message, sources)
        elif given and len(given) < len(sources):
            self._hint(
                "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
                f"'{place}' has a default value in some subgraphs only.",
            )
            return None
        return next(iter(given.values()), None)

    def _values(self, name: str, sources: Mapping[str, Definition]) -> tuple[MergedValue, ...]:
        asked, answered = self._enum_use(name)
        names = list(dict.fromkeys(v for d in sources.values() for v in d.values))
        everywhere = [v for v in names if all(v in d.values for d in sources.values())]
        if asked and answered and len(everywhere) < len(names):
            odd = ", ".join(v for v in names if v not in everywhere)
            message = f"Enum '{name}' is both asked for and answered, and {odd} is not in every subgraph."
            self._error("ENUM_VALUE_MISMATCH", message, sources)
        kept = everywhere if asked else names
        if not kept:
            message = f"Enum '{name}' has no value that every subgraph has."
            self._error("EMPTY_MERGED_ENUM_TYPE", message, sources)
        return tuple(_merged_value(v, sources) for v in kept)

    def _enum_use(self, name: str) -> tuple[bool, bool]:
        """Whether clients give the enum, and whether they get it."""
        asked = answered = False
        for subgraph in self._subgraphs:
            for definition in subgraph.types.values():
                asked = asked or any(named(i.type) == name for i in definition.inputs.values())
                for field in definition.fields.values():
                    answered = answered or named(field.type) == name
                    asked = asked or any(named(a.type) == name for a in field.arguments.values())
        return asked, answered

    def _is_subtype(self, one: str, two: str) -> bool:
        if one == two:
            return True
        if any(two in d.interfaces for d in self._by_type.get(one, {}).values()):
            return True
        return any(one in d.members for d in self._by_type.get(two, {}).values())

    def _error(self, code: str, message: str, sources: Mapping[str, Definition | Field | Argument]) -> None:
        where = tuple(place for s, source in sources.items() for place in location_of(s, source.node))
        self.errors.append(CompositionError(code, message, tuple(sources), where))

    def _hint(self, code: str, message: str) -> None:
        self.hints.append(Hint(code, message))


def _by_type(subgraphs: Sequence[Subgraph]) -> dict[str, dict[str, Definition]]:
    found: dict[str, dict[str, Definition]] = {}
    for subgraph in subgraphs:
        for name, definition in subgraph.types.items():
            found.setdefault(name, {})[subgraph.name] = definition
    return found


def _required(argument: Argument) -> bool:
    return isinstance(argument.type, NonNullTypeNode) and argument.default is None


def _description(given: Iterable[str | None]) -> str | None:
    """The most frequent one; the first of those equally frequent."""
    counted = Counter(d for d in given if d)
    return counted.most_common(1)[0][0] if counted else None


def _applied(given: Iterable[tuple[Applied, ...]]) -> tuple[Applied, ...]:
    """Each application once."""
    found = {(a.name, *map(print_ast, a.node.arguments or ())): a for applied in given for a in applied}
    return tuple(found.values())


def _merged_value(name: str, sources: Mapping[str, Definition]) -> MergedValue:
    having = {s: d.values[name] for s, d in sources.items() if name in d.values}
    return MergedValue(
        name,
        _description(v.description for v in having.values()),
        _applied(v.applied for v in having.values()),
        tuple(having),
    )
