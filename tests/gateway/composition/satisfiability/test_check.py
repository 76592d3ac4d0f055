"""Queries the API allows and no subgraph can answer."""

from __future__ import annotations

import pytest

from gateway.composition import CompositionFailed, compose_from_sdls
from gateway.composition.satisfiability.conditions import Conditions, TooComplex
from gateway.query_graph import build_query_graph
from gateway.supergraph import load_supergraph
from tests.gateway.composition.harness import LINK, codes, supergraph


def _failure(**subgraphs: str) -> CompositionFailed:
    given = [(name, f"http://{name}", LINK + sdl) for name, sdl in subgraphs.items()]
    with pytest.raises(CompositionFailed) as failed:
        compose_from_sdls(given)
    return failed.value


_LEAVES = {
    "one": 'type Query { t: T } type T @key(fields: "id") { id: ID! a: Int }',
    "two": "type T { id: ID! b(of: Int!, or: [Int!] = []): U } type U { x: Int }",
}


def test_a_field_without_a_way_to_it_is_told_with_the_query_and_the_reasons() -> None:
    two = 'type T @key(fields: "id", resolvable: false) { id: ID! b(of: Int!, or: [Int!] = []): U } type U { x: Int }'
    (error,) = _failure(one=_LEAVES["one"], two=two).errors
    assert (error.code, error.message, error.subgraphs) == (
        "SATISFIABILITY_ERROR",
        """The subgraphs cannot answer this query:
{
  t {
    b(of: 0) {
      ...
    }
  }
}
because:
- in "one": it has no field "T.b".
- in "one": it cannot enter "two", which has "T.b": no @key of "T" is resolvable there.""",
        ("one",),
    )


def _places(**subgraphs: str) -> list[tuple[str | None, list[str]]]:
    """Of each error what it is about, and where that is defined; the first line links."""
    errors = _failure(**subgraphs).errors
    return [(e.coordinate, [f"{p.subgraph}:{p.line - 1}:{p.column}" for p in e.locations]) for e in errors]


def test_a_field_that_cannot_be_had_is_told_with_its_definitions() -> None:
    three = 'type T @shareable @key(fields: "id", resolvable: false) {\n  id: ID!\n  b: Int }'
    assert _places(one=_LEAVES["one"], two="type T @shareable { id: ID! b: Int }", three=three) == [
        ("T.b", ["three:3:3", "two:1:29"])
    ]


def test_a_field_of_a_root_by_another_name_is_told_where_it_stands() -> None:
    one = 'schema { query: Ask mutation: Do } type Ask { a: T }\ntype Do { m: T @shareable } type T @key(fields: "id") { id: ID! }'
    two = 'schema { mutation: Go } type Go { m: T @shareable } type T @key(fields: "sku") { sku: ID! x: Int }'
    assert _places(one=one, two=two) == [
        ("T.sku", ["two:1:82"]),
        ("T.x", ["two:1:91"]),
        ("Mutation.m", ["one:2:11", "two:1:35"]),
    ]


def test_a_field_of_an_interface_object_is_told_where_the_interface_has_it() -> None:
    one = 'type Query { i: I } interface I @key(fields: "id") { id: ID! } type J implements I @key(fields: "id") { id: ID! }'
    two = 'type I @interfaceObject @key(fields: "id", resolvable: false) { id: ID!\n x: Int }'
    assert _places(one=one, two=two) == [("J.x", ["two:2:2"])]


def test_a_key_that_cannot_be_had_is_told() -> None:
    two = 'type T @key(fields: "sku") { sku: ID! b: Int }'
    (error,) = _failure(one=_LEAVES["one"], two=two).errors[:1]
    assert '- in "one": it cannot enter "two" by @key(fields: "sku") of "T"' in error.message


def test_keys_chain_over_a_subgraph_that_has_both() -> None:
    both = 'type T @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! }'
    two = 'type T @key(fields: "sku") { sku: ID! b: Int }'
    assert "b: Int" in supergraph(one=_LEAVES["one"], two=two, both=both)


def test_what_is_required_has_to_be_had_and_come_back_from() -> None:
    two = 'type Query { u: T } type T @key(fields: "id") { id: ID! a: Int @external s: Int @requires(fields: "a") }'
    assert codes(one=_LEAVES["one"], two=two) == []
    closed = 'type Query { t: T } type T @key(fields: "id", resolvable: false) { id: ID! a: Int }'
    assert codes(one=closed, two=two) == ["SATISFIABILITY_ERROR"]


def test_requirements_in_a_circle_are_refused_and_do_not_hang() -> None:
    one = 'type Query { t: T } type T @key(fields: "id") { id: ID! a: Int @requires(fields: "b") b: Int @external }'
    two = 'type T @key(fields: "id") { id: ID! b: Int @requires(fields: "a") a: Int @external }'
    assert codes(one=one, two=two) == ["SATISFIABILITY_ERROR"]


