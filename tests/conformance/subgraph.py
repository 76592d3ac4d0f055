"""A subgraph in this process: graphql-core over the suite's records, and strict about what it is asked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from tests.conformance.asking import forbidden_fields, representation_faults
from tests.conformance.federated import SubgraphFacts
from tests.conformance.world import Record, World

__all__ = ["Asked", "ConformanceSubgraph"]


@dataclass(frozen=True)
class Asked:
    """One request a subgraph got."""

    subgraph: str
    query: str
    variables: Mapping[str, Any]


class ConformanceSubgraph:
    """Answers for one case at a time; ``begin`` says for which. What it was asked wrongly is in ``wrong``."""

    def __init__(self, name: str, facts: SubgraphFacts, overridden: frozenset[tuple[str, str]]) -> None:
        self.name = name
        self.facts = facts
        self.overridden = overridden
        self.asked: list[Asked] = []
        self.wrong: list[str] = []
        self.world = World({}, {}, None)  # type: ignore[arg-type] # replaced before it is used
        self.fault: Any = None

    def begin(self, world: World, fault: Any, asked: list[Asked], wrong: list[str]) -> None:
        """From now on answer from ``world``; report into these lists."""
        self.world, self.fault, self.asked, self.wrong = world, fault, asked, wrong

    async def execute(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """As LocalSubgraph has it."""
        variables = json.loads(json.dumps(variables))
        self.asked.append(Asked(self.name, query, variables))
        operation = self._judge(query, variables)
        if operation is None:
            return {"errors": [{"message": "The subgraph cannot read the query"}]}
        if (answer := self._faulty("_entities" in query)) is not None:
            return answer
        return self._answer(query, variables, {})

    async def subscribe(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> AsyncIterator[dict[str, Any]]:
        """As LocalSubgraph has it: one answer for each element of the root field's list."""
        self.asked.append(Asked(self.name, query, dict(variables)))
        operation = self._judge(query, variables)
        assert operation is not None
        field = operation.selection_set.selections[0].name.value  # type: ignore[attr-defined] # a field
        events = self.world.roots["subscription"][field]
        for number in range(len(events)):
            yield self._answer(query, variables, {field: events[number]})

    def _judge(self, query: str, variables: Mapping[str, Any]) -> OperationDefinitionNode | None:
        operation, faults = _judged(self.facts, self.overridden, query)
        if operation is not None:
            faults = (*faults, *representation_faults(self.facts, operation, variables))
        self.wrong.extend(f"{self.name}: {fault} in {query}" for fault in faults)
        return operation

    def _faulty(self, entities: bool) -> dict[str, Any] | None:
        fault = self.fault
        if fault is None or (isinstance(fault, Mapping) and fault.get("on", entities) not in (entities,)):
            return None
        if fault == "unavailable":
            raise ConnectionError(f"{self.name} is away")
        answer: dict[str, Any] = json.loads(json.dumps(fault["answer"]))
        return answer

    def _answer(self, query: str, variables: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
        result = execute_sync(
            self.facts.schema,
            _parsed(query),
            root_value=root,
            variable_values=dict(variables),
            field_resolver=self._resolve,
            type_resolver=lambda value, info, _type: self._type(value),
        )
        answered: dict[str, Any] = json.loads(json.dumps(result.formatted))
        return answered

    def _type(self, value: Any) -> str:
        return value.type if isinstance(value, Record) else str(value["__typename"])

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **args: Any) -> Any:
        name = info.field_name
        if name == "_entities":
            return [self._entity(one) for one in args["representations"]]
        if name == "_service":
            return {"sdl": ""}
        if not info.path.prev:
            operation = info.operation.operation.value
            raw = source[name] if name in source else self.world.roots.get(operation, {}).get(name)
            return self.world.value(raw, source, args, self._read)
        if info.parent_type is info.schema.query_type:
            return self.world.value(self.world.roots["query"].get(name), source, args, self._read)
        raw = source.get(name) if isinstance(source, Mapping) else self._own(source, name, info.parent_type)
        return self.world.value(raw, source, args, self._read)

    def _own(self, record: Record, name: str, parent: GraphQLObjectType) -> Any:
        facts = self.facts.types.get(parent.name)
        declared = facts.fields.get(name) if facts else None
        if declared and declared.external and name in record.given:
            return record.given[name]
        return record.fields.get(name)

    def _read(self, record: Record, name: str) -> Any:
        """A field that another is computed from: what came with the representation goes first."""
        if name in record.given:
            return record.given[name]
        facts = self.facts.types.get(record.type)
        declared = facts.fields.get(name) if facts else None
        if declared is None or declared.external:
            self.wrong.append(f"{self.name}: {record.type}.{name} is needed, and was not sent")
        return record.fields.get(name)

    def _entity(self, representation: Mapping[str, Any]) -> Any:
        name = representation["__typename"]
        abstract = self.facts.schema.get_type(name)
        types = [name]
        if self.facts.types[name].interface_object:
            types = list(self.world.records)
        elif not isinstance(abstract, GraphQLObjectType):
            types = [one.name for one in self.facts.schema.get_possible_types(abstract)]  # type: ignore[arg-type]
        for record in self.world.all("|".join(types)):
            for key in self.facts.types[name].keys:
                wanted = {n: v for n, v in representation.items() if n in _names(key)}
                if len(wanted) == len(_names(key)) and self.world.matches(record, wanted):
                    return self._seen(record, name, representation)
        return None

    def _seen(self, record: Record, name: str, representation: Mapping[str, Any]) -> Any:
        if isinstance(record.fields.get("$gone"), str):
            return GraphQLError(record.fields["$gone"])
        kind = name if self.facts.types[name].interface_object else record.type
        return Record(kind, record.label, record.fields, representation)


@cache
def _parsed(query: str) -> DocumentNode:
    return parse(query, no_location=True)


@cache
def _judged(
    facts: SubgraphFacts, overridden: frozenset[tuple[str, str]], query: str
) -> tuple[OperationDefinitionNode | None, tuple[str, ...]]:
    """The operation, None where it is invalid by the subgraph's own SDL, and what is wrong with it."""
    document = _parsed(query)
    if invalid := validate(facts.schema, document):
        return None, tuple(error.message for error in invalid)
    operation = get_operation_ast(document)
    assert operation is not None
    return operation, tuple(forbidden_fields(facts, overridden, operation))


def _names(key: Any) -> set[str]:
    return {one.name.value for one in key.selections}
