"""How a field's value is got: its attribute, its resolver at once, or the whole chain Strawberry made of it.

A resolver is called at once only where that chain would do no more than call it: no arguments, permissions,
extensions, or handlers of exceptions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from graphql.execution.executor import to_nodes
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from subgraphs.kit.execution.info import Asked, LazyInfo
from subgraphs.kit.execution.internals import (
    has_default_info,
    has_exception_handlers,
    is_plain_resolver,
    strawberry_field,
)
from subgraphs.kit.execution.run import Run
from subgraphs.kit.execution.selections import Attribute, Field
from subgraphs.kit.execution.timing import Tally, timing_of

__all__ = ["Call", "call_of"]

Call: TypeAlias = Callable[[Run, Any, Path], Any]


def call_of(field: Field) -> tuple[Call, Tally | None]:
    """What gets the field's value from a source, and the tally that wants to know of it."""
    source = field.source
    if isinstance(source, Attribute):
        name, getter = source.name, source.getter or getattr
        return lambda run, value, path: getter(value, name), None
    resolve, tally = field.definition.resolve, None
    if (timing := timing_of(resolve)) is not None:
        tally, resolve = timing
    definition = strawberry_field(field.definition)
    if definition is None or not _is_bare(field, definition, resolve):
        return _chain(field, resolve), tally
    return _with_info(field, definition, _direct(definition)), tally


def _is_bare(field: Field, definition: StrawberryField, resolve: Any) -> bool:
    return (
        is_plain_resolver(resolve)
        and not has_exception_handlers(resolve)
        and has_default_info(resolve)
        and type(definition.base_resolver) is StrawberryResolver
        and callable(definition.base_resolver.wrapped_func)
        and not definition.extensions
        and not definition.arguments
        and not field.definition.args
        and not field.details[0].node.arguments
    )


def _chain(field: Field, resolve: Any) -> Call:
    definition, parent = field.definition, field.parent
    nodes = to_nodes(field.details)

    def call(run: Run, value: Any, path: Path) -> Any:
        info = run.executor.build_resolve_info(definition, nodes, parent, path)
        return resolve(value, info, **run.arguments(field))

    return call


def _direct(definition: StrawberryField) -> Callable[[Any, Any], Any]:
    """``(source, info)`` to the resolver's own signature."""
    resolver: Any = definition.base_resolver
    function, info = resolver.wrapped_func, resolver.info_parameter
    named = [p.name for p in (resolver.parent_parameter, resolver.root_parameter) if p]
    if named or (info is not None and info.name != "info"):
        return _by_name(resolver, named)
    if resolver.self_parameter:
        if info:
            return lambda source, info: function(source, info=info)
        return lambda source, info: function(source)
    if info:
        return lambda source, info: function(info=info)
    return lambda source, info: function()


def _by_name(resolver: Any, sources: list[str]) -> Callable[[Any, Any], Any]:
    function, info_parameter = resolver.wrapped_func, resolver.info_parameter
    positional = bool(resolver.self_parameter)

    def call(source: Any, info: Any) -> Any:
        named = dict.fromkeys(sources, source)
        if info_parameter is not None:
            named[info_parameter.name] = info
        return function(source, **named) if positional else function(**named)

    return call


def _with_info(field: Field, definition: StrawberryField, call: Callable[[Any, Any], Any]) -> Call:
    resolver = definition.base_resolver
    if resolver is None or resolver.info_parameter is None:
        return lambda run, value, path: call(value, None)
    asked = Asked(definition, field.definition, to_nodes(field.details), field.parent)
    return lambda run, value, path: call(value, LazyInfo(run.executor, asked, path))
