"""Documents without what a client may have written into them: a value may be private, a field's name is not."""

from __future__ import annotations

from graphql import GraphQLSyntaxError, Lexer, Source, TokenKind

__all__ = ["without_values"]

_VALUES = frozenset({TokenKind.STRING, TokenKind.BLOCK_STRING, TokenKind.INT, TokenKind.FLOAT})
_LONGEST = 8 * 1024


def without_values(document: str) -> str:
    """The document's tokens with ``?`` for every text and number; without comments, at most 8 KiB."""
    lexer = Lexer(Source(document))
    parts: list[str] = []
    length = 0
    try:
        while (token := lexer.advance()).kind is not TokenKind.EOF and length < _LONGEST:
            text = "?" if token.kind in _VALUES else document[token.start : token.end]
            parts.append(text)
            length += len(text) + 1
    except GraphQLSyntaxError:
        return ""
    return " ".join(parts)[:_LONGEST]
