"""A service's part of a trace in a line of the log."""

from __future__ import annotations

from infra.told_parts import in_words
from tests.subgraphs.parts import Statement, ended_part


def test_a_part_is_told_by_names_and_times() -> None:
    statements = [
        Statement("SELECT posts", 1.0, 1.05, {"db.query.summary": "SELECT posts"}, None),
        Statement("MGET", 1.1, 1.1004, {}, "timeout"),
    ]
    assert in_words(ended_part("content", 0xAB, 1.0, 1.25, statements)) == (
        f"content query 250.0 ms, trace {0xAB:032x}: SELECT posts 50.0 ms, MGET 0.4 ms timeout"
    )
    assert in_words(ended_part("content", 1, 1.0, 1.25)).endswith(": nothing within")
    many = ended_part("content", 1, 1.0, 1.25, statements * 30)
    assert in_words(many).endswith("SELECT posts 50.0 ms, MGET 0.4 ms timeout, 10 more")