def test_provided_fields_are_there_on_that_way_alone() -> None:
    one = 'type Query { t: T @provides(fields: "x") } type T { x: Int @external @shareable }'
    two = "type Query { w: T } type T { x: Int @shareable }"
    assert codes(one=one, two=two) == []
    other = one.replace("type Query {", "type Query { plain: T")
    assert codes(one=other, two=two) == ["SATISFIABILITY_ERROR"]


def test_each_value_of_an_override_label_has_to_work() -> None:
    old = 'type Query { t: T } type T @key(fields: "id") { id: ID! a: U @shareable } type U @shareable { x: Int }'
    new = """
    type T @key(fields: "id") { id: ID! a: U @override(from: "old", label: "percent(5)") @shareable }
    type U @shareable { x: Int y: Int }
    """
    (error,) = _failure(old=old, new=new).errors
    assert error.code == "SATISFIABILITY_ERROR"
    assert 'in "old": it has no field "U.y"' in error.message
    whole = old.replace("{ x: Int }", "{ x: Int y: Int }")
    assert codes(old=whole, new=new) == []


def test_one_subgraph_answers_all_of_a_shared_mutation() -> None:
    one = "type Query { q: Int } type Mutation { m: T @shareable } type T @shareable { a: Int c: Int }"
    two = "type Mutation { m: T @shareable } type T @shareable { b: Int c: Int }"
    (error,) = _failure(one=one, two=two).errors
    assert error.code == "SATISFIABILITY_ERROR"
    assert '- When "Mutation.m" is asked of "two":' in error.message
    assert codes(one=one, two=two.replace("{ b: Int c: Int }", "{ a: Int b: Int c: Int }")) == []


def test_an_interface_object_needs_to_know_what_its_entities_are() -> None:
    one = """
    interface I @key(fields: "id") { id: ID! } type A implements I @key(fields: "id") { id: ID! a: Int }
    """
    two = 'type Query { i: I } type I @interfaceObject @key(fields: "id") { id: ID! n: Int }'
    assert codes(one=one, two=two) == []
    closed = one.replace('I @key(fields: "id")', 'I @key(fields: "id", resolvable: false)', 1)
    assert codes(one=closed, two=two) == ["SATISFIABILITY_ERROR"]


def test_possible_types_of_a_shared_answer_have_to_meet() -> None:
    one = "type Query { u: U @shareable } union U = A | B type A @shareable { x: Int } type B @shareable { x: Int }"
    two = "type Query { u: U @shareable } union U = C type C @shareable { x: Int }"
    assert codes(one=one, two=two) == ["SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"]
    half = "type Query { u: U @shareable } union U = B | C type B @shareable { x: Int } type C @shareable { x: Int }"
    given = [(name, "", LINK + sdl) for name, sdl in {"one": one, "two": half}.items()]
    assert "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN" in {
        h.code for h in compose_from_sdls(given).hints
    }


def test_more_open_paths_than_allowed_are_refused() -> None:
    many = [
        (f"s{n}", "", LINK + f'type Query {{ q{n}: T }} type T @key(fields: "id") {{ id: ID! f{n}: Int }}')
        for n in range(9)
    ]
    assert compose_from_sdls(many).hints is not None
    with pytest.raises(CompositionFailed) as failed:
        compose_from_sdls(many, max_validation_paths=8)
    assert [e.code for e in failed.value.errors] == ["MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"]


def test_requirements_of_requirements_may_be_many() -> None:
    first = 'type Query { t: T } type T @key(fields: "id") { id: ID! f0: Int }'
    rest = {
        f"s{n}": f'type T @key(fields: "id") {{ id: ID! f{n - 1}: Int @external '
        f'f{n}: Int @requires(fields: "f{n - 1}") }}'
        for n in range(1, 150)
    }
    assert codes(s0=first, **rest) == []


def test_a_search_that_would_not_end_is_given_up() -> None:
    one = 'type Query { t: T } type T @key(fields: "a") { a: ID! }'
    two = 'type T @key(fields: "a") @key(fields: "b") { a: ID! b: ID! }'
    three = 'type T @key(fields: "b") { b: ID! c: ID! x: Int }'
    graph = build_query_graph(load_supergraph(supergraph(one=one, two=two, three=three.replace(' c"', '"'))))
    (root,) = graph.roots["query"][:1]
    target = next(n for n in graph.nodes.values() if n.subgraph == "one" and n.type_name == "T")
    assert root.subgraph == "one"
    assert {node.subgraph for node in Conditions(graph).entries(target)} == {"two", "three"}
    with pytest.raises(TooComplex):
        Conditions(graph, max_evaluations=1).entries(target)
