"""The query graph: what can be asked where, and which way leads into which subgraph."""

from __future__ import annotations

from gateway.query_graph import QueryGraph, build_query_graph
from gateway.query_graph.graph import DEAD, UNKNOWN
from tests.gateway.planning.harness import supergraph


def _graph(name: str) -> QueryGraph:
    return build_query_graph(supergraph(name))


def test_a_node_has_the_fields_its_subgraph_answers_for() -> None:
    graph = _graph("bookshop")
    assert set(graph.nodes["stock", "Book"].fields) == {"isbn", "inStock", "postage"}
    assert set(graph.nodes["opinions", "Person"].fields) == {"id", "opinions"}


def test_provided_fields_exist_on_that_way_alone() -> None:
    graph = _graph("bookshop")
    target = graph.nodes["opinions", "Opinion"].fields["author"].target
    assert target is not None
    assert target is not graph.nodes["opinions", "Person"]
    assert set(target.fields) == {"id", "handle", "opinions"}


def test_keys_lead_only_to_where_references_are_resolved() -> None:
    graph = _graph("parcels")
    assert {edge.target.subgraph for edge in graph.nodes["tracking", "Depot"].keys} == {"fleet"}
    assert {edge.target.subgraph for edge in graph.nodes["intake", "Parcel"].keys} == {
        "intake",
        "labels",
        "tracking",
    }


def test_implementations_lead_to_the_interface_object() -> None:
    graph = _graph("feed")
    assert {repr(edge.target) for edge in graph.nodes["video", "Clip"].keys} == {
        "Clip(stream)",
        "Clip(video)",
        "Item(likes)",
    }


def test_a_cast_leads_to_a_node_to_nothing_or_into_the_unknown() -> None:
    graph = _graph("feed")
    assert graph.cast(graph.nodes["stream", "Item"], "Clip") is graph.nodes["stream", "Clip"]
    assert graph.cast(graph.nodes["stream", "Item"], "Page") == DEAD
    assert graph.cast(graph.nodes["likes", "Item"], "Clip") == UNKNOWN


def test_an_active_override_label_moves_the_field() -> None:
    before = build_query_graph(supergraph("moving"))
    after = build_query_graph(supergraph("moving"), frozenset({"percent(25)"}))
    assert ["plan" in graph.nodes["old", "Account"].fields for graph in (before, after)] == [True, False]
    assert ["plan" in graph.nodes["new", "Account"].fields for graph in (before, after)] == [False, True]


def test_a_graph_of_all_labels_says_under_which_value_a_field_is_there() -> None:
    graph = build_query_graph(supergraph("moving"), None)
    found = {name: graph.nodes[name, "Account"].fields["plan"].override for name in ("old", "new")}
    assert found == {"old": ("percent(25)", False), "new": ("percent(25)", True)}
