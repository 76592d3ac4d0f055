"""A statement is told by what it does and to which tables."""

from __future__ import annotations

import pytest

from subgraphs.kit.database.summaries import summarised


@pytest.mark.parametrize(
    ("statement", "summary"),
    [
        ("SELECT a FROM posts WHERE x = $1", "SELECT posts"),
        ("select 1", "SELECT"),
        ("", "OTHER"),
        ("VACUUM posts", "OTHER"),
        ("INSERT INTO outbox (a) VALUES ($1)", "INSERT outbox"),
        ("UPDATE users SET a = 1", "UPDATE users"),
        ("DELETE FROM ONLY carts", "DELETE carts"),
        (
            "SELECT p.id FROM posts AS p JOIN users u ON u.id = p.u WHERE p.a IS DISTINCT FROM b",
            "SELECT posts users",
        ),
        (
            "SELECT extract(epoch FROM now()) FROM a LEFT JOIN LATERAL (SELECT 1 FROM b) q ON true",
            "SELECT a b",
        ),
        ("DELETE FROM " + "x" * 300, "DELETE " + "x" * 248),
    ],
)
def test_a_summary_has_the_operation_and_the_tables(statement: str, summary: str) -> None:
    assert summarised(statement).summary == summary
