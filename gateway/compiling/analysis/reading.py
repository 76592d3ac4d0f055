"""What each step's answer has for the response: read off the text of its operation, type by type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from graphql import DocumentNode, FieldNode, OperationDefinitionNode, SelectionSetNode, parse

from gateway.compiling.analysis.collecting import Collector
from gateway.compiling.analysis.shape import TYPENAME, Place, Position, ShapeBuilder, Slot, Variant
from gateway.compiling.analysis.steps import PlannedStep, Wanted
from gateway.compiling.errors import NotCompilable
from gateway.planning.plan import KeyRenamer, Path
from gateway.supergraph import Supergraph
from gateway.supergraph.conditions import TypeConditions
from gateway.supergraph.model import SubgraphType

__all__ = ["Explode", "Given", "GivenField", "Step", "StepReader"]

_CONDITION = "... on "

_Renames: TypeAlias = tuple[tuple[Path, str], ...]
"""Keys to rename, by what is left of their path."""


class Explode(Exception):
    """A uniform position is not: its types have to be told apart at ``place``."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True, slots=True)
class GivenField:
    """One field of an answer. ``creates``: the objects below it are the response's own."""

    key: str
    """What the subgraph calls it, before any renaming."""
    slot: Slot
    creates: bool
    below: Given | None
    names: tuple[str, ...] = ()
    """Of a ``__typename`` what it may be: of an object's types, or of an interface that its subgraph takes for one."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an answer has for objects of one position, in the order of its variants."""

    position: Position
    fields: tuple[tuple[GivenField, ...], ...]
    keys: tuple[frozenset[str], ...]
    """Every key the objects have, read or not."""

    def branches(self) -> Iterator[tuple[Variant, tuple[GivenField, ...], frozenset[str]]]:
        """Each variant with its fields and keys."""
        return zip(self.position.variants, self.fields, self.keys, strict=True)


@dataclass(eq=False, slots=True)
class Step:
    """A step with what it gives to each position it is about; ``needs`` are the steps whose answers it needs."""

    number: int
    planned: PlannedStep
    givens: tuple[Given, ...]
    needs: set[int] = field(default_factory=set)

    @property
    def is_entity(self) -> bool:
        return bool(self.planned.fetch.requires)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A field of an answer before it is known whether it is needed."""

    key: str
    final: str
    name: str
    renames: _Renames
    nodes: tuple[FieldNode, ...]


class _SubgraphTypes:
    """Type conditions as one subgraph knows them."""

    def __init__(self, types: Mapping[str, SubgraphType], everywhere: TypeConditions) -> None:
        self._types = types
        self._everywhere = everywhere

    def holds(self, type_name: object, condition: str) -> bool:
        known = self._types.get(condition)
        if type_name == condition or known is None:
            return type_name == condition
        if known.interface_object:
            return self._everywhere.holds(type_name, condition)
        return type_name in known.possible

    def names(self, types: tuple[str, ...]) -> tuple[str, ...]:
        """What the subgraph may call objects of these types."""
        wider = (
            name
            for name, known in self._types.items()
            if known.interface_object and any(self._everywhere.holds(one, name) for one in types)
        )
        return (*types, *wider)

    def is_interface_object(self, name: str) -> bool:
        """Whether the subgraph takes an interface for an object, and so cannot tell what its objects are."""
        known = self._types.get(name)
        return known is not None and known.interface_object


class StepReader:
    """Reads steps in the plan's order; each may add hidden slots and creates positions."""

    def __init__(
        self, supergraph: Supergraph, builder: ShapeBuilder, root: Position, variables: Mapping[str, object]
    ) -> None:
        self._supergraph = supergraph
        self._builder = builder
        self._root = root
        self._variables = variables

    def read(self, planned: PlannedStep, root_wants: Wanted) -> Step | None:
        """The step, or None where it has no place. Raises NotCompilable, Explode."""
        fetch = planned.fetch
        types = self._supergraph.types.get(fetch.subgraph, {})
        if fetch.context_rewrites:
            raise NotCompilable("context")
        document = parse(fetch.operation, no_location=True)
        top = _top(document, entities=bool(fetch.requires))
        targets = self._targets(planned.paths, root_wants)
        if not targets:
            return None
        conditions = _SubgraphTypes(types, TypeConditions(self._supergraph.schema))
        reading = _Reading(
            planned.number, self._builder, Collector(document, self._variables, conditions), conditions
        )
        renames = tuple((r.path, r.rename_to) for r in fetch.output_rewrites if isinstance(r, KeyRenamer))
        givens = tuple(reading.given(position, (top,), wants, renames, False) for position, wants in targets)
        needs = reading.needs | {position.creator for position, _ in targets} - {-1}
        return Step(planned.number, planned, givens, needs)

    def _targets(self, paths: tuple[Path, ...], root_wants: Wanted) -> list[tuple[Position, Wanted]]:
        if not paths:
            return [(self._root, root_wants)]
        found: dict[Position, Wanted] = {}
        for path in paths:
            found.update(self._at(path, root_wants))
        return list(found.items())

    def _at(self, path: Path, root_wants: Wanted) -> list[tuple[Position, Wanted]]:
        found = [(self._root, root_wants)]
        for key in path:
            if key != "@":
                found = [
                    (slot.position, wants.below(key))
                    for position, wants in found
                    for variant in position.variants
                    if (slot := variant.slots.get(key)) is not None and slot.position is not None
                ]
        return found


