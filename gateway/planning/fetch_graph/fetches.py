"""Fetches while they are being put together: what each asks, needs, and waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import TypeAlias

from gateway.planning.plan import (
    InlineFragment,
    OperationKind,
    Path,
    RequiredField,
    RequiredSelection,
    Rewrite,
)

__all__ = ["Fetch", "FetchField", "Pending", "Requirement", "SelectionSet", "Way"]


Pending: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Conditions on the way to a place, sorted: the text of each and its variables."""
Way: TypeAlias = tuple[Pending, tuple[tuple[int, str], ...]]
"""How objects come into a fetch: under which conditions, and below which types of objects above, by depth."""


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

    def sort(self, keys: Iterable[tuple[str, str]]) -> None:
        """Put fields into this order."""
        self.fields = {key: self.fields[key] for key in keys if key in self.fields} | self.fields

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

    def equals(self, other: Requirement) -> bool:
        """Whether both hold the same, type names aside."""
        mine = {key: one for key, one in self.fields.items() if key != "__typename"}
        theirs = {key: one for key, one in other.fields.items() if key != "__typename"}
        return (
            mine.keys() == theirs.keys()
            and self.fragments.keys() == other.fragments.keys()
            and all(_equal(one, theirs[key]) for key, one in mine.items())
            and all(body.equals(other.fragments[name]) for name, body in self.fragments.items())
        )

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


def _equal(one: tuple[str, Requirement | None], other: tuple[str, Requirement | None]) -> bool:
    if one[1] is None or other[1] is None:
        return one == other
    return one[0] == other[0] and one[1].equals(other[1])


class Entry:
    """Objects that enter a fetch: what they can be, and the ways by which they do."""

    __slots__ = ("possible", "ways")

    def __init__(self, possible: frozenset[str]) -> None:
        self.possible = possible
        self.ways: set[Way] = set()


class Fetch:
    """One request in the making. ``parents`` are the fetches it waits for."""

    __slots__ = (
        "blind", "context_rewrites", "context_variables", "entries", "identity", "input_rewrites", "is_entity", "kind", "more_paths", "number", "output_rewrites", "parents",
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
        self.context_rewrites: dict[Rewrite, None] = {}
        self.context_variables: dict[str, str] = {}
        """Variables filled from above, with their types."""
        self.more_paths: list[Path] = []
        self.part = 0
        """Fetches of different parts of an answer are never fused: one part would wait for the other."""
        self.identity: str | None = None
        """What a deferred part calls it that waits for it."""
        self.entries: dict[str, Entry] = {}
        """The types from which it was entered."""
        self.blind = False
        """It enters an interface object, which cannot ask a field of one type only."""

    def enter(self, type_name: str, possible: frozenset[str], way: Way) -> None:
        """Note that objects of a type enter it in this way."""
        entry = self.entries.get(type_name)
        if entry is None:
            entry = self.entries[type_name] = Entry(possible)
        entry.ways.add(way)

    def admits(
        self,
        type_name: str,
        possible: frozenset[str],
        way: Way,
        requirement: Requirement | None,
        contexts: Set[Rewrite] = frozenset(),
    ) -> bool:
        """Whether it can be entered, in this way, by objects that require this (None: something new).

        ``contexts`` is what they take from above: that can lack below another type, while a field under a
        condition is asked only where what it takes was fetched.

        What is required is fetched under the conditions of who requires it, and below the types it is
        required below. So in different ways all must require the same, or some would wait for what is not
        fetched; and whatever their type where all are asked alike.
        """
        for name, entry in self.entries.items():
            apart = entry.ways == {way} or not entry.possible & possible
            if apart and (name == type_name or not self.blind):
                continue
            held = self.requirement.fragments.get(name)
            if (
                (name != type_name and not self.blind)
                or requirement is None
                or held is None
                or not held.equals(requirement)
                or (self.context_rewrites.keys() != contexts and any(one[1] != way[1] for one in entry.ways))
            ):
                return False
        return True

    def fits(self, other: Fetch) -> bool:
        """Whether one fetch can stand for both."""
        if self.requirement.clashes(other.requirement):
            return False
        return self._admits_all(other) and other._admits_all(self)

    def _admits_all(self, other: Fetch) -> bool:
        contexts = other.context_rewrites.keys()
        return all(
            self.admits(name, entry.possible, way, other.requirement.fragments.get(name), contexts)
            for name, entry in other.entries.items()
            for way in entry.ways
        )

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
