"""A reference to a type, taken apart and written."""

from __future__ import annotations

import pytest
from graphql import InputObjectTypeDefinitionNode, parse, parse_type

from gateway.federation.type_references import is_required, list_depth, named_type, print_type


@pytest.mark.parametrize(("text", "depth"), [("T", 0), ("T!", 0), ("[T]", 1), ("[[T!]]!", 2)])
def test_a_reference_has_a_name_within_lists_and_is_printed_as_written(text: str, depth: int) -> None:
    node = parse_type(text)
    assert (named_type(node), list_depth(node), print_type(node)) == ("T", depth, text)


@pytest.mark.parametrize(
    ("field", "required"),
    [("a: Int", False), ("a: Int!", True), ("a: Int! = 1", False), ("a: [Int!]", False)],
)
def test_what_may_be_null_or_has_a_default_need_not_be_given(field: str, required: bool) -> None:
    definition = parse(f"input I {{ {field} }}", no_location=True).definitions[0]
    assert isinstance(definition, InputObjectTypeDefinitionNode)
    assert is_required((definition.fields or ())[0]) is required