class _Reading:
    """One step being read."""

    def __init__(
        self, number: int, builder: ShapeBuilder, collector: Collector, conditions: _SubgraphTypes
    ) -> None:
        self.needs: set[int] = set()
        self._number = number
        self._builder = builder
        self._collector = collector
        self._conditions = conditions

    def given(
        self,
        position: Position,
        sets: Iterable[SelectionSetNode | None],
        wants: Wanted,
        renames: _Renames,
        creates: bool,
    ) -> Given:
        """What ``sets`` give to objects at ``position``. Raises Explode, NotCompilable."""
        sets = tuple(sets)
        chosen = [self._choose(position, variant, sets, renames) for variant in position.variants]
        keys = [frozenset(one.key for one in some) for some in chosen]
        if creates and position.tells_types:
            if not all(TYPENAME in some for some in keys):
                raise NotCompilable("an abstract type without its name")
            if self._conditions.is_interface_object(position.declared):
                raise NotCompilable("objects of an interface object")
        fields = (
            self._fields(position, variant, some, wants, renames, creates)
            for variant, some in zip(position.variants, chosen, strict=True)
        )
        return Given(position, tuple(fields), tuple(keys))

    def _choose(
        self,
        position: Position,
        variant: Variant,
        sets: tuple[SelectionSetNode | None, ...],
        renames: _Renames,
    ) -> list[_Chosen]:
        """The answer's fields, the same for all types of the variant. Raises Explode."""
        chosen: list[_Chosen] | None = None
        for type_name in variant.types:
            mine = self._chosen(type_name, sets, renames)
            if chosen is None:
                chosen = mine
            elif mine != chosen:
                raise Explode(position.place)
        return chosen or []

    def _chosen(
        self, type_name: str, sets: tuple[SelectionSetNode | None, ...], renames: _Renames
    ) -> list[_Chosen]:
        here = [(rest, new) for path, new in renames if (rest := self._under(path, type_name)) is not None]
        made = []
        for key, group in self._collector.collect(type_name, sets).items():
            final = next((new for path, new in here if path == (key,)), key)
            below = tuple((path[1:], new) for path, new in here if len(path) > 1 and path[0] == key)
            made.append(_Chosen(key, final, group.name, below, tuple(group.nodes)))
        return made

    def _fields(
        self,
        position: Position,
        variant: Variant,
        chosen: list[_Chosen],
        wants: Wanted,
        renames: _Renames,
        creates: bool,
    ) -> tuple[GivenField, ...]:
        decides = any(step.startswith(_CONDITION) for path, _ in renames for step in path[:1])
        made = []
        for one in chosen:
            variant.named = variant.named or one.final == TYPENAME
            slot = variant.slots.get(one.final)
            if slot is None:
                # Of a type that is known the name is known too, and looked at only where something comes of it.
                needed = one.final in wants.keys
                if one.name == TYPENAME:
                    told_apart = len(position.variants) > 1
                    needed = not told_apart and (position.abstract or decides or needed)
                if not needed:
                    continue
                slot = self._builder.hidden(position, variant, one.final, one.name)
            if (slot.type is None) != (one.name == TYPENAME):
                raise NotCompilable(f"{one.final} is two things")
            slot.immediate = slot.immediate or creates
            made.append(self._field(one, slot, wants, variant))
        return tuple(made)

    def _field(self, one: _Chosen, slot: Slot, wants: Wanted, variant: Variant) -> GivenField:
        creates = not slot.providers
        if slot.position is not None and not creates:
            self.needs.add(slot.providers[0])
        slot.providers.append(self._number)
        below = None
        if slot.position is not None:
            if creates:
                slot.position.creator = self._number
            sets = (node.selection_set for node in one.nodes)
            below = self.given(slot.position, sets, wants.below(one.final), one.renames, creates)
        names = self._conditions.names(variant.types) if slot.type is None else ()
        return GivenField(one.key, slot, creates, below, names)

    def _under(self, path: Path, type_name: str) -> Path | None:
        """What is left of a path at an object of that type, its leading conditions holding."""
        for index, step in enumerate(path):
            if step == "@":
                continue
            if not step.startswith(_CONDITION):
                return path[index:]
            if not self._conditions.holds(type_name, step.removeprefix(_CONDITION)):
                return None
        return None


def _top(document: DocumentNode, *, entities: bool) -> SelectionSetNode:
    operation = next(d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    if not entities:
        return operation.selection_set
    for node in operation.selection_set.selections:
        if isinstance(node, FieldNode) and node.name.value == "_entities" and node.selection_set:
            return node.selection_set
    raise NotCompilable("an entity fetch without entities")
