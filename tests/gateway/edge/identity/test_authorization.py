"""What callers may not have is null with an error, and no subgraph is asked for it."""

from __future__ import annotations

import copy
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from graphql import build_schema, graphql
from prometheus_client import CollectorRegistry

from gateway.composition import compose_from_sdls
from gateway.config import GatewaySettings
from gateway.edge.engine import Engine
from gateway.edge.errors import DocumentRefused
from gateway.edge.identity.authorization import granted_to
from gateway.edge.identity.caller import Caller
from gateway.supergraph import Granted, load_supergraph
from gateway.telemetry.metrics import GatewayMetrics
from gateway.transport import LocalTransport

_LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: [
  "@key", {name: "@authenticated", as: "@known"}, "@requiresScopes", "@policy"])
"""
_SDL = (
    _LINK
    + """
type Query { staff: [Person] found: [Found] vault: Vault! here: String }
interface Found { label: String }
type Person implements Found @key(fields: "id") {
  id: ID! label: String
  phone: String @known
  salary: Int! @requiresScopes(scopes: [["pay"], ["admin", "read"]])
}
type Vault @policy(policies: [["keys"]]) { door: String }
type Note implements Found @known { label: String }
"""
)
_PLAIN = build_schema(re.sub(r"@\w+(\([^)]*\))?", "", _SDL.removeprefix(_LINK)))
_DATA: dict[str, Any] = {
    "staff": [{"__typename": "Person", "id": "1", "label": "Ada", "phone": "12", "salary": 5}],
    "found": [{"__typename": "Person", "label": "Ada"}, {"__typename": "Note", "label": "Psst"}],
    "vault": {"__typename": "Vault", "door": "open"},
    "here": "yes",
}
_ALL = Granted(True, frozenset({"pay"}), frozenset({"keys"}))


class _Subgraph:
    def __init__(self) -> None:
        self.asked: list[str] = []

    async def execute(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        self.asked.append(query)
        result = await graphql(
            _PLAIN, query, root_value=_DATA, type_resolver=lambda value, _info, _type: value["__typename"]
        )
        return {"data": result.data}

    async def subscribe(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, headers: Mapping[str, str]
    ) -> AsyncIterator[dict[str, Any]]:
        raise AssertionError(query)
        yield {}


class _Served:
    def __init__(self, settings: GatewaySettings | None = None) -> None:
        self.subgraph = _Subgraph()
        supergraph = load_supergraph(compose_from_sdls([("hr", "http://hr", _SDL)]).supergraph_sdl)
        metrics = GatewayMetrics(CollectorRegistry())
        transports = {"hr": LocalTransport("hr", self.subgraph)}
        self.engine = Engine(supergraph, transports, settings or GatewaySettings(), metrics)

    async def ask(self, query: str, granted: Granted | None = None) -> dict[str, Any]:
        prepared = await self.engine.preparation.prepare(query, None, granted=granted or Granted())
        return await self.engine.execute(prepared, {}, lambda *_: {})


def _error(*path: str | int) -> dict[str, Any]:
    return {
        "message": "Unauthorized field or type",
        "path": list(path),
        "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"},
    }


async def test_a_field_that_needs_a_signed_in_caller_is_null_for_others_and_not_asked_for() -> None:
    served = _Served()
    answer = await served.ask("{ staff { label tel: phone } }")
    assert answer == {
        "errors": [_error("staff", 0, "tel")],
        "data": {"staff": [{"label": "Ada", "tel": None}]},
    }
    assert served.subgraph.asked == ["{staff{label}}"]
    assert await served.ask("{ staff { label tel: phone } }", Granted(True)) == {
        "data": {"staff": [{"label": "Ada", "tel": "12"}]}
    }


async def test_a_field_that_cannot_be_null_takes_its_object_with_it() -> None:
    answer = await _Served().ask("{ staff { id salary } here }", Granted(True, frozenset({"admin"})))
    assert answer == {
        "errors": [_error("staff", 0, "salary")],
        "data": {"staff": [None], "here": "yes"},
    }


@pytest.mark.parametrize("scopes", [{"pay"}, {"admin", "read"}, {"pay", "more"}])
async def test_all_scopes_of_one_alternative_are_enough(scopes: set[str]) -> None:
    answer = await _Served().ask("{ staff { salary } }", Granted(True, frozenset(scopes)))
    assert answer == {"data": {"staff": [{"salary": 5}]}}


async def test_a_type_is_held_back_wherever_it_stands() -> None:
    served = _Served()
    assert await served.ask("{ here vault { door } }", Granted(True)) == {
        "errors": [_error("vault")],
        "data": None,
    }
    answer = await served.ask("{ found { kind: __typename label ... on Note { label } } }")
    assert answer == {
        "errors": [_error("found", 1)],
        "data": {"found": [{"kind": "Person", "label": "Ada"}, None]},
    }
    assert (await served.ask("{ vault { door } }", _ALL))["data"] == {"vault": {"door": "open"}}


async def test_fragments_and_aliases_are_no_way_around_and_others_keep_their_answers() -> None:
    query = """
    { ...Q people: staff { ... on Found { ...P } } }
    fragment P on Person { number: phone label }
    fragment Q on Query { vault { __typename } }
    """
    served = _Served()
    answer = await served.ask(query, Granted(False, frozenset(), frozenset({"keys"})))
    assert answer == {
        "errors": [_error("people", 0, "number")],
        "data": {"vault": {"__typename": "Vault"}, "people": [{"number": None, "label": "Ada"}]},
    }
    assert "phone" not in "".join(served.subgraph.asked)


async def test_outcomes_are_kept_apart_in_the_cache() -> None:
    served = _Served()
    query = "{ staff { phone } }"
    for granted, phone in [(Granted(), None), (Granted(True), "12"), (Granted(), None), (_ALL, "12")]:
        assert (await served.ask(query, granted))["data"] == {"staff": [{"phone": phone}]}


async def test_an_operation_is_refused_as_a_whole_where_that_is_set() -> None:
    served = _Served(GatewaySettings(reject_unauthorized=True))
    with pytest.raises(DocumentRefused) as caught:
        await served.ask("{ here staff { phone } }")
    assert caught.value.code == "UNAUTHORIZED_FIELD_OR_TYPE"
    assert served.subgraph.asked == []
    assert await served.ask("{ here staff { label } }") == {
        "data": {"here": "yes", "staff": [{"label": "Ada"}]}
    }


@pytest.mark.parametrize(
    ("claims", "granted"),
    [
        ({}, Granted()),
        ({"scope": "pay"}, Granted()),
        ({"sub": "1"}, Granted(True)),
        ({"sub": "1", "scope": "pay read"}, Granted(True, frozenset({"pay", "read"}))),
        ({"sub": "1", "scope": ["pay", 3], "policies": "keys"}, Granted(True, frozenset({"pay"}), frozenset({"keys"}))),
        ({"sub": "1", "scope": 7}, Granted(True)),
    ],
)  # fmt: skip
def test_claims_of_the_token_grant(claims: dict[str, Any], granted: Granted) -> None:
    assert granted_to(Caller("127.0.0.1", claims), GatewaySettings()) == granted


_BADGES = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@interfaceObject"])
type Query { badged: [Member] }
type Member @key(fields: "id") @interfaceObject { id: ID! badge: Int }
"""
_MEMBERS = (
    _LINK
    + """
type Query { here: String }
interface Member @key(fields: "id") { id: ID! }
type Guest implements Member @key(fields: "id") { id: ID! }
type Spy implements Member @key(fields: "id") @known { id: ID! }
"""
)


