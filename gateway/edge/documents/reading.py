"""From a request's text to a document: parsed, judged for what it may cost, and valid."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from graphql import (
    DefinitionNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    Location,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    Token,
    TokenKind,
    specified_rules,
)
from graphql.language.parser import Parser

from gateway.config import GatewaySettings
from gateway.edge.documents.guards import check_document, with_selections, without_repetitions
from gateway.edge.documents.validation import validated
from gateway.edge.errors import DocumentRefused

__all__ = ["Documents", "Phase", "chosen_operation", "untold"]

Phase: TypeAlias = Callable[[str, float], None]
"""Told that a step has ended: its name, and when it began (``time.perf_counter``)."""


def untold(phase: str, began: float) -> None:
    """Nobody waits for it."""


class Documents:
    """Reads the documents of one schema; touches nothing that others change, so also in a thread."""

    def __init__(self, schema: GraphQLSchema, settings: GatewaySettings) -> None:
        self._schema = schema
        self._settings = settings
        self._rules = (
            *specified_rules,
            *(() if settings.introspection else (NoSchemaIntrospectionCustomRule,)),
        )

    def read(self, query: str, phase: Phase) -> DocumentNode:
        """The document, equal selections said once. Raises DocumentRefused."""
        began = time.perf_counter()
        document = self._parsed(query)
        phase("graphql.parse", began)
        began = time.perf_counter()
        document = _smaller(document, query)
        self.judge(document)
        phase("graphql.validate", began)
        return document

    def judge(self, document: DocumentNode) -> None:
        """What has been read, under another schema perhaps, is no more than it may be, and valid. Raises DocumentRefused."""
        if self._settings.limits:
            check_document(document, self._settings.guards)
        errors = validated(
            self._schema,
            document,
            self._rules,
            most_errors=20,
            hide_suggestions=not self._settings.suggestions,
        )
        if errors:
            raise DocumentRefused("GRAPHQL_VALIDATION_FAILED", errors)

    def _parsed(self, query: str) -> DocumentNode:
        try:
            most = self._settings.guards.tokens if self._settings.limits else None
            return _Parser(query, max_tokens=most).parse_document()
        except GraphQLSyntaxError as error:
            raise DocumentRefused("GRAPHQL_PARSE_FAILED", [error]) from error
        except RecursionError as error:
            refusal = GraphQLError("The document is nested too deeply.")
            raise DocumentRefused("GRAPHQL_PARSE_FAILED", [refusal]) from error


class _Parser(Parser):
    """Keeps no tokens. They are a chain in both directions, which only the collector could let go of, as long as there is
    a document; and are as much as that.
    """

    def loc(self, start_token: Token) -> Location | None:
        place = super().loc(start_token)
        if place is not None:
            place.start_token = place.end_token = _NO_TOKEN
        return place

    def parse_document(self) -> DocumentNode:
        try:
            return super().parse_document()
        finally:
            token: Token | None = self._lexer.token
            while token is not None:
                token.prev, token = None, token.prev


_NO_TOKEN = Token(TokenKind.SOF, 0, 0, 0, 0)


def _smaller(document: DocumentNode, source: str) -> DocumentNode:
    """The document with equal selections said once."""
    definitions: list[DefinitionNode] = []
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            smaller = without_repetitions(definition.selection_set, source)
            definitions.append(with_selections(definition, smaller))
        else:
            definitions.append(definition)
    return DocumentNode(definitions=tuple(definitions), loc=document.loc)


def chosen_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation of that name, or the only one. Raises DocumentRefused."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if name is not None:
        operations = [o for o in operations if o.name and o.name.value == name]
    if len(operations) == 1:
        return operations[0]
    message = (
        f"The document has no operation named '{name}'."
        if name is not None
        else "The document has several operations: say which by 'operationName'."
        if operations
        else "The document has no operation."
    )
    raise DocumentRefused("OPERATION_RESOLUTION_FAILURE", [GraphQLError(message)])
