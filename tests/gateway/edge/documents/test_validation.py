"""Our walk over a document says what the library's does."""

from __future__ import annotations

import pytest
from graphql import (
    NoSchemaIntrospectionCustomRule,
    build_schema,
    parse,
    specified_rules,
    validate,
)

from gateway.edge.documents.validation import validated

_SCHEMA = build_schema("""
  directive @once on FIELD | QUERY
  directive @many repeatable on FIELD
  directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  interface Node { id: ID! }
  type Dog implements Node { id: ID! name: String owner: Person barks(loud: Boolean!): Boolean }
  type Person implements Node { id: ID! name(short: Boolean = false): String pets(first: Int, by: By): [Pet] }
  type Cat { name: Int meows: Boolean }
  union Pet = Dog | Cat
  enum Order { UP DOWN }
  input By { field: String! order: Order = UP inner: By }
  input One @oneOf { a: Int b: Int }
  type Query { node(id: ID!): Node pet: Pet person: Person one(of: One): Int }
  type Mutation { set: Int }
  type Subscription { ticks: Int tocks: Int }
""")
_DOCUMENTS = [
    "{ person { id name pets(first: 3) { ... on Dog { name barks(loud: true) } } } }",
    "query A($a: Int, $b: By!) { person { pets(first: $a, by: $b) { __typename } } }",
    "{ nothing person { nam pets } pet { name } }",
    "{ person } ",
    "{ person { id { deeper } } }",
    "query A { person { id } } query A { person { id } }",
    "query A { person { id } } { person { id } }",
    "{ ...Gone }",
    "{ person { ...Of } } fragment Of on Dog { id } fragment Unused on Dog { id }",
    "{ person { ...A } } fragment A on Person { ...B } fragment B on Person { ...A id }",
    "fragment A on Person { id } fragment A on Person { id } { person { ...A } }",
    "{ person { ... on Order { id } ... on Nothing { id } ... on Cat { name } } }",
    "{ pet { ... on Dog { name } ... on Cat { name } } }",
    "{ person { a: id a: name } person { a: name(short: true) } }",
    "query ($a: Int, $a: Int, $unused: Int, $o: Person, $n: Nothing) { person { pets(first: $a) { __typename } } }",
    "{ person { pets(first: $missing) { __typename } } }",
    "query ($s: String) { person { pets(first: $s) { __typename } } ...P } fragment P on Query { node(id: $s) { id } }",
    "query ($s: String = 5, $b: Boolean = null) { person { name(short: $b) } node(id: $s) { id } }",
    "{ node { id } person { name(long: true) pets(first: 1, first: 2) { __typename } } }",
    '{ person { pets(first: "x", by: {field: 1, order: SIDEWAYS, more: 1, field: "a"}) { __typename } } }',
    "{ person { pets(by: {order: UP, inner: {field: null}}) { __typename } } }",
    "{ one(of: {a: 1, b: 2}) two: one(of: {a: null}) three: one(of: {}) }",
    "query ($a: Int) { one(of: {a: $a}) }",
    "query @many @once @once { person @once @once @many @many @nothing @skip { id @include(if: 1) } }",
    "subscription { ticks tocks }",
    "subscription S { __typename }",
    "subscription S { ticks ... @defer { tocks } }",
    "mutation { ... @defer { set } }",
    "{ person { ... @defer(label: \"a\") { id } ... @defer(label: \"a\") { name } } }",
    "query ($l: String) { person { ... @defer(label: $l) { id } } }",
    "{ __schema { types { name } } person { __typename } }",
    "type Extra { a: Int } { person { id } }",
    "{ " + " ".join(f"f{n}" for n in range(40)) + " }",
    "{ ...F0 } " + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(300)) + " fragment F300 on Query { pet { __typename } }",
]  # fmt: skip


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("document", _DOCUMENTS, ids=range(len(_DOCUMENTS)))
def test_errors_are_the_librarys_in_their_order(document: str, hidden: bool) -> None:
    rules = (*specified_rules, NoSchemaIntrospectionCustomRule)
    parsed = parse(document)
    expected = validate(_SCHEMA, parsed, rules, max_errors=20, hide_suggestions=hidden)
    found = validated(_SCHEMA, parsed, rules, most_errors=20, hide_suggestions=hidden)
    assert [one.formatted for one in found] == [one.formatted for one in expected]


def test_every_rule_is_broken_by_one_of_the_documents() -> None:
    broken = set()
    for rule in specified_rules:
        for document in _DOCUMENTS:
            if validated(_SCHEMA, parse(document), [rule], most_errors=20, hide_suggestions=False):
                broken.add(rule)
    assert set(specified_rules) - broken == set()
