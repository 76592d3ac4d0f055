"""Every directive that a schema carries is known, may stand where it does, and is given what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphql import (
    BooleanValueNode,
    DirectiveDefinitionNode,
    DirectiveNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    StringValueNode,
    ValueNode,
    print_ast,
)

from gateway.composition.field_sets.usage import Place
from gateway.composition.reading.document import Document
from gateway.composition.reading.known import Known
from gateway.composition.reading.problems import Problems
from gateway.composition.reading.validation.values import Constants
from gateway.federation.type_references import is_required

__all__ = ["check_known", "check_uses"]

_LOCATIONS = {
    "type": "OBJECT",
    "interface": "INTERFACE",
    "union": "UNION",
    "enum": "ENUM",
    "input": "INPUT_OBJECT",
    "scalar": "SCALAR",
}


def check_uses(
    document: Document, known: Known, constants: Constants, ignored: frozenset[Place], problems: Problems
) -> None:
    """All directives of the schema; ``ignored`` fields are not looked at."""
    checker = _Checker(known, constants, problems)
    for location, directives in _places(document, ignored):
        checker.check(location, directives)


def check_known(document: Document, known: Known, ignored: frozenset[Place], problems: Problems) -> None:
    """That all directives are known, and no more."""
    for _, directives in _places(document, ignored):
        for node in directives or ():
            if node.name.value not in known.directives:
                problems.report(f"Directive '@{node.name.value}' is not defined.", node)


def _places(
    document: Document, ignored: frozenset[Place]
) -> Iterator[tuple[str, Sequence[DirectiveNode] | None]]:
    yield "SCHEMA", document.applied
    for directive in document.directives.values():
        for argument in directive.arguments or ():
            yield "ARGUMENT_DEFINITION", argument.directives or ()
    for nodes in document.types.values():
        yield _LOCATIONS[nodes.kind], [d for node in nodes.nodes for d in node.directives or ()]
        for node in nodes.nodes:
            for field in getattr(node, "fields", None) or ():
                if nodes.kind == "input":
                    yield "INPUT_FIELD_DEFINITION", field.directives
                elif (nodes.name, field.name.value) not in ignored:
                    yield "FIELD_DEFINITION", field.directives
                    for argument in field.arguments or ():
                        yield "ARGUMENT_DEFINITION", argument.directives
            for value in getattr(node, "values", None) or ():
                yield "ENUM_VALUE", value.directives


class _Checker:
    def __init__(self, known: Known, constants: Constants, problems: Problems) -> None:
        self._directives = known.directives
        self._constants = constants
        self._problems = problems
        self._locations: dict[str, frozenset[str]] = {}

    def check(self, location: str, directives: Sequence[DirectiveNode] | None) -> None:
        """The directives of one place; those of a type and its extensions are of one."""
        if not directives:
            return
        seen = set()
        for node in directives:
            name = node.name.value
            definition = self._directives.get(name)
            if definition is None:
                self._problems.report(f"Directive '@{name}' is not defined.", node)
                continue
            if location not in self._allowed(name, definition):
                self._problems.report(f"'@{name}' cannot stand on {location}.", node)
            if name in seen and not definition.repeatable:
                self._problems.report(f"'@{name}' stands twice in one place.", node)
            seen.add(name)
            self._check_arguments(node, definition)

    def _allowed(self, name: str, definition: DirectiveDefinitionNode) -> frozenset[str]:
        found = self._locations.get(name)
        if found is None:
            found = self._locations[name] = frozenset(where.value for where in definition.locations)
        return found

    def _check_arguments(self, node: DirectiveNode, definition: DirectiveDefinitionNode) -> None:
        name = node.name.value
        given = {a.name.value: a for a in node.arguments or ()}
        for expected in definition.arguments or ():
            argument = given.pop(expected.name.value, None)
            told = f"'{expected.name.value}' of '@{name}'"
            if argument is None:
                if is_required(expected):
                    self._problems.report(f"The argument {told} is missing.", node)
            elif _counts(argument.value) and not self._constants.fits(argument.value, expected.type):
                self._problems.report(
                    f"The argument {told} has to be '{print_ast(expected.type)}'.", argument
                )
        for argument in given.values():
            self._problems.report(f"'@{name}' has no argument '{argument.name.value}'.", argument)


def _counts(value: ValueNode) -> bool:
    """What is empty, zero, false or null passes for whatever type, as it does with Apollo."""
    if isinstance(value, BooleanValueNode):
        return value.value
    if isinstance(value, IntValueNode | FloatValueNode):
        return float(value.value) != 0
    if isinstance(value, StringValueNode | EnumValueNode):
        return bool(value.value)
    return value.kind != "null_value"
