"""What a statement does and to which tables, said without its text: for spans and metrics.

``db.query.summary`` as OpenTelemetry has it
(https://opentelemetry.io/docs/specs/semconv/db/database-spans/#generating-a-summary-of-the-query).
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Statement", "summarised"]

_OPERATIONS = frozenset(
    ("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "SET", "SHOW", "LOCK", "BEGIN", "COMMIT")
)
_NAME = r"(\"[^\"]+\"|[a-z_][\w.]*\b)"
_TABLE = re.compile(
    # what parentheses follow is a function, or a subquery; but for INSERT, where they are columns
    rf"(?<!DISTINCT )\b(?:FROM|JOIN)\s+(?:ONLY\s+)?{_NAME}(?!\s*\()|(?:\bINTO|^UPDATE)\s+{_NAME}",
    re.IGNORECASE,
)
_LONGEST = 255


class Statement(NamedTuple):
    """``operation`` is one of few; ``tables`` are in the order they are named, each once."""

    operation: str
    tables: tuple[str, ...]

    @property
    def summary(self) -> str:
        """``SELECT posts``: the name of its span."""
        return " ".join((self.operation, *self.tables))[:_LONGEST]


def summarised(statement: str) -> Statement:
    """Of the statement's text. What it names that is not a table's name is left out."""
    word = statement.split(None, 1)[0].upper() if statement.strip() else ""
    tables = dict.fromkeys((read or written).strip('"') for read, written in _TABLE.findall(statement))
    return Statement(word if word in _OPERATIONS else "OTHER", tuple(tables))
