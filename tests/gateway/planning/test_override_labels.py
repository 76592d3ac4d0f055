"""Progressive @override: a label decides which subgraph answers, unspecified meaning the old one."""

from __future__ import annotations

from gateway.planning.plan import FetchNode, SequenceNode
from tests.gateway.planning.harness import plan_of

QUERY = '{ account(id: "1") { plan seats } }'


def _operations(*labels: str) -> list[tuple[str, str]]:
    node = plan_of("moving", QUERY, *labels).node
    assert isinstance(node, SequenceNode)
    fetches = [one if isinstance(one, FetchNode) else getattr(one, "node", None) for one in node.nodes]
    return [(one.subgraph, one.operation) for one in fetches if isinstance(one, FetchNode)]


def test_an_inactive_label_leaves_the_field_where_it_was() -> None:
    assert _operations() == [
        ("old", '{account(id: "1"){__typename plan id}}'),
        (
            "new",
            "query($representations:[_Any!]!){_entities(representations:$representations){... on Account{seats}}}",
        ),
    ]


def test_an_active_label_moves_the_field() -> None:
    assert _operations("percent(25)") == [
        ("old", '{account(id: "1"){__typename id}}'),
        (
            "new",
            (
                "query($representations:[_Any!]!){_entities(representations:$representations)"
                "{... on Account{plan seats}}}"
            ),
        ),
    ]


def test_a_label_the_graph_does_not_have_changes_nothing() -> None:
    assert _operations("percent(99)") == _operations()