class _Told(_Subgraph):
    """Says the same whatever it is asked."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__()
        self.answer = answer

    async def execute(self, query: str, *_: Any) -> dict[str, Any]:
        self.asked.append(query)
        return copy.deepcopy(self.answer)


@pytest.mark.parametrize(
    ("types", "told"),
    [
        (
            {"data": {"_entities": [{"__typename": "Guest"}, {"__typename": "Spy"}]}},
            {"errors": [_error("badged", 1)], "data": {"badged": [{"badge": 1}, None]}},
        ),
        (
            {"data": None, "errors": [{"message": "away"}]},
            {
                "errors": [
                    {
                        "message": "away",
                        "path": ["badged"],
                        "extensions": {"code": "DOWNSTREAM_SERVICE_ERROR", "service": "members"},
                    }
                ],
                "data": {"badged": [None, None]},
            },
        ),
    ],
    ids=["known", "not known"],
)
async def test_where_it_depends_on_their_types_objects_are_asked_for_them(
    types: dict[str, Any], told: dict[str, Any]
) -> None:
    badged = [{"__typename": "Member", "id": str(n), "badge": n} for n in (1, 2)]
    subgraphs = {"badges": _Told({"data": {"badged": badged}}), "members": _Told(types)}
    composed = compose_from_sdls([("badges", "http://b", _BADGES), ("members", "http://m", _MEMBERS)])
    transports = {name: LocalTransport(name, one) for name, one in subgraphs.items()}
    supergraph = load_supergraph(composed.supergraph_sdl)
    engine = Engine(supergraph, transports, GatewaySettings(), GatewayMetrics(CollectorRegistry()))
    for granted, answer in (
        (Granted(), told),
        (Granted(True), {"data": {"badged": [{"badge": 1}, {"badge": 2}]}}),
    ):
        prepared = await engine.preparation.prepare("{ badged { badge } }", None, granted=granted)
        assert await engine.execute(prepared, {}, lambda *_: {}) == answer
    assert len(subgraphs["members"].asked) == 1


async def test_what_one_type_may_not_show_takes_nothing_from_another_under_the_same_name() -> None:
    query = "{ found { ... on Person { x: phone } ... on Note { x: label } } }"
    sdl = _SDL.replace("type Note implements Found @known", "type Note implements Found")
    found = [{"__typename": "Person", "x": "12"}, {"__typename": "Note", "x": "Psst"}]
    told = _Told({"data": {"found": found}})
    supergraph = load_supergraph(compose_from_sdls([("hr", "http://hr", sdl)]).supergraph_sdl)
    metrics = GatewayMetrics(CollectorRegistry())
    engine = Engine(supergraph, {"hr": LocalTransport("hr", told)}, GatewaySettings(), metrics)
    prepared = await engine.preparation.prepare(query, None)
    assert await engine.execute(prepared, {}, lambda *_: {}) == {
        "errors": [_error("found", 0, "x")],
        "data": {"found": [{"x": None}, {"x": "Psst"}]},
    }
