"""The planner's contract: what it refuses, what it sends, and that it ends."""

from __future__ import annotations

import pytest
from graphql import parse

from gateway.planning import PlanningError
from gateway.planning.plan import FetchNode, FlattenNode, RequiredField, SequenceNode, ValueSetter
from tests.gateway.planning.harness import plan_of, planner


def test_an_operation_of_several_has_to_be_named() -> None:
    document = parse("query A { me { id } } query B { me { name } }")
    with pytest.raises(PlanningError) as unnamed:
        planner("bookshop").plan(document)
    with pytest.raises(PlanningError) as unknown:
        planner("bookshop").plan(document, "C")
    assert (unnamed.value.code, unknown.value.code) == ("OPERATION_NAME_REQUIRED", "UNKNOWN_OPERATION")
    assert isinstance(planner("bookshop").plan(document, "B").node, FetchNode)


def test_operations_are_named_after_the_clients_and_the_subgraph() -> None:
    node = plan_of("bookshop", "query Shelf { newBooks { title inStock } }").node
    assert isinstance(node, SequenceNode)
    first, second = node.nodes
    assert isinstance(first, FetchNode)
    assert isinstance(second, FlattenNode)
    assert (first.operation_name, first.operation) == (
        "Shelf__books__0",
        "query Shelf__books__0{newBooks{__typename title isbn}}",
    )
    assert second.node.operation == (
        "query Shelf__stock__1($representations:[_Any!]!)"
        "{_entities(representations:$representations){... on Book{inStock}}}"
    )


def test_an_interface_object_is_sent_its_own_name_as_type() -> None:
    node = plan_of("feed", "{ feed { likes } }").node
    assert isinstance(node, SequenceNode)
    jump = node.nodes[1]
    assert isinstance(jump, FlattenNode)
    assert jump.node.input_rewrites == (ValueSetter(("... on Item", "__typename"), "Item"),)


def test_an_aliased_key_is_read_under_its_alias_and_sent_under_its_name() -> None:
    node = plan_of("bookshop", "{ newBooks { isbn: title inStock } }").node
    assert isinstance(node, SequenceNode)
    jump = node.nodes[1]
    assert isinstance(jump, FlattenNode)
    assert jump.node.requires[0].selections == (
        RequiredField("__typename", "__typename"),
        RequiredField("isbn", "_isbn_0"),
    )


def test_variables_keep_their_declaration_and_are_listed() -> None:
    node = plan_of(
        "bookshop",
        "query ($count: Int = 3, $on: Boolean!) { newBooks(first: $count) { title @include(if: $on) } }",
    ).node
    assert isinstance(node, FetchNode)
    assert node.operation == (
        "query($count:Int=3,$on:Boolean!){newBooks(first: $count){title @include(if: $on)}}"
    )
    assert node.variable_usages == ("count", "on")
