"""The graph as one: what holds across its seven subgraphs."""

from __future__ import annotations

from graphql import GraphQLInterfaceType, build_schema, is_object_type, print_schema

from gateway.supergraph import load_supergraph
from infra.product import compose_domains
from infra.subgraphs import load_domains
from subgraphs.user.schema.stubs import STUBS
from tests.end_to_end.product import ROOT

_API = load_supergraph(compose_domains(load_domains(), {})).api_schema


def test_node_knows_every_type_that_has_a_global_id() -> None:
    node = _API.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    implementers = {t.name for t in _API.get_possible_types(node)}
    assert implementers == {"User", "Post", *STUBS}


def test_nothing_of_the_protocols_machinery_is_shown() -> None:
    shown = print_schema(_API)
    assert not any(
        word in shown for word in ("viewGrant", "_entities", "_Service", "join__", "@inaccessible")
    )


def test_references_across_domains_may_be_null() -> None:
    owners = {"author": "User", "owner": "User", "sender": "User", "avatar": "MediaFile", "store": "Store"}
    for type_ in _API.type_map.values():
        if is_object_type(type_):
            for name, target in owners.items():
                if name in type_.fields:
                    assert str(type_.fields[name].type) == target, f"{type_.name}.{name}"


def test_the_web_apps_schema_is_the_graphs() -> None:
    theirs = build_schema((ROOT / "web" / "schema.graphql").read_text())
    assert print_schema(theirs) == print_schema(build_schema(print_schema(_API)))
