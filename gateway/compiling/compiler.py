"""From an operation and its plan to a CompiledOperation, through the stages named in ``compile_operation``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from graphql import DocumentNode, OperationDefinitionNode

from gateway.compiling.analysis.analyse import analyse
from gateway.compiling.analysis.reading import Explode, Step, StepReader
from gateway.compiling.analysis.requirements import Requirement, requirement
from gateway.compiling.analysis.shape import Place, Position, ShapeBuilder, Variant
from gateway.compiling.analysis.steps import PlannedStep, planned_steps, wanted
from gateway.compiling.codegen.source import write_functions
from gateway.compiling.errors import NotCompilable
from gateway.compiling.operation import CompiledOperation, CompiledStep, Question
from gateway.compiling.types.classes import Classes
from gateway.compiling.types.step_types import StepTypes, step_types
from gateway.compiling.types.structs import answer_type
from gateway.compiling.types.trails import Trail, trail
from gateway.planning.plan import FetchNode, QueryPlan
from gateway.supergraph import Supergraph
from gateway.supergraph.conditions import TypeConditions

__all__ = ["compile_operation"]

_MOST_EXPLODED = 40
"""Places at which types are told apart that could have been one, found one by one."""


def compile_operation(
    supergraph: Supergraph,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    plan: QueryPlan,
    conditions: Mapping[str, bool],
    packing: frozenset[Place] = frozenset(),
) -> CompiledOperation:
    """Compile a query or a mutation for these values of its conditions' variables. Raises NotCompilable.

    Objects at the places in ``packing``, some of the ``candidates`` of what was compiled before, are told apart by
    their bytes: such an operation takes answers as bytes alone.
    """
    if operation.operation.value == "subscription":
        raise NotCompilable("subscription")
    planned = planned_steps(plan.node, conditions)
    root, steps, requirements = _read(supergraph, document, operation, planned, conditions)
    analysis = analyse(root, steps, requirements, packing)
    classes = Classes(analysis.packed)
    classes.lay_out_root(root)
    types = {step.number: step_types(classes, analysis.branches[step.number]) for step in steps}
    functions = write_functions(classes, analysis, root, steps, types)
    numbers = {step.number for step in steps}
    waits = {step.number: _waits(step, requirements, operation, numbers) for step in steps}
    strict = {number: any(b.strict for b in branches) for number, branches in analysis.branches.items()}
    made = tuple(
        _step(
            step,
            waits,
            types[step.number],
            functions,
            strict[step.number],
            tuple(trail(path, root, classes) for path in step.planned.paths),
        )
        for step in steps
    )
    packed = {position.place: number for position, (number, _) in analysis.packed.items()}
    return CompiledOperation(made, functions["begin"], functions["finish"], packed, analysis.candidates)


def _read(
    supergraph: Supergraph,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    planned: tuple[PlannedStep, ...],
    conditions: Mapping[str, bool],
) -> tuple[Position, tuple[Step, ...], dict[tuple[int, Variant], Requirement | None]]:
    """The response's shape and what each step has to do with it; once more where types must be told apart."""
    exploded: frozenset[Place] = frozenset()
    for _ in range(_MOST_EXPLODED):
        builder = ShapeBuilder(supergraph.api_schema, supergraph.schema, document, conditions, exploded)
        root = builder.root(operation)
        try:
            return root, *_read_steps(supergraph, builder, root, planned, conditions)
        except Explode as found:
            exploded |= {found.place}
    raise NotCompilable("too many types to tell apart")


def _read_steps(
    supergraph: Supergraph,
    builder: ShapeBuilder,
    root: Position,
    planned: tuple[PlannedStep, ...],
    conditions: Mapping[str, bool],
) -> tuple[tuple[Step, ...], dict[tuple[int, Variant], Requirement | None]]:
    reader = StepReader(supergraph, builder, root, conditions)
    types = TypeConditions(supergraph.schema)
    wants = wanted(planned)
    steps, requirements = [], {}
    for one in planned:
        step = reader.read(one, wants)
        if step is None:
            continue
        if step.is_entity:
            for given in step.givens:
                for variant in given.position.variants:
                    requirements[step.number, variant] = requirement(one.fetch, variant, types)
        steps.append(step)
    return tuple(steps), requirements


def _waits(
    step: Step,
    requirements: Mapping[tuple[int, Variant], Requirement | None],
    operation: OperationDefinitionNode,
    numbers: set[int],
) -> frozenset[int]:
    """What has to be there before the step; mutations keep the plan's order besides."""
    needs = set(step.needs)
    for (number, _), one in requirements.items():
        if number == step.number and one is not None:
            needs |= {p for slot in one.slots() for p in slot.providers if p < number}
    if operation.operation.value == "mutation":
        needs |= step.planned.after
    return frozenset(needs & numbers)


def _step(
    step: Step,
    waits: Mapping[int, frozenset[int]],
    types: StepTypes,
    functions: Mapping[str, Any],
    strict: bool,
    trails: tuple[Trail, ...],
) -> CompiledStep:
    return CompiledStep(
        number=step.number,
        fetch=step.planned.fetch,
        needs=waits[step.number],
        wakes=tuple(n for n, needs in waits.items() if step.number in needs),
        question=_question(step.planned.fetch),
        collect=functions.get(f"collect{step.number}"),
        take=functions[f"take{step.number}"],
        answer=answer_type(types.patch, entities=step.is_entity),
        strict=strict,
        trails=trails,
    )


def _question(fetch: FetchNode) -> Question:
    name = fetch.operation_name
    return Question(
        head=b'{"query":' + msgspec.json.encode(fetch.operation),
        variables=tuple((v, msgspec.json.encode(v) + b":") for v in fetch.variable_usages),
        representations=msgspec.json.encode(fetch.representations) + b":",
        tail=(b"}" if name is None else b',"operationName":' + msgspec.json.encode(name) + b"}"),
    )
