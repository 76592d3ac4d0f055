"""Fetches while they are being put together: what each asks, needs, and waits for."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.planning.plan import (
    InlineFragment,
    OperationKind,
    Path,
    RequiredField,
    RequiredSelection,
    Rewrite,
)

__all__ = ["Fetch", "FetchField", "Requirement", "SelectionSet"]


class FetchField:
    """A field as it is asked of one subgraph."""

    __slots__ = ("arguments", "children", "directives", "key", "name", "type_text", "variables")

    def __init__(
        self,
        name: str,
        key: str,
        arguments: str,
        directives: str,
        variables: tuple[str, ...],
        type_text: str,
        children: SelectionSet | None,
    ) -> None:
        self.name = name
        self.key = key
        self.arguments = arguments
        self.directives = directives
        self.variables = variables
        self.type_text = type_text
        self.children = children


class SelectionSet:
    """Selections of one fetch at one place."""

    __slots__ = ("fields", "fragments", "typename", "variables")

    def __init__(self) -> None:
        self.typename = False
        self.fields: dict[tuple[str, str], FetchField] = {}
        self.fragments: dict[tuple[str | None, str], SelectionSet] = {}
        self.variables: tuple[str, ...] = ()
        """Those of the directives on the fragment this is the body of."""

    def fragment(
        self, type_condition: str | None, directives: str, variables: tuple[str, ...]
    ) -> SelectionSet:
        """The body of that fragment, made where it is not there yet."""
        key = (type_condition, directives)
        body = self.fragments.get(key)
        if body is None:
            body = self.fragments[key] = SelectionSet()
            body.variables = variables
        return body

    def merge(self, other: SelectionSet) -> None:
        """Take over everything ``other`` selects."""
        self.typename = self.typename or other.typename
        for key, field in other.fields.items():
            mine = self.fields.get(key)
            if mine is None:
                self.fields[key] = field
            elif mine.children is not None and field.children is not None:
                mine.children.merge(field.children)
        for fragment_key, body in other.fragments.items():
            known = self.fragments.get(fragment_key)
            if known is None:
                self.fragments[fragment_key] = body
            else:
                known.merge(body)

    def is_empty(self) -> bool:
        """Whether it asks for nothing at all."""
        return not (self.typename or self.fields or self.fragments)

    def all_variables(self) -> Iterator[str]:
        """Every variable used here and below."""
        yield from self.variables
        for field in self.fields.values():
            yield from field.variables
            if field.children is not None:
                yield from field.children.all_variables()
        for body in self.fragments.values():
            yield from body.all_variables()


class Requirement:
    """What a representation holds: fields by response key, and fields for some types only."""

    __slots__ = ("fields", "fragments")

    def __init__(self) -> None:
        self.fields: dict[str, tuple[str, Requirement | None]] = {}
        self.fragments: dict[str, Requirement] = {}

    def merge(self, other: Requirement) -> None:
        """Hold what ``other`` holds, too."""
        for key, (name, nested) in other.fields.items():
            mine = self.fields.get(key)
            if mine is None:
                self.fields[key] = (name, nested)
            elif mine[1] is not None and nested is not None:
                mine[1].merge(nested)
        for type_condition, body in other.fragments.items():
            self.fragment(type_condition).merge(body)

    def clashes(self, other: Requirement) -> bool:
        """Whether both send something different under one name: then they cannot be one."""
        mine = {name: (key, nested) for key, (name, nested) in self.fields.items()}
        for key, (name, nested) in other.fields.items():
            known = mine.get(name)
            if known is None:
                continue
            if known[0] != key or (known[1] is not None and nested is not None and known[1].clashes(nested)):
                return True
        for type_condition, body in other.fragments.items():
            here = self.fragments.get(type_condition)
            if here is not None and here.clashes(body):
                return True
        return False

    def fragment(self, type_condition: str) -> Requirement:
        """What is held for that type."""
        body = self.fragments.get(type_condition)
        if body is None:
            body = self.fragments[type_condition] = Requirement()
        return body

    def frozen(self) -> tuple[RequiredSelection, ...]:
        """As the plan has it."""
        fields = tuple(
            RequiredField(name, key, nested.frozen() if nested else ())
            for key, (name, nested) in self.fields.items()
        )
        return fields + tuple(InlineFragment(name, body.frozen()) for name, body in self.fragments.items())


class Fetch:
    """One request in the making. ``parents`` are the fetches it waits for."""

    __slots__ = (
        "identity", "input_rewrites", "is_entity", "kind", "more_paths", "number", "output_rewrites", "parents",
        "part", "path", "requirement", "selections", "subgraph",
    )  # fmt: skip

    def __init__(self, number: int, subgraph: str, kind: OperationKind, path: Path, is_entity: bool) -> None:
        self.number = number
        self.subgraph = subgraph
        self.kind = kind
        self.path = path
        self.is_entity = is_entity
        self.parents: set[Fetch] = set()
        self.requirement = Requirement()
        self.selections = SelectionSet()
        self.input_rewrites: dict[Rewrite, None] = {}
        self.output_rewrites: dict[Rewrite, None] = {}
        self.more_paths: list[Path] = []
        self.part = 0
        """Fetches of different parts of an answer are never fused: one part would wait for the other."""
        self.identity: str | None = None
        """What a deferred part calls it that waits for it."""

    def ancestors(self) -> set[Fetch]:
        """Everything it waits for, directly or not."""
        found: set[Fetch] = set()
        waiting = list(self.parents)
        while waiting:
            fetch = waiting.pop()
            if fetch not in found:
                found.add(fetch)
                waiting.extend(fetch.parents)
        return found
