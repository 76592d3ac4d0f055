"""What is printed says the same as what was parsed."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse, print_ast

from gateway.federation.type_references import print_type
from gateway.query_graph.printing import print_arguments, print_directive, print_value


def _operation(text: str) -> OperationDefinitionNode:
    operation = parse(text, no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation


@pytest.mark.parametrize(
    "value",
    [
        "1", "-2.5e3", "true", "null", "RED", "$x", '"a \\"b\\" \\n"', '"""block\n  of text"""', "[]", "[1, [$x]]",
        "{}", '{a: {b: [{c: "d"}]}, e: null}',
    ],
)  # fmt: skip
def test_arguments_are_printed_whatever_their_values(value: str) -> None:
    field: Any = _operation(
        f"{{ f(first: {value}, second: {value}) @d(in: {value}) }}"
    ).selection_set.selections[0]
    assert isinstance(field, FieldNode)
    printed = (
        f"{{ f{print_arguments(field.arguments or ())} {print_directive((field.directives or ())[0])} }}"
    )
    again: Any = _operation(printed).selection_set.selections[0]
    assert print_ast(again) == print_ast(field)


@pytest.mark.parametrize("kind", ["Int", "Int!", "[Int]", "[[Int!]]!"])
def test_types_and_defaults_are_printed_as_declared(kind: str) -> None:
    (definition,) = _operation(f"query ($x: {kind} = [1]) {{ f(x: $x) }}").variable_definitions or ()
    assert print_type(definition.type) == kind
    assert definition.default_value is not None
    assert print_value(definition.default_value) == "[1]"


def test_no_arguments_need_no_brackets() -> None:
    assert print_arguments(()) == ""
