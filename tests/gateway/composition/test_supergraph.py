"""The supergraph as a whole, and what reads it."""

from __future__ import annotations

import itertools

from graphql import print_schema

from gateway.composition import compose_from_sdls
from gateway.supergraph import load_supergraph
from tests.gateway.composition.harness import LINK, supergraph

_USERS = """
type Query { me: User }
"Someone." type User @key(fields: "id") { id: ID! name: String @shareable secret: String @inaccessible }
enum Role { ADMIN GUEST }
"""
_REVIEWS = """
type Query { latest(first: Int = 3, role: Role = GUEST): [Review!]! }
enum Role { ADMIN GUEST }
type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "name") }
type User @key(fields: "id") { id: ID! name: String @external
  email: String @external greeting: String @requires(fields: "email") }
"""
_MAIL = 'type User @key(fields: "id") { id: ID! email: String }'

_EXPECTED = '''enum Role
  @join__type(graph: REVIEWS)
  @join__type(graph: USERS)
{
  ADMIN @join__enumValue(graph: REVIEWS) @join__enumValue(graph: USERS)
  GUEST @join__enumValue(graph: REVIEWS) @join__enumValue(graph: USERS)
}

"""Someone."""
type User
  @join__type(graph: MAIL, key: "id")
  @join__type(graph: REVIEWS, key: "id")
  @join__type(graph: USERS, key: "id")
{
  id: ID!
  email: String @join__field(graph: MAIL) @join__field(graph: REVIEWS, external: true)
  name: String @join__field(graph: REVIEWS, external: true) @join__field(graph: USERS)
  greeting: String @join__field(graph: REVIEWS, requires: "email")
  secret: String @inaccessible @join__field(graph: USERS)
}
'''


def test_types_say_who_has_what() -> None:
    sdl = supergraph(users=_USERS, reviews=_REVIEWS, mail=_MAIL)
    assert sdl.endswith(_EXPECTED)
    assert '@link(url: "https://specs.apollo.dev/join/v0.4", for: EXECUTION)' in sdl
    assert '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)' in sdl


def test_the_api_has_no_trace_of_how_it_is_made() -> None:
    api = print_schema(load_supergraph(supergraph(users=_USERS, reviews=_REVIEWS, mail=_MAIL)).api_schema)
    assert "secret" not in api
    assert "join__" not in api
    assert "latest(first: Int = 3, role: Role = GUEST): [Review!]!" in api


def test_the_order_of_subgraphs_does_not_matter() -> None:
    given = [
        (n, f"http://{n}", LINK + s) for n, s in {"users": _USERS, "reviews": _REVIEWS, "mail": _MAIL}.items()
    ]
    composed = {compose_from_sdls(list(order)).supergraph_sdl for order in itertools.permutations(given)}
    assert len(composed) == 1


def test_roots_are_renamed_and_links_may_rename() -> None:
    sdl = """
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", as: "fed", import: [{name: "@key", as: "@id"}])
    schema { query: Root }
    type Root { thing: Thing }
    type Thing @id(fields: "id") { id: ID! name: String @fed__shareable }
    """
    composed = compose_from_sdls([("one", "http://one", sdl)]).supergraph_sdl
    assert 'type Thing\n  @join__type(graph: ONE, key: "id")\n{\n  id: ID!\n  name: String\n}' in composed
    assert "type Query\n  @join__type(graph: ONE)\n{\n  thing: Thing\n}" in composed
    assert "join/v0.3" in composed


def test_what_a_field_answers_widens_and_what_it_asks_narrows() -> None:
    one = "type Query { a(x: Int): T @shareable } interface T { id: ID! } type U implements T { id: ID! @shareable }"
    two = "type Query { a(x: Int!): U! @shareable } type U { id: ID! @shareable }"
    sdl = supergraph(one=one, two=two)
    assert 'a(x: Int!): T @join__field(graph: ONE, type: "T") @join__field(graph: TWO, type: "U!")' in sdl
