"""An operation's tree put together into what runs: generated functions, and steps and places round them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from types import FunctionType
from typing import Any

from graphql import GraphQLError, GraphQLSchema
from graphql.execution import Executor

from subgraphs.kit.execution.admission import Dispatch
from subgraphs.kit.execution.calls import call_of, many_of
from subgraphs.kit.execution.gathered import TogetherStep
from subgraphs.kit.execution.places import AbstractBuilder, Builder, ListBuilder, ObjectBuilder, Place, Step
from subgraphs.kit.execution.run import Run
from subgraphs.kit.execution.selections import (
    Abstract,
    Field,
    Foreign,
    Leaf,
    ListOf,
    Object,
    Output,
    Stock,
    TooLarge,
    collect,
)
from subgraphs.kit.execution.source import Code, portions
from subgraphs.kit.execution.steps import CallStep, FillStep, StockStep
from subgraphs.kit.execution.timed import timed_call

__all__ = ["Assembly", "Plan", "compile_operation"]

_CHARACTER_BYTES = 8
_PLACE_BYTES = 1_200
_POSSIBLE_BYTES = 100
_NODE_BYTES = 80


class Plan:
    """A query, compiled for one set of conditions."""

    def __init__(self, root: ObjectBuilder, weight: int) -> None:
        self._root = root
        self.weight = weight
        """About how many bytes it takes."""

    def start(self, run: Run) -> bool:
        """Answer what needs no waiting; whether anything is left."""
        try:
            run.answer["data"] = self._root.fill(run, run.executor.root_value, None, run.root)
        except GraphQLError as error:
            run.executor.collected_errors.add(error, None)
            run.root.dead = run.nulled = True
        run.discard()
        return bool(run.met or run.gathered)


def compile_operation(executor: Executor[Any], most_fields: int, deepest: int) -> Plan:
    """The query this executor was built for; raises TooLarge."""
    root = executor.schema.query_type
    if root is None:
        raise TooLarge
    tree = collect(executor, root, most_fields, deepest)
    assembly = Assembly(executor.schema)
    builder = assembly.object(tree)
    return Plan(builder, assembly.finish())


class Assembly:
    """One operation's functions, steps and places while they are put together."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self.code = Code(schema)
        self._objects: dict[Object, ObjectBuilder] = {}
        self._pure: list[tuple[Place, str]] = []
        self._fills: list[tuple[FillStep, str]] = []
        self._places = 0
        self._possible = 0
        self._nodes = 0

    def object(self, shape: Object) -> ObjectBuilder:
        """What builds this object, once ``finish`` is done."""
        builder = self._objects.get(shape)
        if builder is None:
            builder = self._objects[shape] = ObjectBuilder(shape.type)
            builder.steps = tuple(_function(step) for step in self._steps(shape))
        return builder

    def finish(self) -> int:
        """Make the generated functions and put them in; the weight of all of it, in bytes."""
        functions = self.code.make()
        for place, name in self._pure:
            place.pure = functions[name]
        for step, name in self._fills:
            step.fill = functions[name]
        return (
            self.code.size * _CHARACTER_BYTES
            + self._places * _PLACE_BYTES
            + self._possible * _POSSIBLE_BYTES
            + self._nodes * _NODE_BYTES
        )

    def _steps(self, shape: Object) -> Iterable[Step]:
        self._nodes += sum(len(field.details) for field in shape.fields)
        for pure, group in groupby(shape.fields, key=lambda field: field.pure):
            fields = list(group)
            if pure:
                self._places += len(fields)  # those of the way graphql-core goes
                for some in portions(fields):
                    step = FillStep(some)
                    self._fills.append((step, self.code.filling(some)))
                    yield step
            else:
                for field in fields:
                    yield self._call(field)

    def _call(self, field: Field) -> Step:
        if isinstance(field.source, Stock):
            return self._stock(field)
        if (many := many_of(field)) is not None:
            return TogetherStep(field, many[0], self._place(field, field.output), many[1])
        called = call_of(field)
        place = self._place(field, field.output)
        if called.tally is None:
            return CallStep(field, called.call, place)
        return timed_call(field, called, place, called.tally)

    def _stock(self, field: Field) -> StockStep:
        self._places += 1
        return StockStep(field)

    def _place(self, field: Field, output: Output) -> Place:
        self._places += 1
        place = Place(field, output, self._builder(field, output))
        if output.pure:
            self._pure.append((place, self.code.completing(output)))
        return place

    def _builder(self, field: Field, output: Output) -> Builder | None:
        shape = output.shape
        if isinstance(shape, ListOf):
            return ListBuilder(self._place(field, shape.item))
        if output.pure or isinstance(shape, Leaf | Foreign):
            return None
        if isinstance(shape, Object):
            return self.object(shape)
        return self._abstract(shape)

    def _abstract(self, shape: Abstract) -> AbstractBuilder:
        dispatch: Dispatch[ObjectBuilder] = Dispatch(self._schema, shape.type)
        dispatch.handlers = {name: self.object(possible) for name, possible in shape.objects.items()}
        self._possible += len(dispatch.handlers)
        return AbstractBuilder(dispatch)


def _function(step: Step) -> Step:
    """What a step does: found once, not each time."""
    return step if isinstance(step, FunctionType) else step.__call__
