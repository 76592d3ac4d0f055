"""Documents parsed and validated once: an extension for any Strawberry schema, bounded by bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from graphql import ASTValidationRule, GraphQLError, GraphQLSchema, parse
from graphql.language import DocumentNode, OperationDefinitionNode
from strawberry.extensions.base_extension import SchemaExtension
from strawberry.schema.schema import validate_document

from subgraphs.kit.execution.entry import Entry
from subgraphs.kit.execution.lru import WeighedCache

if TYPE_CHECKING:
    from strawberry.types.execution import ExecutionContext

__all__ = ["DocumentCache", "Documents", "documents_of"]

_EXTENSION = "cached-documents"
_TREE_BYTES = 250
"""About what a parsed document takes for each of its characters: 140 to 330."""
_CAPACITY = 64 * 1024 * 1024
_MOST_RULES = 4
"""Sets of rules that one document's errors are kept for. An extension that is made for each request may bring rules of its
own each time, as Strawberry's QueryDepthLimiter does."""

Rules = tuple[type[ASTValidationRule], ...]


class Document:
    """A parsed document, and what each set of rules has against it."""

    __slots__ = ("_errors", "entries", "tree")

    def __init__(self, tree: DocumentNode) -> None:
        self.tree = tree
        self.entries: dict[str | None, Entry] = {}
        """Into operations that have been executed, by the name they were asked for by."""
        self._errors: dict[Rules, list[GraphQLError]] = {}

    def errors(self, schema: GraphQLSchema, rules: Rules) -> list[GraphQLError]:
        """The errors of validation, Strawberry's own rules included; the caller's own, who may change them."""
        found = self._errors.get(rules)
        if found is None:
            found = validate_document(schema, self.tree, rules)
            if len(self._errors) >= _MOST_RULES:
                del self._errors[next(iter(self._errors))]
            self._errors[rules] = found
        return [_copied(error) for error in found]

    def first_name(self) -> str | None:
        """The name of the first operation: the one Strawberry runs where none is asked for."""
        for definition in self.tree.definitions:
            if isinstance(definition, OperationDefinitionNode):
                return definition.name.value if definition.name else None
        return None


class Documents:
    """The documents of one schema."""

    def __init__(self, capacity: int = _CAPACITY) -> None:
        self._known: WeighedCache[tuple[Any, ...], Document] = WeighedCache(capacity)

    def get(self, query: str, **options: Any) -> Document:
        """Parsed once; raises GraphQLSyntaxError every time."""
        found = self.known(query, **options)
        if found is None:
            found = Document(parse(query, **options))
            self._known.put((query, *options.items()), found, len(query) * _TREE_BYTES)
        return found

    def known(self, query: str, **options: Any) -> Document | None:
        """The document, where it has been parsed."""
        return self._known.get((query, *options.items()))


def _copied(error: GraphQLError) -> GraphQLError:
    return GraphQLError(
        error.message,
        error.nodes,
        error.source,
        error.positions,
        error.path,
        error.original_error,
        error.extensions,
    )


def documents_of(schema: GraphQLSchema) -> Documents:
    """The schema's documents; they live as long as it does."""
    return cast("Documents", schema.extensions.setdefault(_EXTENSION, Documents()))


class DocumentCache(SchemaExtension):
    """``extensions=[DocumentCache]``: ParserCache and ValidationCache in one, bounded by memory."""

    execution_context: ExecutionContext

    def on_parse(self) -> Iterator[None]:
        """Take the document from the cache. What cannot be parsed is left to Strawberry, so that other extensions are
        told of it as ever."""
        context = self.execution_context
        if context.query is not None and context.graphql_document is None:
            documents = documents_of(context.schema._schema)
            with suppress(Exception):
                context.graphql_document = documents.get(context.query, **context.parse_options).tree
        yield

    def on_validate(self) -> Iterator[None]:
        """Take the errors from the cache, where the document is still the one that was parsed."""
        context = self.execution_context
        if context.query is not None and context.pre_execution_errors is None and context.validation_rules:
            schema = context.schema._schema
            document = documents_of(schema).known(context.query, **context.parse_options)
            if document is not None and document.tree is context.graphql_document:
                context.pre_execution_errors = document.errors(schema, context.validation_rules)
        yield
